//! The ways into an account besides its password.

mod kakao;
mod kakao_settings;
mod kakao_trouble;
mod passkeys;
mod rig;
mod totp;
