//! Households as the family page reads them.

/// What somebody may do in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleView {
    /// Everything.
    Owner,
    /// Everything except people.
    Member,
    /// Look.
    Viewer,
}

/// A household of whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyView {
    /// Names it in a form.
    pub household: i64,
    /// As its people call it.
    pub name: String,
    /// What whoever asks is in it.
    pub role: RoleView,
    /// Everybody, the owners first.
    pub members: Vec<MemberView>,
    /// Who was asked and has not answered; told to owners only.
    pub invites: Vec<InviteView>,
}

/// Somebody who belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// Names them in a form.
    pub user: i64,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: RoleView,
    /// Whether it is whoever asks.
    pub is_asker: bool,
}

/// An invite without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteView {
    /// Names it in a form.
    pub id: i64,
    /// Where the mail went.
    pub email: String,
    /// What they are to be.
    pub role: RoleView,
    /// Until when its link works, Unix ms.
    pub until: i64,
    /// The same as text in the household's time zone.
    pub until_local: String,
}

/// What a link invites to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationView {
    /// What the household is called.
    pub household: String,
    /// What its reader is to be there.
    pub role: RoleView,
}
