//! Personal tokens as their page reads them. Times are Unix milliseconds, and the same as text in the reader's zone.

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenView {
    /// Names it in a form.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Whether it may change anything.
    pub may_write: bool,
    /// When it was made.
    pub created: i64,
    /// The same as text.
    pub created_local: String,
    /// When it was last used, and the same as text.
    pub used: Option<(i64, String)>,
}
