//! The pages, one file each. A page fetches; its components only show.

mod home;
mod landing;
mod last_good;
mod not_found;
mod room;
mod room_view;
mod sign_in;

pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use room::RoomPage;
pub use sign_in::SignInPage;
