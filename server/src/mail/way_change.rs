//! What was changed about the ways into an account, in the words of the mail that tells its owner.

use super::Language;

/// A way in that was added, taken away or used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayChange {
    /// A Kakao account opens the account now.
    KakaoConnected,
    /// A Kakao account does not open it any more.
    KakaoRemoved,
    /// An authenticator app is asked for now.
    AppAdded,
    /// It is asked for no more.
    AppRemoved,
    /// The recovery codes were replaced.
    RecoveryCodesRenewed,
    /// A recovery code opened the account.
    RecoveryCodeUsed,
    /// A passkey opens the account now.
    PasskeyAdded,
    /// A passkey does not open it any more.
    PasskeyRemoved,
}

impl WayChange {
    /// Every change.
    pub const ALL: [Self; 8] = [
        Self::KakaoConnected,
        Self::KakaoRemoved,
        Self::AppAdded,
        Self::AppRemoved,
        Self::RecoveryCodesRenewed,
        Self::RecoveryCodeUsed,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
    ];

    /// Its name in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KakaoConnected => "kakao-connected",
            Self::KakaoRemoved => "kakao-removed",
            Self::AppAdded => "app-added",
            Self::AppRemoved => "app-removed",
            Self::RecoveryCodesRenewed => "recovery-codes-renewed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
        }
    }

    /// A whole sentence.
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::KakaoConnected, Language::Ko) => "카카오 계정이 연결되어, 이제 카카오로도 로그인할 수 있어요.",
            (Self::KakaoConnected, Language::En) => {
                "A Kakao account was connected: it can sign in to your account now."
            }
            (Self::KakaoRemoved, Language::Ko) => "카카오 계정 연결이 해제되어, 이제 그 계정으로는 로그인할 수 없어요.",
            (Self::KakaoRemoved, Language::En) => "A Kakao account was disconnected: it cannot sign in any more.",
            (Self::AppAdded, Language::Ko) => "인증 앱이 추가되어, 이제 로그인할 때 앱의 코드도 물어봐요.",
            (Self::AppAdded, Language::En) => {
                "An authenticator app was added: its code is asked for at every sign-in now."
            }
            (Self::AppRemoved, Language::Ko) => "인증 앱이 해제되어, 이제 로그인할 때 앱의 코드를 묻지 않아요.",
            (Self::AppRemoved, Language::En) => {
                "The authenticator app was removed: its code is not asked for any more."
            }
            (Self::RecoveryCodesRenewed, Language::Ko) => "복구 코드를 새로 만들어, 이전 코드는 쓸 수 없어요.",
            (Self::RecoveryCodesRenewed, Language::En) => {
                "New recovery codes were made: the old ones open nothing now."
            }
            (Self::RecoveryCodeUsed, Language::Ko) => "인증 앱 대신 복구 코드로 로그인했어요.",
            (Self::RecoveryCodeUsed, Language::En) => "Somebody signed in with a recovery code instead of the app.",
            (Self::PasskeyAdded, Language::Ko) => "패스키가 추가되어, 이제 패스키로도 로그인할 수 있어요.",
            (Self::PasskeyAdded, Language::En) => "A passkey was added: it can sign in to your account now.",
            (Self::PasskeyRemoved, Language::Ko) => "패스키가 삭제되어, 이제 그 패스키로는 로그인할 수 없어요.",
            (Self::PasskeyRemoved, Language::En) => "A passkey was removed: it cannot sign in any more.",
        }
    }
}
