//! What can keep a browser from being told while no page is open.

/// The first thing that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushHindrance {
    /// It cannot do that.
    Unsupported,
    /// It does that only for pages that nobody can have changed on their way.
    Insecure,
    /// It does that only for sites on the home screen: iPhones and iPads.
    NotInstalled,
    /// Its owner has said no.
    Denied,
    /// It tried, and could not reach its push service.
    Failed,
}
