//! The pages, one file each. A page asks the backend; components and islands only show.

mod authenticator;
mod choices;
mod claim;
mod compare;
mod forgot_password;
mod form_words;
mod history;
mod home;
mod kakao;
mod landing;
mod not_found;
mod refusal;
mod reset_password;
mod room;
mod seeds;
mod settings;
mod sign_in;
mod sign_in_ways;
mod sign_up;
mod verify;
mod wish;

pub use authenticator::{AuthenticatorPage, RecoveryCodesPage, SignInCodePage};
pub use claim::{AddPage, ClaimPage};
pub use compare::ComparePage;
pub use forgot_password::ForgotPasswordPage;
pub use history::HistoryPage;
pub use home::HomePage;
pub use kakao::{KakaoDeparturePage, KakaoProofPage, KakaoTroublePage};
pub use not_found::NotFoundPage;
pub use reset_password::ResetPasswordPage;
pub use room::RoomPage;
pub use settings::{AccountPage, SessionsPage, SettingsPage};
pub use sign_in::SignInPage;
pub use sign_in_ways::SignInWaysPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyPage;
