//! QR codes, as an SVG draws them.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Error, Result};

/// Modules on a side, and the dark ones as an SVG path, one row after another.
///
/// # Errors
/// [`Error::Invalid`] if the text is longer than any QR code holds.
pub fn draw(text: &str) -> Result<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Error::Invalid {
        field: "text",
        reason: "too long for a QR code".to_owned(),
    })?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let dark = dark.filter(|&(x, y)| code.get_module(x, y));
    let squares: Vec<String> = dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    Ok((size, squares.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_has_its_three_corners() {
        let (size, path) = draw("otpauth://totp/TempLog:mina@home.example?secret=ABC").unwrap();
        for (x, y) in [(0, 0), (size - 7, 0), (0, size - 7)] {
            assert!(path.contains(&format!("M{x} {y}h1v1h-1z")), "{x} {y}");
        }
        assert!(!path.contains("M7 7h"), "a light line around the corner");
    }

    #[test]
    fn a_text_that_fits_into_none_is_refused() {
        assert!(draw(&"x".repeat(5_000)).is_err());
    }
}
