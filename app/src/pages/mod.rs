//! The pages, one file each. A page asks the backend; components and islands only show.

mod home;
mod landing;
mod not_found;
mod refusal;
mod room;
mod seeds;
mod sign_in;
mod wish;

pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use room::RoomPage;
pub use sign_in::SignInPage;
