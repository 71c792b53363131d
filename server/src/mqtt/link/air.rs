//! Our own messages at `QoS` 1: which packet ids they have, and which are in the air.

use std::collections::BTreeMap;

use rumqttc::v5::mqttbytes::v5::Publish;

/// The packet id that no message gets: SUBSCRIBE has it.
pub(super) const RESERVED: u16 = u16::MAX;

/// What has been sent and not been acknowledged.
#[derive(Debug, Default)]
pub(super) struct Air {
    last: u16,
    sent: BTreeMap<u16, Publish>,
}

impl Air {
    /// How many are in the air.
    pub(super) fn len(&self) -> usize {
        self.sent.len()
    }

    /// Gives a message its packet id and remembers it until it is acknowledged.
    pub(super) fn launch(&mut self, message: &mut Publish) {
        loop {
            self.last = self.last % (RESERVED - 1) + 1;
            if !self.sent.contains_key(&self.last) {
                break;
            }
        }
        message.pkid = self.last;
        self.sent.insert(message.pkid, message.clone());
    }

    /// The broker has it.
    pub(super) fn landed(&mut self, packet_id: u16) {
        self.sent.remove(&packet_id);
    }

    /// A new connection: what must be sent again, in order, if the broker knows the session (`resumed`). Otherwise it
    /// does not know the packet ids either, and what was in the air is as old as the connection: forgotten.
    pub(super) fn again(&mut self, resumed: bool) -> Vec<Publish> {
        if !resumed {
            self.sent.clear();
        }
        let again = |message: &Publish| Publish {
            dup: true,
            ..message.clone()
        };
        self.sent.values().map(again).collect()
    }
}

#[cfg(test)]
mod tests {
    use rumqttc::v5::mqttbytes::QoS;

    use super::*;

    fn message() -> Publish {
        Publish::new("t", QoS::AtLeastOnce, "x", None)
    }

    fn launched(air: &mut Air) -> u16 {
        let mut message = message();
        air.launch(&mut message);
        message.pkid
    }

    #[test]
    fn packet_ids_go_round_without_zero_and_without_those_in_the_air() {
        let mut air = Air::default();
        assert_eq!(launched(&mut air), 1);
        for id in 2..RESERVED {
            assert_eq!(launched(&mut air), id);
            air.landed(id);
        }
        assert_eq!(
            launched(&mut air),
            2,
            "1 is still in the air, 0 is no packet id, and one is reserved"
        );
    }

    #[test]
    fn what_was_in_the_air_is_sent_again_under_its_own_id_if_the_session_is_known() {
        let mut air = Air::default();
        for _ in 0..3 {
            launched(&mut air);
        }
        air.landed(2);
        let again: Vec<_> = air
            .again(true)
            .iter()
            .map(|message| (message.pkid, message.dup))
            .collect();
        assert_eq!(again, [(1, true), (3, true)]);
        assert!(air.again(false).is_empty());
        assert_eq!(air.len(), 0);
    }
}
