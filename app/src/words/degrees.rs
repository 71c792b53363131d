//! Temperatures in the unit somebody reads them in. Everything is measured, stored and sent in °C.

use super::number::tenths;

/// The unit of every temperature on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Degrees {
    /// °C.
    #[default]
    Celsius,
    /// °F.
    Fahrenheit,
}

impl Degrees {
    /// The name used in the cookie and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Celsius => "c",
            Self::Fahrenheit => "f",
        }
    }

    /// The unit of that name; anything unknown is °C.
    pub fn named(name: &str) -> Self {
        if name == "f" { Self::Fahrenheit } else { Self::Celsius }
    }

    /// What is written behind the number.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Celsius => "°C",
            Self::Fahrenheit => "°F",
        }
    }

    /// A temperature in °C as a number of this unit.
    pub fn of(self, celsius: f64) -> f64 {
        match self {
            Self::Celsius => celsius,
            Self::Fahrenheit => celsius * 1.8 + 32.0,
        }
    }

    /// A temperature of this unit in °C.
    pub fn to_celsius(self, number: f64) -> f64 {
        match self {
            Self::Celsius => number,
            Self::Fahrenheit => (number - 32.0) / 1.8,
        }
    }

    /// A difference of this unit in °C.
    pub fn difference_to_celsius(self, number: f64) -> f64 {
        match self {
            Self::Celsius => number,
            Self::Fahrenheit => number / 1.8,
        }
    }

    /// A difference in °C as a number of this unit.
    pub fn of_difference(self, celsius: f64) -> f64 {
        match self {
            Self::Celsius => celsius,
            Self::Fahrenheit => celsius * 1.8,
        }
    }

    /// A temperature with its unit: `23.4 °C`.
    pub fn full(self, celsius: f64) -> String {
        format!("{}\u{a0}{}", tenths(self.of(celsius)), self.symbol())
    }

    /// A temperature in short: `23.4°`.
    pub fn short(self, celsius: f64) -> String {
        format!("{}°", tenths(self.of(celsius)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_moves_with_its_zero_and_a_difference_does_not() {
        assert_eq!(Degrees::Fahrenheit.full(37.0), "98.6\u{a0}°F");
        assert_eq!(Degrees::Fahrenheit.short(-40.0), "−40.0°");
        assert_eq!(tenths(Degrees::Fahrenheit.of_difference(1.0)), "1.8");
        assert_eq!(Degrees::Celsius.full(20.0), "20.0\u{a0}°C");
        assert_eq!(Degrees::named("f"), Degrees::Fahrenheit);
        assert_eq!(Degrees::named("kelvin"), Degrees::Celsius);
    }
}
