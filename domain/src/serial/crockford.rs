//! Crockford's base32: the alphabet people can read aloud and copy from a sticker.
//!
//! Source: <https://www.crockford.com/base32.html>. Case does not matter, I and L read as 1 and
//! O reads as 0, so the usual slips of the eye still give the right code.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The canonical form of one typed character, or `None` if it is no base32 digit.
pub const fn canonical(typed: u8) -> Option<u8> {
    match typed.to_ascii_uppercase() {
        b'O' => Some(b'0'),
        b'I' | b'L' => Some(b'1'),
        b'U' => None,
        digit @ (b'0'..=b'9' | b'A'..=b'Z') => Some(digit),
        _ => None,
    }
}

/// The `N` digits of the lowest `5 × N` bits of `bits`, most significant first.
pub fn digits<const N: usize>(bits: u64) -> [u8; N] {
    let mut rest = bits;
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::from(rest.to_le_bytes()[0] & 31)];
        rest >>= 5;
    }
    digits
}

/// Reads exactly `N` digits; `None` for any other length or character.
pub fn parse<const N: usize>(typed: impl Iterator<Item = u8>) -> Option<[u8; N]> {
    let mut digits = [b'0'; N];
    let mut count = 0;
    for byte in typed {
        *digits.get_mut(count)? = canonical(byte)?;
        count += 1;
    }
    (count == N).then_some(digits)
}
