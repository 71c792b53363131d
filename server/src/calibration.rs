//! Adds a device's calibration to what it measured.

use domain::reading::Measured;

/// The calibrated values. Humidity stays within 0–100 %RH, whatever its offset says.
pub fn calibrated(raw: Measured, t_offset: f64, h_offset: f64) -> Measured {
    // A value without an offset must come out bit for bit as it went in.
    let humidity = |h: f64| {
        if h_offset == 0.0 {
            h
        } else {
            (h + h_offset).clamp(0.0, 100.0)
        }
    };
    Measured {
        t: raw.t.map(|t| t + t_offset),
        h: raw.h.map(humidity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_added_and_humidity_stays_possible() {
        let raw = Measured {
            t: Some(20.0),
            h: Some(99.0),
        };
        assert_eq!(
            calibrated(raw, -0.5, 3.0),
            Measured {
                t: Some(19.5),
                h: Some(100.0)
            }
        );
        assert_eq!(
            calibrated(Measured { t: None, h: None }, 1.0, 1.0),
            Measured { t: None, h: None }
        );
    }
}
