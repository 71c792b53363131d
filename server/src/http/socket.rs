//! `GET /ws/live`: who may open a live socket. What it says is in [`crate::live`].

use std::net::IpAddr;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::AppState;
use super::client::ClientIp;
use super::csrf::is_own_origin;
use super::extract::SignedIn;
use super::problem::Problem;
use super::seats::{Seat, Seats};
use crate::auth::network_of;
use crate::db::UserId;
use crate::live::MAX_MESSAGE_BYTES;

/// Buffers per socket: small, because there may be thousands and each says little.
const BUFFER_BYTES: usize = 4 * 1024;

/// Somebody else's socket may have ended by then.
const RETRY_AFTER_S: u32 = 30;

/// How many sockets one person and one network may hold: as many as are left for others. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SocketSeats {
    people: Seats<UserId>,
    networks: Seats<IpAddr>,
}

impl SocketSeats {
    /// As many as this process can bear.
    pub fn for_this_process() -> Self {
        Self {
            people: Seats::for_this_process(),
            networks: Seats::for_this_process(),
        }
    }

    fn take(&self, person: UserId, from: ClientIp) -> Option<(Seat<UserId>, Seat<IpAddr>)> {
        Some((self.people.take(person)?, self.networks.take(network_of(from.0))?))
    }
}

/// Refuses other sites before anything else, then strangers; browsers cannot be made to send a
/// bearer token, so its holder needs no `Origin`.
pub async fn connect(
    State(state): State<AppState>,
    from: ClientIp,
    headers: HeaderMap,
    signed_in: Result<SignedIn, Problem>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if !headers.contains_key(AUTHORIZATION) && !is_own_origin(&headers, &state.config.public_url) {
        return Err(Problem::new(StatusCode::FORBIDDEN).with_detail("the socket was opened by another site"));
    }
    let SignedIn(person) = signed_in?;
    let Some(seats) = state.sockets.take(person.id, from) else {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_detail("too many open sockets")
            .with_retry_after(RETRY_AFTER_S));
    };
    let upgrade = upgrade
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES);
    let lifecycle = state.live.lifecycle.clone();
    Ok(upgrade.on_upgrade(async move |socket| {
        lifecycle.spawn("live socket", async move {
            state.live.serve(socket, person).await;
            drop(seats);
        });
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> ClientIp {
        ClientIp([192, 0, 2, last].into())
    }

    #[test]
    fn neither_a_person_nor_an_address_can_take_all_sockets() {
        let seats = SocketSeats {
            people: Seats::new(10),
            networks: Seats::new(10),
        };
        let by_one_person: Vec<_> = (0..10).map_while(|n| seats.take(UserId(1), address(n))).collect();
        assert_eq!(by_one_person.len(), 5);
        drop(by_one_person);
        let from_one_address: Vec<_> = (0..10).map_while(|n| seats.take(UserId(n), address(1))).collect();
        assert_eq!(from_one_address.len(), 5);
        assert!(
            seats.take(UserId(99), address(99)).is_some(),
            "there is room for others"
        );
    }
}
