//! How a room follows the socket, the clock and newer renderings.

use domain::presence::Presence;
use leptos::prelude::*;

use super::{Clock, LiveRoom, Rooms};
use crate::api::live::LiveEvent;
use crate::api::rooms::{Now, Seed};

const START: i64 = 1_795_155_845_000;

fn seed(serial: &str) -> Seed {
    Seed {
        serial: serial.into(),
        name: "거실".into(),
        now: Some(Now {
            at: START,
            local: "2026-11-20T15:24:05+09:00".into(),
            t: Some(23.4),
            h: Some(48.0),
        }),
        interval_s: 60,
        will_offline: false,
        listening_since: START - 600_000,
        alarm: None,
        trend: None,
    }
}

fn event(at: i64, t: f64, presence: &str) -> LiveEvent {
    LiveEvent {
        serial: "TL-1".into(),
        at: Some(at),
        t: Some(t),
        h: None,
        presence: presence.into(),
    }
}

fn with_room(check: impl FnOnce(Rooms, LiveRoom, Clock)) {
    Owner::new().with(|| {
        let clock = Clock::new(START);
        let rooms = Rooms::new(vec![seed("TL-1")], clock);
        let room = rooms.find("TL-1").expect("it was put there");
        check(rooms, room, clock);
    });
}

fn shown(room: LiveRoom) -> (i64, Option<f64>) {
    let reading = room.reading.get().expect("a reading");
    (reading.at, reading.t)
}

#[test]
fn a_live_reading_replaces_the_rendered_one_and_an_older_one_does_not() {
    with_room(|rooms, room, clock| {
        assert_eq!(shown(room), (START, Some(23.4)));
        rooms.apply(&event(START + 60_000, 23.6, "online"), clock.now());
        assert_eq!(shown(room), (START + 60_000, Some(23.6)));
        rooms.apply(&event(START + 30_000, 19.0, "online"), clock.now());
        assert_eq!(shown(room), (START + 60_000, Some(23.6)));
    });
}

#[test]
fn a_room_falls_silent_by_the_clock_alone() {
    with_room(|_, room, clock| {
        assert_eq!(room.presence.get(), Presence::Online);
        clock.tick(START + 151_000);
        assert_eq!(room.presence.get(), Presence::Late);
        clock.tick(START + 301_000);
        assert!(room.stale());
    });
}

#[test]
fn a_room_is_not_called_silent_before_a_restarted_server_has_listened_long_enough() {
    with_room(|rooms, room, clock| {
        let restart = START + 7_200_000;
        clock.tick(restart);
        assert_eq!(room.presence.get(), Presence::Offline);
        let mut after = seed("TL-1");
        after.listening_since = restart;
        assert!(rooms.renew(vec![after]));
        assert_eq!(room.presence.get(), Presence::Late);
        assert!(room.stale(), "its value is two hours old all the same");
        rooms.apply(&event(START, 23.4, "late"), clock.now());
        assert_eq!(room.presence.get(), Presence::Late, "the server says the same");
        clock.tick(restart + 300_001);
        assert_eq!(room.presence.get(), Presence::Offline);
    });
}

#[test]
fn a_broken_connection_is_believed_before_the_reading_is_old() {
    with_room(|rooms, room, clock| {
        rooms.apply(&event(START, 23.4, "late"), clock.now());
        assert_eq!(room.presence.get(), Presence::Late);
        clock.tick(START + 151_000);
        assert_eq!(room.presence.get(), Presence::Offline);
        rooms.apply(&event(START + 151_000, 23.5, "online"), clock.now());
        assert_eq!(room.presence.get(), Presence::Online);
    });
}

#[test]
fn a_renewal_brings_newer_readings_but_not_other_rooms() {
    with_room(|rooms, room, clock| {
        rooms.apply(&event(START + 60_000, 23.6, "online"), clock.now());
        let mut newer = seed("TL-1");
        newer.now = Some(Now {
            at: START + 120_000,
            local: "2026-11-20T15:26:05+09:00".into(),
            t: Some(23.8),
            h: None,
        });
        assert!(rooms.renew(vec![newer]));
        assert_eq!(shown(room), (START + 120_000, Some(23.8)));
        assert!(!rooms.renew(vec![seed("TL-2")]));
        assert!(!rooms.renew(vec![]));
    });
}

#[test]
fn news_of_a_room_elsewhere_is_ignored() {
    with_room(|rooms, room, clock| {
        let stranger = LiveEvent {
            serial: "TL-9".into(),
            ..event(START + 60_000, 30.0, "online")
        };
        rooms.apply(&stranger, clock.now());
        assert_eq!(shown(room), (START, Some(23.4)));
    });
}
