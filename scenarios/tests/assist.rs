//! What an editor offers while somebody writes.

use splitbrain_core::labs;
use splitbrain_scenarios::run::play;
use splitbrain_scenarios::{STATEMENTS, catalog, complete, format, hover, lex, load, template};

/// The words offered at the `^` of a text, which is taken out.
fn offered(text: &str) -> Vec<String> {
    let place = text.find('^').expect("a place");
    let words = complete(&text.replace('^', ""), place as u32).candidates;
    words.into_iter().map(|candidate| candidate.word).collect()
}

fn meant(text: &str) -> Option<String> {
    let place = text.find('^').expect("a place");
    hover(&text.replace('^', ""), place as u32).map(|hover| hover.help)
}

fn more(text: &str) -> Option<String> {
    let place = text.find('^').expect("a place");
    hover(&text.replace('^', ""), place as u32)?.more
}

#[test]
fn a_line_begins_with_a_statement() {
    let words = offered("lab lease\n^");
    assert!(
        words.contains(&"at".into()) && words.contains(&"seed".into()) && !words.contains(&"crash".into())
    );
    assert_eq!(offered("lab lease\nexp^"), ["expect"]);
    let labs: Vec<_> = labs::catalog().iter().map(|lab| lab.id).collect();
    assert_eq!(offered("lab ^"), labs);
    assert_eq!(offered("lab lw^"), ["lww"]);
    assert!(offered("la^").contains(&"lab".into()), "without a lab, too");
}

#[test]
fn a_cue_goes_on_with_what_can_happen_and_to_whom() {
    let words = offered("lab lease\nat 1s ^");
    for word in ["crash", "say", "c1", "store", "clients"] {
        assert!(words.contains(&word.into()), "{word}: {words:?}");
    }
    assert!(!words.contains(&"leader".into()), "nobody leads in this lab");
    assert_eq!(offered("lab lease\nat 1s c1 ^"), ["write", "read", "increment"]);
    assert!(offered("lab lease\nat 1s store ^").is_empty(), "the store takes no requests");
    let words = offered("lab lease\nat 1s crash c1 ^");
    assert!(words.contains(&"for".into()) && words.contains(&"c2".into()), "{words:?}");
    assert_eq!(offered("lab lease\nat 1s lose next gr^"), ["grant"]);
    assert!(offered("lab lww\nat 1s fire ^").contains(&"gossip".into()));
    assert!(offered("lab lww\nat 1s c1 write x 1 ^").contains(&"at".into()));
}

#[test]
fn facts_settings_and_claims_are_offered_where_they_can_stand() {
    let words = offered("lab lease\nwhen c1 ^");
    assert!(
        words.contains(&"granted".into())
            && words.contains(&"answered".into())
            && words.contains(&"crashed".into())
    );
    assert!(!offered("lab lease\nwhen store ^").contains(&"granted".into()));
    assert_eq!(offered("lab lease\nset ma^"), ["margin"]);
    assert_eq!(offered("lab lww\nset order ^"), ["wall", "lamport", "hlc", "token", "vector"]);
    assert!(offered("lab lease\nflaw no-fencing ^").contains(&"forget-token".into()));
    assert!(offered("lab lease\nnetwork latency 5ms ^").contains(&"loss".into()));
    assert!(offered("lab lease\nnetwork latency ^").contains(&"pareto".into()));
    assert_eq!(offered("lab lease\nnetwork timing a^"), ["async"]);
    assert!(offered("lab lease\nclock c1 ^").contains(&"at-bound".into()));
    assert!(offered("lab lease\nexpect violation ^").contains(&"no-stale-write".into()));
    let words = offered("lab lease\nexpect ^");
    assert!(
        words.contains(&"sometimes".into())
            && words.contains(&"store.x".into())
            && words.contains(&"c1.write".into())
    );
    assert_eq!(offered("lab lease\nexpect store.f^"), ["store.fence.x"]);
    assert!(offered("lab lease\nexpect store.x ^").contains(&"=".into()));
}

#[test]
fn nothing_is_offered_in_a_text_or_a_comment() {
    assert!(offered("lab lease\nat 1s say \"c^\"").is_empty());
    assert!(offered("lab lease\nat 1s crash c1 # c^").is_empty());
    assert!(offered("lab lease\ntitle ^").is_empty());
}

#[test]
fn what_a_candidate_would_replace_is_the_part_before_the_place() {
    let completion = complete("lab lease\nat 1s crush", 18);
    assert_eq!(completion.span.of("lab lease\nat 1s crush"), "cr");
    assert_eq!(completion.candidates[0].word, "crash");
    assert!(completion.candidates[0].help.starts_with("The process dies."));
}

#[test]
fn a_word_is_explained_where_it_stands() {
    let text = "lab lease\nat 1s c1 wr^ite x 1";
    assert_eq!(meant(text).as_deref(), Some("Acquires the lease, checks it, then writes."));
    assert_eq!(
        meant("lab lease\nat 1s lose next wr^ite").as_deref(),
        Some("A write, with the token of the lease.")
    );
    assert!(meant("lab lease\n^at 1s crash c1").is_some_and(|help| help.starts_with("At a moment")));
    assert!(meant("lab lease\nflaw no-f^encing").is_some_and(|help| help.contains("tokens")));
    assert!(meant("lab lease\nexpect store.fence.ab^c = 1").is_some_and(|help| help.contains("token")));
    assert!(meant("lab lease\nexpect c1.re^ad = 1").is_some_and(|help| help.contains("latest read of c1")));
    assert_eq!(meant("lab lease\nat 1^s crash c1"), None);
    assert_eq!(more("lab lease\nat 1s crash c^1"), None);
    assert!(more("lab lease\nflaw no-f^encing").is_some_and(|more| more.contains("no-stale-write")));
    assert!(more("lab lease\nset le^ase 5s").is_some_and(|more| more.starts_with("A length of time, ")));
    assert!(more("lab lease\nwhen c1 gran^ted say \"\"").is_some_and(|more| more.starts_with("An event")));
    assert!(more("lab lease\nexpect violation no-stale-w^rite").is_some());
    let usage = hover("lab lease\nat 1s crash c1", 17).and_then(|hover| hover.usage);
    assert_eq!(usage.as_deref(), Some("it is written `crash NODE… [for T]`, for example `crash n1 for 2s`"));
}

/// Every word of every canned scenario that is not the author's own is offered at its place, and explained there.
#[test]
fn the_canned_scenarios_can_be_written_by_completion() {
    let (mut own, mut known) = (0, 0);
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        for line in lex(canned.text) {
            for (at, token) in line.tokens.iter().enumerate() {
                let word = token.span.of(canned.text);
                if at > 0 && matches!(line.tokens[0].span.of(canned.text), "title" | "about") {
                    continue;
                }
                let words = complete(canned.text, token.span.start).candidates;
                let offers = words.iter().any(|candidate| candidate.word == word);
                let free = word
                    .starts_with(|letter: char| letter.is_ascii_digit() || "-\"|*=<>!".contains(letter))
                    || word.contains('.')
                    || at > 0
                        && ["write", "read", "increment", "delete", "transfer", "put", "get", "append", "="]
                            .contains(&line.tokens[at - 1].span.of(canned.text))
                    || at > 1
                        && ["write", "transfer", "append"]
                            .contains(&line.tokens[at - 2].span.of(canned.text));
                assert!(
                    offers || free,
                    "{}/{}: `{word}` is not offered in `{}`",
                    canned.lab,
                    canned.name,
                    line.span.of(canned.text)
                );
                if offers { known += 1 } else { own += 1 }
            }
        }
    }
    assert!(known > own, "{known} words are offered, {own} are the authors'");
}

#[test]
fn every_candidate_that_names_something_is_explained() {
    for lab in labs::catalog() {
        for line in [
            "",
            "at 1s ",
            "when c1 ",
            "set ",
            "flaw ",
            "expect ",
            "expect violation ",
            "network ",
            "clock c1 ",
            "at 1s lose next ",
        ] {
            let text = format!("lab {}\n{line}", lab.id);
            for candidate in complete(&text, text.len() as u32).candidates {
                assert!(!candidate.help.is_empty(), "{}: `{line}{}`", lab.id, candidate.word);
            }
        }
    }
}

#[test]
fn a_template_runs_at_once_and_is_in_its_canonical_form() {
    for lab in labs::catalog() {
        let text = template(lab);
        let loaded = load(&text);
        let plan = loaded.plan.unwrap_or_else(|| panic!("{text}{:?}", loaded.diagnostics));
        assert_eq!(format(&text), text);
        let report = play(&plan, |_, _| {}).expect("the lab was asked");
        assert!(report.passed, "{text}{report:?}");
        assert!(report.steps > 5, "something happens");
        assert!(report.failures.is_empty(), "{text}{report:?}");
        let has = |word: &str| text.lines().any(|line| line.contains(word));
        assert!(has(" pause ") && has("expect "), "a fault, and something to expect: {text}");
    }
}

#[test]
fn the_table_of_statements_is_a_reference() {
    for statement in STATEMENTS {
        assert!(statement.usage().contains(statement.example), "{}", statement.name);
    }
}
