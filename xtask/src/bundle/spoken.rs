//! How instructions are written, once they stand side by side: so that Brotli sees what follows what.
//!
//! Both tables were counted over all parts of the page. They are no part of what a file means: other pages, or this one in a
//! year, are only sent in a few more bytes. `web/whole.js` gets them from here.

/// Pairs that are one byte: that byte, the first, and the second, two digits each. No instruction begins with one of these
/// bytes. Again and again the commonest pair got a byte, and so a part of a pair can be a pair.
const PAIRS: &str = "01204108202009016a122028130136140836150910162937170c0b1812211908161c12221d08281e20101f4110270202072042\
                     3009213220ff3f07374320095b016b5c41215d450d5e12125f416b6019197b202d8a14148b6a228c09158d2029";
/// Bytes that change places, two digits each. What Brotli expects of a byte depends on the two before it, of each of which it
/// sees one of eight classes (RFC 7932, §7.1: the signed ones). So common bytes are spread over the classes: each change is the
/// one that made the next byte most certain.
const SWAPS: &str = "20c841f0080001fc228a1c8c1d5c125d326009ff6a8d210a239642d207dc1bd2fff128f044a7270e180530f15c001223240f\
                     5e822d822baa00e629b486ef2fef";

/// Instructions as they are sent.
///
/// # Errors
/// Where an instruction begins with a byte that stands for a pair.
pub(super) fn spoken(instructions: &[u8]) -> Result<Vec<u8>, String> {
    let pairs = numbers(PAIRS);
    let is_pair: [bool; 256] =
        std::array::from_fn(|byte| pairs.chunks(3).any(|pair| usize::from(pair[0]) == byte));
    if let Some(byte) = instructions.iter().find(|byte| is_pair[usize::from(**byte)]) {
        return Err(format!(
            "{byte:#x} is an instruction, and stands for a pair of others: give the pair another byte"
        ));
    }
    let mut spoken = instructions.to_vec();
    for pair in pairs.chunks(3) {
        let (byte, pair) = (pair[0], &pair[1..]);
        let mut kept = 0;
        let mut place = 0;
        while place < spoken.len() {
            let is_pair = spoken[place..].starts_with(pair);
            spoken[kept] = if is_pair { byte } else { spoken[place] };
            kept += 1;
            place += if is_pair { 2 } else { 1 };
        }
        spoken.truncate(kept);
    }
    let mut codes: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    numbers(SWAPS).chunks(2).for_each(|swap| codes.swap(swap[0].into(), swap[1].into()));
    spoken.iter_mut().for_each(|byte| *byte = codes[*byte as usize]);
    Ok(spoken)
}

/// The script that reads what is sent, with these tables.
pub(super) fn with_tables(script: &str) -> String {
    script.replace("PAIRS", PAIRS).replace("SWAPS", SWAPS)
}

fn numbers(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.chars().filter_map(|digit| Some(digit.to_digit(16)? as u8)).collect();
    digits.chunks(2).map(|two| two[0] * 16 + two[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a byte that was sent, as `web/whole.js` does.
    fn read(byte: u8, into: &mut Vec<u8>) {
        match numbers(PAIRS).chunks(3).find(|pair| pair[0] == byte) {
            Some(pair) => pair[1..].iter().for_each(|part| read(*part, into)),
            None => into.push(byte),
        }
    }

    #[test]
    fn nothing_is_lost() {
        let one: Vec<u8> = (0..=255).filter(|byte| spoken(&[*byte]).is_ok()).collect();
        let all: Vec<u8> =
            one.iter().flat_map(|one_byte| one.iter().flat_map(|two| [*one_byte, *two])).collect();
        let mut codes: Vec<u8> = (0..=255).collect();
        numbers(SWAPS).chunks(2).for_each(|swap| codes.swap(swap[0].into(), swap[1].into()));
        let sent = spoken(&all).expect("no byte of a pair");
        let mut back = Vec::new();
        for byte in &sent {
            let meant = codes.iter().position(|code| code == byte).expect("every byte has a place");
            read(meant as u8, &mut back);
        }
        assert!(sent.len() < all.len() && back == all);
    }
}
