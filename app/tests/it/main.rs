//! The pages as a browser without script gets them: rendered by the same call the server makes, over a house
//! made of plain values.

mod house;
mod pages;
mod site;
