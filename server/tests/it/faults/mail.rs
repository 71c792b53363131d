//! The cable to the mail server: a letter waits, and arrives once.

use std::net::SocketAddr;
use std::time::Duration;

use server::mail::{Mailer, Patience};
use server::outbox::{Policy, State, Worker};

use crate::harness::smtp::config_of;
use crate::harness::wire::{Fault, Wire};
use crate::outbox::rig::Rig;
use crate::store::rig::Store;

async fn a_letter_survives(fault: Fault) {
    let store = Store::sqlite().await;
    let rig = Rig::new(&store.db).await;
    let wire = Wire::to(rig.smtp.address).await;
    let port = |address: SocketAddr| format!("localhost:{}", address.port());
    let url = rig.smtp.url().replace(&port(rig.smtp.address), &port(wire.address));
    let patience = Patience {
        step: Duration::from_millis(500),
        verdict: Duration::from_millis(500),
    };
    let mailer = Mailer::with_patience(&config_of(&url), patience).unwrap();
    let worker = Worker::new(store.db.clone(), rig.clock.clone(), mailer, Policy::default());

    rig.write("ann@example.com", "changed:1").await;
    wire.set(fault);
    worker.work_off().await.unwrap();
    assert_eq!(rig.entry("changed:1").await.state, State::Queued);
    assert_eq!(rig.smtp.taken().len(), 0);

    wire.set(Fault::Clear);
    rig.advance_to_next_attempt("changed:1").await;
    worker.work_off().await.unwrap();
    assert_eq!(rig.entry("changed:1").await.state, State::Accepted);
    assert_eq!(rig.smtp.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_survives_a_mail_server_that_is_cut_off() {
    a_letter_survives(Fault::Reset).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_survives_a_mail_server_that_swallows_everything() {
    a_letter_survives(Fault::Blackhole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_survives_a_mail_server_that_is_gone_without_a_word() {
    a_letter_survives(Fault::HalfOpen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_survives_a_mail_server_of_a_byte_a_second() {
    a_letter_survives(Fault::Trickle).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_survives_a_mail_server_that_is_slower_than_anybody_waits() {
    a_letter_survives(Fault::Late(Duration::from_secs(2))).await;
}
