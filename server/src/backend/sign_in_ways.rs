//! The ways into an account, for their pages.

use app::backend::{
    AuthenticatorApp, ConnectedKakao, OwnPasskey, PendingProof, SignInWays, SignInWaysView, TotpEnrolment,
    UserId as Who,
};
use app::error::AppError;
use async_trait::async_trait;

use super::ServerBackend;
use crate::auth::steps::Ticket;
use crate::db::UserId;
use crate::zone;

#[async_trait]
impl SignInWays for ServerBackend {
    fn offers_kakao(&self) -> bool {
        self.ways.offers_kakao()
    }

    async fn kakao_departure(&self, step: String) -> Result<Option<String>, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.departure(&ticket).await?),
            None => Ok(None),
        }
    }

    async fn pending_proof(&self, step: String) -> Result<Option<PendingProof>, AppError> {
        let Some(ticket) = Ticket::parse(&step) else {
            return Ok(None);
        };
        let proof = self.ways.pending_proof(&ticket).await?;
        Ok(proof.map(|proof| PendingProof {
            email: proof.email,
            has_password: proof.has_password,
            code_sent: proof.code_sent,
        }))
    }

    async fn awaits_code(&self, step: String) -> Result<bool, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.awaits_code(&ticket).await?),
            None => Ok(false),
        }
    }

    async fn totp_enrolment(&self, who: Who, email: String) -> Result<Option<TotpEnrolment>, AppError> {
        let enrolment = self.ways.totp_enrolment(UserId(who.0), &email).await?;
        Ok(enrolment.map(|enrolment| TotpEnrolment {
            secret: enrolment.secret,
            uri: enrolment.uri,
            qr_size: enrolment.qr_size,
            qr_path: enrolment.qr_path,
        }))
    }

    async fn take_recovery_codes(&self, step: String, who: Who) -> Result<Option<Vec<String>>, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.take_recovery_codes(&ticket, UserId(who.0)).await?),
            None => Ok(None),
        }
    }

    fn offers_passkeys(&self) -> bool {
        self.ways.offers_passkeys()
    }

    async fn passkey_enrolment(&self, step: String, who: Who) -> Result<Option<String>, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.passkey_enrolment(&ticket, UserId(who.0)).await?),
            None => Ok(None),
        }
    }

    async fn passkey_question(&self, step: String) -> Result<Option<String>, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.passkey_question(&ticket).await?),
            None => Ok(None),
        }
    }

    async fn sign_in_ways(&self, who: Who, session: Option<i64>) -> Result<SignInWaysView, AppError> {
        let ways = self.ways.list(UserId(who.0), session).await?;
        let tz = zone::find_or_utc(DAYS_ARE_THOSE_OF);
        let kakao = ways.kakao.into_iter().map(|kakao| ConnectedKakao {
            id: kakao.id,
            name: kakao.name,
            since: zone::day_of(&tz, kakao.since).to_string(),
        });
        let passkeys = ways.passkeys.into_iter().map(|passkey| OwnPasskey {
            id: passkey.id,
            name: passkey.name,
            since: zone::day_of(&tz, passkey.since).to_string(),
            used: passkey.used.map(|used| zone::day_of(&tz, used).to_string()),
        });
        Ok(SignInWaysView {
            has_password: ways.has_password,
            fresh: ways.fresh,
            kakao_offered: self.ways.offers_kakao(),
            kakao: kakao.collect(),
            passkeys: passkeys.collect(),
            app: ways.app.map(|app| AuthenticatorApp {
                since: zone::day_of(&tz, app.since).to_string(),
                codes_left: app.codes_left,
            }),
        })
    }
}

/// An account has no time zone of its own, and only the day is shown.
const DAYS_ARE_THOSE_OF: &str = "Asia/Seoul";
