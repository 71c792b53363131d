//! Addresses for phones that join the access point, and the address of the page (RFC 8910, option 114).

use core::net::Ipv4Addr;

use edge_dhcp::server::{Server, ServerOptions};
use edge_dhcp::{Options, Packet};
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{IpEndpoint, Ipv4Address, Stack};
use embassy_time::Instant;
use portal::ADDRESS;

const SERVER_PORT: u16 = 67;
const CLIENT_PORT: u16 = 68;
/// Phones at once; one is enough to set a device up.
const LEASES: usize = 8;
/// An Ethernet frame's worth.
const BUFFER: usize = 1500;

#[embassy_executor::task]
pub async fn serve(stack: Stack<'static>) -> ! {
    let ip = Ipv4Addr::from(ADDRESS);
    let mut server = Server::<_, LEASES>::new(|| Instant::now().as_secs(), ip);
    let mut gateway = [Ipv4Addr::UNSPECIFIED];
    let mut options = ServerOptions::new(ip, Some(&mut gateway));
    let dns = [ip];
    options.dns = &dns;
    options.captive_url = Some("http://192.168.4.1/");
    let (mut rx_meta, mut tx_meta) = ([PacketMetadata::EMPTY; 4], [PacketMetadata::EMPTY; 4]);
    let (mut rx, mut tx) = ([0; BUFFER], [0; BUFFER]);
    let mut socket = UdpSocket::new(stack, &mut rx_meta, &mut rx, &mut tx_meta, &mut tx);
    socket.bind(SERVER_PORT).expect("nobody else has the port");
    // Who asks has no address yet, so the answer goes to everybody.
    let everybody = IpEndpoint::new(Ipv4Address::BROADCAST.into(), CLIENT_PORT);
    let mut asked = [0; BUFFER];
    let mut answered = [0; BUFFER];
    loop {
        let Ok((length, _)) = socket.recv_from(&mut asked).await else {
            continue;
        };
        let mut room = Options::buf();
        let reply = Packet::decode(&asked[..length])
            .ok()
            .and_then(|request| server.handle_request(&mut room, &options, &request));
        if let Some(reply) = reply
            && let Ok(bytes) = reply.encode(&mut answered)
            && socket.send_to(bytes, everybody).await.is_err()
        {
            esp_println::println!("an address could not be sent");
        }
    }
}
