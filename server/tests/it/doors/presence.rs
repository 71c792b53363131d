//! The will is a hint: it says that a device is gone, until the device says otherwise.

use super::raw::{BOTH, Hello, Raw, Will};
use super::site::{Site, Sold};
use crate::harness::mosquitto::Mosquitto;

fn hello<'a>(device: &'a Sold, will: Will<'a>, level: super::raw::Level) -> Hello<'a> {
    Hello {
        will: Some(will),
        ..Hello::device(level, device.serial.as_str(), &device.password)
    }
}

/// A device comes, breaks off, comes back, and takes its leave.
async fn comes_and_goes(site: &Site, device: &Sold, retain: bool) {
    let topic = device.topic("status");
    for level in BOTH {
        let will = Will {
            topic: &topic,
            payload: "{\"online\":false}",
            retain,
        };
        let mut client = Raw::connect(site.address, &hello(device, will.clone(), level));
        client.publish(&topic, b"{\"online\":true,\"interval_s\":10}", 1, 1, retain);
        client.expect(super::raw::PUBACK);
        site.wait_gone(device, false).await;
        drop(client);
        site.wait_gone(device, true).await;

        let mut back = Raw::connect(site.address, &hello(device, will, level));
        back.publish(&topic, b"{\"online\":true,\"interval_s\":10}", 1, 1, retain);
        back.expect(super::raw::PUBACK);
        site.wait_gone(device, false).await;
        back.publish(&topic, b"{\"online\":false}", 1, 2, retain);
        back.expect(super::raw::PUBACK);
        back.send(&[0xE0, 0]);
        site.wait_gone(device, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_broker_tells_that_a_device_is_gone() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    comes_and_goes(&site, &devices[0], true).await;
    comes_and_goes(&site, &devices[1], false).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mosquitto_tells_that_a_device_is_gone() {
    let devices = Sold::many(2);
    let mosquitto = Mosquitto::start(&devices.iter().map(Sold::account).collect::<Vec<_>>());
    let site = Site::linked(&mosquitto, &devices).await;
    comes_and_goes(&site, &devices[0], true).await;
    comes_and_goes(&site, &devices[1], false).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_there_before_the_server_is_known_from_its_retained_status() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let hello = Hello::device(BOTH[1], device.serial.as_str(), &device.password);
    let mut client = Raw::connect(mosquitto.address, &hello);
    client.publish(
        &device.topic("status"),
        b"{\"online\":false,\"interval_s\":7}",
        1,
        1,
        true,
    );
    client.expect(super::raw::PUBACK);

    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    site.wait_gone(&device, true).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_takes_over_its_own_old_connection_is_not_gone() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let topic = device.topic("status");
    let will = Will {
        topic: &topic,
        payload: "{\"online\":false}",
        retain: true,
    };
    for level in BOTH {
        let older = Raw::connect(site.address, &hello(&device, will.clone(), level));
        let mut newer = Raw::connect(site.address, &hello(&device, will.clone(), level));
        newer.publish(&topic, b"{\"online\":true}", 1, 1, true);
        newer.expect(super::raw::PUBACK);
        drop(older);
        newer.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.5}", 2);
        site.wait_gone(&device, false).await;
    }
    site.stop().await;
}
