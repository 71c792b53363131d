//! `/ws/live`: what an open page is told, and who may listen.

mod doorway;
mod endings;
mod news;
