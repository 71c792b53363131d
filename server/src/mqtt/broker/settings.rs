//! The broker's settings, with the reason for each that is not obvious.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mqtt5::broker::config::{AuthConfig, RateLimitConfig, StorageBackend};
use mqtt5::broker::{BrokerConfig, BrokerEventHandler, ResourceLimits, StorageConfig};

/// Connections at once.
const MAX_CLIENTS: usize = 10_000;
/// Larger than the largest payload the intake takes: what is a little too large is refused there, and counted,
/// instead of breaking the connection.
const MAX_PACKET_BYTES: usize = 256 * 1024;
/// How long a device's subscriptions and queued commands outlive its connection.
const SESSION_EXPIRY: Duration = Duration::from_hours(24);

pub(super) fn config(listen: SocketAddr, hook: Arc<dyn BrokerEventHandler>) -> BrokerConfig {
    let mut config = BrokerConfig::default()
        .with_bind_address(listen)
        .with_max_clients(MAX_CLIENTS)
        .with_max_packet_size(MAX_PACKET_BYTES)
        .with_session_expiry(SESSION_EXPIRY)
        // 2, although devices are asked for 1: the crate answers a 3.1.1 client that exceeds the maximum with a
        // malformed PUBREC. A reading sent with QoS 2 is committed before PUBREC.
        .with_maximum_qos(2)
        .with_server_receive_maximum(128)
        .with_max_outbound_inflight(1_000)
        .with_client_channel_capacity(256)
        .with_max_subscriptions_per_client(16)
        .with_sys_topics_enabled(false)
        .with_storage(storage())
        // Who may connect is decided by our own provider, set before the first connection is accepted. The crate
        // only builds without a password file if it may let everybody in.
        .with_auth(AuthConfig {
            allow_anonymous: true,
            rate_limit: RateLimitConfig { enabled: false, ..RateLimitConfig::default() },
            ..AuthConfig::default()
        })
        .with_event_handler(hook);
    config.topic_alias_maximum = 8;
    config.shared_subscription_available = false;
    config
}

/// The file store acknowledges before it writes, and stalls on a backlog; nothing here needs to outlive the process.
fn storage() -> StorageConfig {
    StorageConfig::new()
        .with_backend(StorageBackend::Memory)
        .with_cleanup_interval(Duration::from_mins(10))
        .with_max_queued_messages_per_client(100)
        .with_max_queued_bytes_per_client(1024 * 1024)
}

/// All devices of a site may come from one address, so there is no lower limit per address; and message rates are
/// limited by the wait for the commit, not by a limit whose answer 3.1.1 clients cannot read.
pub(super) fn limits() -> ResourceLimits {
    ResourceLimits {
        max_connections: MAX_CLIENTS,
        max_connections_per_ip: MAX_CLIENTS,
        max_message_rate_per_client: 0,
        max_bandwidth_per_client: 0,
        max_connection_rate: 2_000,
        rate_limit_window: Duration::from_secs(1),
    }
}
