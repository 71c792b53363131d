//! How many connections one may hold: as many as are still free for everybody else.
//!
//! A fixed share would be too small for an office behind one address or too large for an attack from a thousand.
//! So the bound moves (dynamic thresholds, Choudhury and Hahne 1998): whoever comes alone may take half of the house,
//! two may take a third each, and there is always room left for one who has none yet.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard};

/// What is left for files, the database, the broker and its devices.
const RESERVED: usize = 256;
/// More is not tried however many files the system allows us.
const MOST: usize = 20_000;

/// So many seats, counted by who sits on them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Seats<K: Hash + Eq>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    capacity: usize,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    total: usize,
    /// Never holds a zero.
    by: HashMap<K, usize>,
}

/// One seat; dropping it leaves it to others.
#[derive(Debug)]
pub struct Seat<K: Hash + Eq> {
    seats: Seats<K>,
    key: K,
}

impl<K: Hash + Eq + Clone> Seats<K> {
    /// A house of this size.
    pub fn new(capacity: usize) -> Self {
        let taken = Mutex::new(Taken {
            total: 0,
            by: HashMap::new(),
        });
        Self(Arc::new(Inner { capacity, taken }))
    }

    /// A house for as many connections as this process may hold.
    pub fn for_this_process() -> Self {
        let files = open_files_limit().unwrap_or(1024);
        Self::new(files.saturating_sub(RESERVED).clamp(64, MOST))
    }

    /// A seat, unless this one has as many already as are left.
    pub fn take(&self, key: K) -> Option<Seat<K>> {
        let mut taken = self.lock();
        let own = taken.by.get(&key).copied().unwrap_or(0);
        let free = self.0.capacity.saturating_sub(taken.total);
        if own >= free {
            return None;
        }
        taken.total += 1;
        taken.by.insert(key.clone(), own + 1);
        drop(taken);
        let seats = self.clone();
        Some(Seat { seats, key })
    }
}

impl<K: Hash + Eq> Seats<K> {
    fn lock(&self) -> MutexGuard<'_, Taken<K>> {
        self.0.taken.lock().expect("no panic under this lock")
    }
}

impl<K: Hash + Eq> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.total -= 1;
        match taken.by.get_mut(&self.key) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.by.remove(&self.key)),
        }
    }
}

/// The soft limit of open files, where the system tells.
fn open_files_limit() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(seats: &Seats<&'static str>, who: &'static str) -> Vec<Seat<&'static str>> {
        std::iter::from_fn(|| seats.take(who)).collect()
    }

    #[test]
    fn one_alone_takes_half_and_there_is_room_for_everybody_who_comes_after() {
        let seats = Seats::new(100);
        let first = fill(&seats, "first");
        assert_eq!(first.len(), 50);
        let second = fill(&seats, "second");
        assert_eq!(second.len(), 25);
        assert!(seats.take("third").is_some());
    }

    #[test]
    fn a_seat_that_is_left_can_be_taken_again() {
        let seats = Seats::new(10);
        let mut held = fill(&seats, "one");
        assert!(seats.take("one").is_none());
        held.pop();
        assert!(seats.take("one").is_some());
        drop(held);
        assert_eq!(seats.lock().total, 0);
        assert!(seats.lock().by.is_empty(), "nobody is remembered for ever");
    }

    #[test]
    fn a_house_without_seats_refuses_everybody() {
        assert!(Seats::new(0).take("one").is_none());
    }

    #[test]
    fn the_system_tells_how_many_files_may_be_open() {
        assert!(open_files_limit().is_some_and(|limit| limit >= 64));
    }
}
