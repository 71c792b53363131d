//! Whatever a phone asks for, it is here: that is how it finds out that a page wants to be seen (RFC 8910 calls it a
//! captive portal), and opens it by itself.

use alloc::vec::Vec;

/// UDP.
pub const PORT: u16 = 53;
const HEADER: usize = 12;
const TYPE_A: [u8; 2] = [0, 1];
const CLASS_IN: [u8; 2] = [0, 1];
/// Forgotten with the access point: a phone must not look for its mail at this address afterwards, seconds.
const TTL_S: [u8; 4] = [0, 0, 0, 5];

/// The answer to a question; `None` if it is none that can be answered. Questions for anything but an IPv4 address get
/// an empty answer, so that nobody waits for one.
pub fn answer(question: &[u8], address: [u8; 4]) -> Option<Vec<u8>> {
    let header: [u8; HEADER] = question.get(..HEADER)?.try_into().ok()?;
    let is_query = header[2] & 0xf8 == 0;
    let one_question = header[4..6] == [0, 1];
    if !is_query || !one_question {
        return None;
    }
    let end = end_of_name(question)?;
    let (kind, class) = (question.get(end..end + 2)?, question.get(end + 2..end + 4)?);
    let has_answer = kind == TYPE_A && class == CLASS_IN;

    let mut answer = Vec::with_capacity(end + 4 + 16);
    answer.extend_from_slice(&header[..2]);
    // A response, authoritative, recursion as it was asked for; no error.
    answer.extend_from_slice(&[0x84 | (header[2] & 1), 0]);
    answer.extend_from_slice(&[0, 1, 0, u8::from(has_answer), 0, 0, 0, 0]);
    answer.extend_from_slice(&question[HEADER..end + 4]);
    if has_answer {
        // The name is where the question has it: a pointer to byte 12.
        answer.extend_from_slice(&[0xc0, 0x0c]);
        answer.extend_from_slice(&TYPE_A);
        answer.extend_from_slice(&CLASS_IN);
        answer.extend_from_slice(&TTL_S);
        answer.extend_from_slice(&[0, 4]);
        answer.extend_from_slice(&address);
    }
    Some(answer)
}

/// Where the first name ends. Names in questions are not compressed; a label is at most 63 bytes.
fn end_of_name(question: &[u8]) -> Option<usize> {
    let mut at = HEADER;
    loop {
        match *question.get(at)? {
            0 => return Some(at + 1),
            length if length < 64 && at < HEADER + 255 => at += 1 + usize::from(length),
            _ => return None,
        }
    }
}
