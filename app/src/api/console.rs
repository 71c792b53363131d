//! The shop, as the pages of its operators read it.

/// How the broker's accounts stand to the products that were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerStanding {
    /// The broker asks the server about every connection.
    AsksUs,
    /// Both know the same.
    Agreed,
    /// They are being compared.
    Comparing,
    /// Somebody keeps the broker's password file by hand.
    ByHand,
    /// The broker does not let the server change accounts.
    NoRights,
    /// The broker cannot be reached.
    Unreachable,
    /// The broker forgets what it confirms.
    Forgetful,
    /// Another instance of the server compares them.
    Elsewhere,
}

impl BrokerStanding {
    /// Whether somebody has to do something.
    pub const fn is_trouble(self) -> bool {
        matches!(self, Self::NoRights | Self::Unreachable | Self::Forgetful)
    }
}

/// The broker, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerView {
    /// How it stands.
    pub standing: BrokerStanding,
    /// What the broker itself said; no secret.
    pub detail: Option<String>,
    /// Products it has not confirmed.
    pub pending: i64,
    /// Accounts there of devices that were never made here.
    pub strangers: usize,
    /// Some of their names.
    pub stranger_names: Vec<String>,
}

/// The console's first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleView {
    /// Names the next order, so that sending it twice makes it once.
    pub order_key: String,
    /// The broker.
    pub broker: BrokerView,
    /// Products, the newest first.
    pub products: Vec<ProductView>,
    /// Whether there are older ones.
    pub has_older: bool,
}

/// A product, and nothing of the home it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductView {
    /// The number on its sticker.
    pub serial: String,
    /// What it is.
    pub model: String,
    /// When it was made, Unix ms.
    pub sold: i64,
    /// The same as text in the shop's time zone.
    pub sold_local: String,
    /// Whether it is in somebody's home.
    pub is_claimed: bool,
    /// Whether the broker does not know it yet.
    pub is_pending: bool,
}

/// Products just made, with what is shown of them this once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// Names it in addresses.
    pub id: String,
    /// Until when it can be looked at, Unix ms.
    pub until: i64,
    /// The same as text in the shop's time zone.
    pub until_local: String,
    /// Where the devices connect.
    pub mqtt_url: String,
    /// The products.
    pub products: Vec<MadeView>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeView {
    /// The number on its sticker; also its name at the broker.
    pub serial: String,
    /// Proves who bought it.
    pub claim_code: String,
    /// Its password at the broker.
    pub password: String,
    /// What the QR code opens.
    pub claim_url: String,
    /// Modules on a side of the QR code.
    pub qr_size: i32,
    /// Its dark modules, as an SVG path.
    pub qr_path: String,
}
