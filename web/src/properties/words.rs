//! Words in which nodes are named, taken apart at the names.

use splitbrain_core::unit::NodeId;

/// A part of a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part<'a> {
    /// Words as they are.
    Words(&'a str),
    /// The name of a node.
    Node(NodeId, &'a str),
}

/// A sentence in parts. `find` knows the names: a name is a word of its own, and not a part of a longer one.
pub(super) fn parts(words: &str, find: impl Fn(&str) -> Option<NodeId>) -> Vec<Part<'_>> {
    let (mut out, mut from, mut start) = (Vec::new(), 0, None);
    // One sign more than there are: it ends the last word.
    for (place, sign) in words.char_indices().chain([(words.len(), ' ')]) {
        if sign.is_ascii_alphanumeric() || sign == '-' || sign == '_' {
            start = start.or(Some(place));
            continue;
        }
        let Some(word) = start.take() else { continue };
        let name = &words[word..place];
        if let Some(node) = find(name) {
            if from < word {
                out.push(Part::Words(&words[from..word]));
            }
            out.push(Part::Node(node, name));
            from = place;
        }
    }
    if from < words.len() {
        out.push(Part::Words(&words[from..]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &str) -> Vec<Part<'_>> {
        parts(words, |name| match name {
            "n1" => Some(NodeId(0)),
            "n2" => Some(NodeId(1)),
            "store" => Some(NodeId(2)),
            _ => None,
        })
    }

    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert_eq!(
            told("n1 and n2 were both elected in term 3"),
            [
                Part::Node(NodeId(0), "n1"),
                Part::Words(" and "),
                Part::Node(NodeId(1), "n2"),
                Part::Words(" were both elected in term 3")
            ]
        );
        assert_eq!(told("n12, x-n1 and stores"), [Part::Words("n12, x-n1 and stores")]);
        assert_eq!(told("by store"), [Part::Words("by "), Part::Node(NodeId(2), "store")]);
        assert!(told("").is_empty());
    }
}
