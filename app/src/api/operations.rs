//! What scripts may ask of the server, as its documentation has it.

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `GET`, …
    pub method: &'static str,
    /// With its parameters in braces.
    pub path: String,
    /// What it does.
    pub title: String,
    /// What else is to be known of it; may be empty.
    pub text: String,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub answers: Vec<Answer>,
}

/// A parameter of the path, the query or the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means; may be empty.
    pub text: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: String,
    /// When it is given; may be empty.
    pub text: String,
}
