//! The pages on the way over Kakao: setting off, proving whose account it is, and what to do when it does not work.

mod departure;
mod proof;
mod trouble;

pub use departure::KakaoDeparturePage;
pub use proof::KakaoProofPage;
pub use trouble::KakaoTroublePage;
