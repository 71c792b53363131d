//! Accounts as their own pages read them. Times are Unix milliseconds, and the same as text in the reader's time zone,
//! RFC 3339 with offset and whole seconds.

/// What a browser may be waiting for a code from a mail for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// A new account.
    SignUp,
    /// A new password instead of a forgotten one.
    ResetPassword,
    /// Another mail address.
    ChangeAddress,
}

/// Everything the account page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The address its owner signs in with.
    pub email: String,
    /// Whether there is a password, or its owner signs in in another way.
    pub has_password: bool,
    /// What happened to it, the latest first.
    pub events: Vec<EventView>,
}

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventView {
    /// When.
    pub at: i64,
    /// The same as text.
    pub local: String,
    /// What, as in `password-changed`.
    pub action: String,
    /// The browser in words; may be empty.
    pub device: String,
    /// The address it came from; may be empty.
    pub ip: String,
    /// What else is worth knowing.
    pub detail: Option<String>,
}

/// What ends with an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FarewellView {
    /// Whether there is a password to ask for.
    pub has_password: bool,
    /// Whether the reader signed in so lately that nothing is asked where there is no password.
    pub fresh: bool,
    /// Homes that nobody else owns.
    pub homes: Vec<EndingHome>,
}

/// A home that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingHome {
    /// As its people call it.
    pub name: String,
    /// Devices that become nobody's.
    pub devices: usize,
    /// How many others see it no more.
    pub others: usize,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Names it in a form.
    pub id: i64,
    /// The browser in words, if it says what it is.
    pub device: Option<String>,
    /// Where the person signed in; may be empty.
    pub ip: String,
    /// When that was.
    pub since: i64,
    /// The same as text.
    pub since_local: String,
    /// When it was last renewed.
    pub used: i64,
    /// The same as text.
    pub used_local: String,
    /// Whether it is the one that asks.
    pub current: bool,
}
