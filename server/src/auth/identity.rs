//! The answer to "who is asking", as the rest of the server sees it.

use app::backend::CurrentUser;

use super::SessionId;
use crate::db::UserId;

/// Whoever made a request and proved it.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Somebody with an account.
    Person(Person),
    /// The shop's own system, by its bearer token.
    Shop,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Row number.
    pub id: UserId,
    /// Address they sign in with.
    pub email: String,
    /// The language they chose, if they did.
    pub locale: Option<String>,
    /// May make and find products.
    pub operator: bool,
    /// How they proved it.
    pub via: Via,
    /// Whether what they showed allows more than to look.
    pub may_write: bool,
}

/// What a person showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// Cookies of a browser.
    Session(SessionId),
    /// A personal token, by its row number.
    Token(i64),
}

impl Identity {
    /// The person, unless it is the shop.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Shop => None,
        }
    }

    /// May make and find products.
    pub fn is_operator(&self) -> bool {
        match self {
            Self::Person(person) => person.operator,
            Self::Shop => true,
        }
    }
}

impl Person {
    /// As the pages know them.
    pub fn current_user(&self) -> CurrentUser {
        CurrentUser {
            id: app::backend::UserId(self.id.0),
            email: self.email.clone(),
            locale: self.locale.clone(),
            operator: self.operator && matches!(self.via, Via::Session(_)),
        }
    }
}
