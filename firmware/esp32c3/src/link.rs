//! One MQTT connection: from the broker's name to the moment it breaks.

use alloc::string::String;
use core::num::NonZero;

use device::calendar::Source;
use device::session::{self, Alive, KeepAlive, MAX_PACKET_BYTES, verdict};
use device::{Cause, Incoming, Outgoing};
use domain::wire::topic::{Leaf, Topic};
use embassy_futures::select::{Either4, select4};
use embassy_net::Stack;
use embassy_net::dns::DnsQueryType;
use embassy_net::tcp::TcpSocket;
use embassy_time::{Duration, Instant, Timer, with_timeout};
use esp_println::println;
use portal::Settings;
use rust_mqtt::Bytes;
use rust_mqtt::buffer::AllocBuffer;
use rust_mqtt::client::event::{Event, Publish};
use rust_mqtt::client::options::{
    ConnectOptions, PublicationOptions, SubscriptionOptions, TopicReference, WillOptions,
};
use rust_mqtt::client::{Client, MqttError};
use rust_mqtt::config::KeepAlive as Interval;
use rust_mqtt::types::{MqttBinary, MqttString, TopicFilter, TopicName};

use crate::clock;
use crate::lamp::{self, Show};
use crate::life::{Life, now};
use crate::sensor::SAMPLES;

/// TCP's windows: an ack of 32 ranges comes in, a batch of back-fill goes out in pieces.
const RX: usize = 2 * 1024;
const TX: usize = 4 * 1024;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// PUBACKs that may be missing at once; beyond it we wait for one.
const WINDOW: usize = 12;

/// Subscriptions under way 2, commands 4, publications `WINDOW`; no user properties, no aliases.
type Mqtt<'a> = Client<'a, 'a, TcpSocket<'a>, AllocBuffer, 2, 4, WINDOW, 0, 0, 0, 0>;

/// Why a connection ended, or was never made.
struct Broken(Cause);

impl<const N: usize> From<MqttError<'_, N>> for Broken {
    fn from(error: MqttError<'_, N>) -> Self {
        let verdict = match &error {
            MqttError::Disconnect { reason, .. } => verdict(reason.value()),
            _ => verdict(0),
        };
        println!("{}: {error:?}", verdict.words);
        Self(verdict.cause)
    }
}

/// Connects and stays; returns why that ended.
pub async fn run(life: &mut Life, stack: Stack<'static>, settings: &Settings) -> Cause {
    let mut buffer = AllocBuffer;
    let (mut rx, mut tx) = (alloc::vec![0; RX], alloc::vec![0; TX]);
    let mut client = Mqtt::new(&mut buffer);
    let connected = with_timeout(
        CONNECT_WITHIN,
        connect(&mut client, life, stack, settings, &mut rx, &mut tx),
    )
    .await;
    match connected {
        Err(_) => return Cause::Lost,
        Ok(Err(Broken(cause))) => return cause,
        Ok(Ok(())) => {}
    }
    println!("connected to {}", settings.broker);
    lamp::show(Show::Well);
    life.device.on_connected(now());
    let Err(Broken(cause)) = talk(&mut client, life).await;
    cause
}

async fn connect<'a>(
    client: &mut Mqtt<'a>,
    life: &Life,
    stack: Stack<'a>,
    settings: &'a Settings,
    rx: &'a mut [u8],
    tx: &'a mut [u8],
) -> Result<(), Broken> {
    stack.wait_config_up().await;
    let addresses = stack
        .dns_query(&settings.broker.host, DnsQueryType::A)
        .await
        .map_err(|_| Broken(Cause::Lost))?;
    let address = *addresses.first().ok_or(Broken(Cause::Lost))?;
    let mut socket = TcpSocket::new(stack, rx, tx);
    // A peer that is gone without a word is noticed by MQTT's own keep-alive; this is for a handshake that hangs.
    socket.set_timeout(Some(Duration::from_secs(u64::from(session::KEEP_ALIVE_S) * 2)));
    socket
        .connect((address, settings.broker.port))
        .await
        .map_err(|_| Broken(Cause::Lost))?;
    let will = life.device.will();
    let will_topic = String::from(alloc::format!("{}", will.topic));
    let serial = settings.credentials.serial;
    let name = alloc::format!("{serial}");
    let options = ConnectOptions::new()
        .clean_start()
        .keep_alive(Interval::Seconds(
            NonZero::new(session::KEEP_ALIVE_S).expect("not zero"),
        ))
        .maximum_packet_size(NonZero::new(MAX_PACKET_BYTES).expect("not zero"))
        .user_name(text(&name)?)
        .password(binary(settings.credentials.password.as_bytes())?)
        .will(
            WillOptions::new(topic(&will_topic)?, binary(will.payload.as_bytes())?)
                .at_least_once()
                .retain()
                .delay_interval(session::WILL_DELAY_S),
        );
    client.connect(socket, &options, Some(text(&name)?)).await?;
    let acks = alloc::format!("{}", Topic::new(serial, Leaf::Ack));
    let commands = alloc::format!("{}", Topic::command_filter(serial));
    client.subscribe(filter(&acks)?, &SubscriptionOptions::new()).await?;
    client
        .subscribe(filter(&commands)?, &SubscriptionOptions::new().at_least_once())
        .await?;
    Ok(())
}

/// Says what the device has to say and hears what comes, until the connection breaks.
async fn talk(client: &mut Mqtt<'_>, life: &mut Life) -> Result<core::convert::Infallible, Broken> {
    let mut alive = KeepAlive::new(now(), None);
    let mut unacked = 0;
    loop {
        while unacked < WINDOW
            && let Some(outgoing) = life.device.poll(now())
        {
            publish(client, &outgoing).await?;
            alive.on_sent(now());
            unacked += 1;
        }
        if unacked == 0 {
            life.on_idle();
        }
        let wake = match alive.check(now()) {
            Alive::Dead => return Err(Broken(Cause::Lost)),
            Alive::Ping => {
                client.ping().await?;
                alive.on_sent(now());
                continue;
            }
            Alive::Until(wake) => life.device.next_wake().map_or(wake, |device| device.min(wake)),
        };
        let timer = Timer::at(Instant::from_millis(wake.as_millis().max(now().as_millis() + 10)));
        match select4(client.poll_header(), SAMPLES.receive(), clock::TOLD.wait(), timer).await {
            Either4::First(header) => {
                let event = client.poll_body(header?).await?;
                alive.on_heard(now());
                match event {
                    Event::Publish(publish) => receive(life, &publish),
                    Event::PublishAcknowledged(_) | Event::PublishRejected(_) => unacked -= 1,
                    _ => {}
                }
            }
            Either4::Second(sampled) => life.on_sampled(sampled),
            Either4::Third(told) => life.on_clock(told, Source::Sntp),
            Either4::Fourth(()) => {}
        }
    }
}

async fn publish(client: &mut Mqtt<'_>, outgoing: &Outgoing) -> Result<(), Broken> {
    let name = alloc::format!("{}", outgoing.topic);
    let mut options = PublicationOptions::new(TopicReference::Name(topic(&name)?)).at_least_once();
    if outgoing.retain {
        options = options.retain();
    }
    if let Some(correlation) = &outgoing.correlation {
        options = options.correlation_data(binary(correlation)?);
    }
    client
        .publish(&options, Bytes::from(outgoing.payload.as_bytes()))
        .await?;
    Ok(())
}

fn receive(life: &mut Life, publish: &Publish<'_, 0, 0>) {
    let Some(name) = publish.topic.name() else { return };
    let payload: &[u8] = &publish.message;
    let Ok(Topic { leaf, .. }) = Topic::parse(name.as_ref().as_str()) else {
        return;
    };
    match leaf {
        Leaf::Ack => life.on_ack(payload),
        Leaf::Command(name) => {
            let correlation = publish.correlation_data.as_ref().map(|data| data.as_bytes());
            let incoming = Incoming {
                name,
                payload,
                correlation,
            };
            if let Some(action) = life.device.on_command(now(), incoming) {
                life.on_action(action);
            }
        }
        _ => {}
    }
}

// What does not fit MQTT's lengths was refused when it was typed; this says so instead of stopping.
const TOO_LONG: Broken = Broken(Cause::Refused);

fn text(text: &str) -> Result<MqttString<'_>, Broken> {
    MqttString::try_from(text).map_err(|_| TOO_LONG)
}

fn binary(bytes: &[u8]) -> Result<MqttBinary<'_>, Broken> {
    MqttBinary::try_from(bytes).map_err(|_| TOO_LONG)
}

fn topic(name: &str) -> Result<TopicName<'_>, Broken> {
    TopicName::new(text(name)?).ok_or(TOO_LONG)
}

fn filter(name: &str) -> Result<TopicFilter<'_>, Broken> {
    TopicFilter::new(text(name)?).ok_or(TOO_LONG)
}
