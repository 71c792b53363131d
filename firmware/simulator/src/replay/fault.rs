//! What goes wrong with real devices, on demand: a server that copes with all of it copes with a home.

use clap::ValueEnum;
use device::Uptime;
use device::calendar::{Calendar, Source};
use domain::reading::Measured;
use domain::time::Timestamp;
use domain::wire::ack;

/// One reading in so many is followed by a lost connection.
const DROP_ONE_IN: u32 = 20;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// The Wi-Fi is gone now and then, without a farewell.
    DropWifi,
    /// The sensor shows its first value for ever.
    StuckSensor,
    /// The clock starts in 1970, and only the server's acks tell better.
    WrongClock,
    /// Everything is delivered twice.
    Replay,
}

/// What goes wrong with one device.
#[derive(Clone, Debug)]
pub struct Faults {
    active: Vec<Fault>,
    stuck: Option<Measured>,
    calendar: Calendar,
}

impl Faults {
    /// All of these.
    pub fn new(active: Vec<Fault>) -> Self {
        Self {
            active,
            stuck: None,
            calendar: Calendar::default(),
        }
    }

    /// What the device takes for the present moment.
    pub fn at(&self, now: Uptime, wall: Timestamp) -> Timestamp {
        if !self.has(Fault::WrongClock) {
            return wall;
        }
        let since_1970 = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        self.calendar.at(now).unwrap_or(Timestamp::from_millis(since_1970))
    }

    /// What its sensor shows instead of `values`.
    pub fn values(&mut self, values: Measured) -> Measured {
        if self.has(Fault::StuckSensor) {
            *self.stuck.get_or_insert(values)
        } else {
            values
        }
    }

    /// Whether the connection is lost now.
    pub fn drops(&self) -> bool {
        self.has(Fault::DropWifi) && rand::random_ratio(1, DROP_ONE_IN)
    }

    /// How often a message is published.
    pub fn copies(&self) -> usize {
        if self.has(Fault::Replay) { 2 } else { 1 }
    }

    /// What time it is, if an ack just told it to a device that did not know.
    pub fn learn(&mut self, now: Uptime, payload: &[u8]) -> Option<Timestamp> {
        let wall = ack::clock(payload).filter(|_| self.has(Fault::WrongClock))?;
        self.calendar.learn(now, wall, Source::Server).then_some(wall)
    }

    fn has(&self, fault: Fault) -> bool {
        self.active.contains(&fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALL: Timestamp = Timestamp::from_millis(1_795_161_600_000);

    fn climate(t: f64) -> Measured {
        Measured { t: Some(t), h: None }
    }

    #[test]
    fn without_faults_everything_is_as_it_is() {
        let mut faults = Faults::new(vec![]);
        let now = Uptime::from_millis(5_000);
        assert_eq!((faults.at(now, WALL), faults.copies()), (WALL, 1));
        assert_eq!(faults.values(climate(1.0)), climate(1.0));
        assert_eq!(faults.values(climate(2.0)), climate(2.0));
        assert!((0..1000).all(|_| !faults.drops()));
        assert_eq!(
            faults.learn(now, br#"{"boot":1,"stored":[],"now":1795161600000}"#),
            None
        );
    }

    #[test]
    fn each_fault_does_what_it_says() {
        let mut faults = Faults::new(Fault::value_variants().to_vec());
        let now = Uptime::from_millis(5_000);
        assert_eq!(faults.at(now, WALL), Timestamp::from_millis(5_000));
        assert_eq!(
            faults.learn(now, br#"{"boot":1,"stored":[],"now":1795161600000}"#),
            Some(WALL)
        );
        assert_eq!(faults.at(Uptime::from_millis(6_000), WALL), WALL.plus_millis(1_000));
        assert_eq!(faults.values(climate(1.0)), climate(1.0));
        assert_eq!(faults.values(climate(2.0)), climate(1.0));
        assert!((0..1000).any(|_| faults.drops()));
        assert_eq!(faults.copies(), 2);
    }
}
