//! Asking a time server, RFC 4330 (SNTP): 48 bytes there, 48 bytes back.
//!
//! An answer counts only if it repeats the number the question carried: anybody may send a packet, but only who saw the
//! question knows it.

use domain::time::Timestamp;

use crate::uptime::Uptime;

/// Length of either packet.
pub const PACKET: usize = 48;
/// UDP.
pub const PORT: u16 = 123;
/// Leap 0, version 4, mode 3 (client).
const CLIENT: u8 = 4 << 3 | 3;
const SERVER_MODE: u8 = 4;
/// Seconds from 1900 to 1970.
const ERA_TO_UNIX_S: i64 = 2_208_988_800;
/// The first era ends in 2036; smaller numbers belong to the second (RFC 4330, section 3).
const ERA_S: i64 = 1 << 32;
const FIRST_ERA_BIT: u32 = 1 << 31;
/// An answer that took longer says little about now, ms.
const LONGEST_WAY_MS: u64 = 5_000;

/// A question under way.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    sent: Uptime,
    nonce: u64,
}

impl Query {
    /// A question and its packet; `nonce` is any number that nobody can guess.
    pub fn new(now: Uptime, nonce: u64) -> (Self, [u8; PACKET]) {
        let mut packet = [0; PACKET];
        packet[0] = CLIENT;
        packet[40..].copy_from_slice(&nonce.to_be_bytes());
        (Self { sent: now, nonce }, packet)
    }

    /// The present moment according to the answer, which came at `now`; `None` if it is no answer to be believed.
    pub fn answer(&self, now: Uptime, packet: &[u8]) -> Option<Timestamp> {
        let packet: &[u8; PACKET] = packet.get(..PACKET)?.try_into().ok()?;
        let (leap, mode, stratum) = (packet[0] >> 6, packet[0] & 7, packet[1]);
        let way_ms = now.since(self.sent);
        let is_ours = packet[24..32] == self.nonce.to_be_bytes();
        // Leap 3: the server is not in step itself. Stratum 0: it asks to be left alone.
        if mode != SERVER_MODE || leap == 3 || !(1..=15).contains(&stratum) || !is_ours || way_ms > LONGEST_WAY_MS {
            return None;
        }
        let seconds = u32::from_be_bytes(packet[40..44].try_into().ok()?);
        let fraction = u32::from_be_bytes(packet[44..48].try_into().ok()?);
        if seconds == 0 {
            return None;
        }
        let era = if seconds & FIRST_ERA_BIT == 0 { ERA_S } else { 0 };
        let unix_s = i64::from(seconds) + era - ERA_TO_UNIX_S;
        let part_ms = i64::try_from((u64::from(fraction) * 1000) >> 32).ok()?;
        let half_way = i64::try_from(way_ms / 2).ok()?;
        Some(Timestamp::from_millis(unix_s * 1000 + part_ms + half_way))
    }
}
