//! Where push services may be.

/// Which hosts we connect to because a browser says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushHosts {
    /// Those that everybody can reach.
    #[default]
    Public,
    /// This machine too, without TLS: where a test stands in for a push service.
    AlsoLoopback,
}
