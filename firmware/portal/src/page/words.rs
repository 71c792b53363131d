//! Every word of the page, in Korean and English.

use crate::settings::Field;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Korean,
    English,
}

pub struct Words {
    pub title: &'static str,
    pub lead: &'static str,
    pub look_again: &'static str,
    pub wifi: &'static str,
    pub another: &'static str,
    pub its_name: &'static str,
    pub strong: &'static str,
    pub fair: &'static str,
    pub weak: &'static str,
    pub open: &'static str,
    pub device: &'static str,
    pub by_hand: &'static str,
    pub server: &'static str,
    pub serial: &'static str,
    pub save: &'static str,
    pub saved_title: &'static str,
    pub saved_lead: &'static str,
    pub saved_trouble: &'static str,
    /// Wi-Fi password, line, server, serial, device password: label, hint, what is wrong.
    fields: [(&'static str, &'static str, &'static str); 5],
    no_network: &'static str,
}

const ENGLISH: Words = Words {
    title: "Set up this sensor",
    lead: "Tell it which Wi-Fi to use and where its readings go. It takes a minute.",
    look_again: "Nothing was saved yet: look at the marked field.",
    wifi: "Wi-Fi",
    another: "Another network",
    its_name: "Name of the other network",
    strong: "strong",
    fair: "fair",
    weak: "weak",
    open: "open · ",
    device: "Sensor",
    by_hand: "Enter it by hand",
    server: "Server",
    serial: "Serial",
    save: "Save and connect",
    saved_title: "Saved",
    saved_lead: "The sensor leaves this network now and joins yours. You may close this page.",
    saved_trouble: "If the lamp still blinks quickly after a minute, hold the button for 5 seconds and begin again.",
    fields: [
        (
            "Wi-Fi password",
            "Leave it empty for an open network.",
            "A Wi-Fi password has 8 to 63 characters. Type it again.",
        ),
        (
            "Line from the sticker",
            "Scan the QR code of the credentials with your phone, copy the text and paste it here.",
            "This is not a line of credentials. It begins with mqtt:// or with { and is pasted whole.",
        ),
        (
            "Server",
            "",
            "A server is mqtt://name:port, for example mqtt://192.168.0.10:1883. Encrypted mqtts:// is not possible yet.",
        ),
        (
            "Serial",
            "",
            "A serial is TL- and eight letters or digits, as on the sticker.",
        ),
        (
            "Device password",
            "",
            "The password must not be empty. Copy it from where the sensor was registered.",
        ),
    ],
    no_network: "Choose a network, or write the name of another one: 1 to 32 bytes.",
};

const KOREAN: Words = Words {
    title: "센서 설정",
    lead: "사용할 와이파이와 측정값을 보낼 곳을 알려 주세요. 1분이면 됩니다.",
    look_again: "아직 저장하지 않았습니다. 표시된 칸을 확인해 주세요.",
    wifi: "와이파이",
    another: "다른 네트워크",
    its_name: "다른 네트워크의 이름",
    strong: "강함",
    fair: "보통",
    weak: "약함",
    open: "공개 · ",
    device: "센서",
    by_hand: "직접 입력하기",
    server: "서버",
    serial: "일련번호",
    save: "저장하고 연결하기",
    saved_title: "저장했습니다",
    saved_lead: "이제 센서가 이 네트워크를 떠나 집의 와이파이에 연결합니다. 이 화면은 닫아도 됩니다.",
    saved_trouble: "1분 뒤에도 램프가 빠르게 깜박이면 버튼을 5초 동안 누르고 처음부터 다시 해 주세요.",
    fields: [
        (
            "와이파이 비밀번호",
            "공개 네트워크라면 비워 두세요.",
            "와이파이 비밀번호는 8자에서 63자입니다. 다시 입력해 주세요.",
        ),
        (
            "스티커의 연결 정보",
            "연결 정보 QR 코드를 휴대폰으로 읽고 글자를 복사해 여기에 붙여 넣으세요.",
            "연결 정보가 아닙니다. mqtt:// 또는 { 로 시작하는 글자를 처음부터 끝까지 붙여 넣어 주세요.",
        ),
        (
            "서버",
            "",
            "서버는 mqtt://이름:포트 모양입니다. 예: mqtt://192.168.0.10:1883. 암호화한 mqtts:// 는 아직 지원하지 않습니다.",
        ),
        ("일련번호", "", "일련번호는 스티커에 있는 TL- 과 여덟 글자입니다."),
        (
            "기기 비밀번호",
            "",
            "비밀번호를 비워 둘 수 없습니다. 센서를 등록한 곳에서 복사해 주세요.",
        ),
    ],
    no_network: "네트워크를 고르거나 다른 네트워크의 이름을 1~32바이트로 적어 주세요.",
};

impl Language {
    /// The one asked for by `lang=`, or else the first of the phone's that there is, or else English.
    pub fn choose(query: &str, accepted: &str) -> Self {
        let named = |name: &str| match name.get(..2) {
            Some("ko") => Some(Self::Korean),
            Some("en") => Some(Self::English),
            _ => None,
        };
        let asked = query.split('&').find_map(|pair| named(pair.strip_prefix("lang=")?));
        let liked = || accepted.split(',').find_map(|name| named(name.trim()));
        asked.or_else(liked).unwrap_or(Self::English)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Korean => "한국어",
            Self::English => "English",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Korean => Self::English,
            Self::English => Self::Korean,
        }
    }

    pub const fn words(self) -> Words {
        match self {
            Self::Korean => KOREAN,
            Self::English => ENGLISH,
        }
    }
}

impl Words {
    pub const fn label(&self, field: Field) -> (&'static str, &'static str) {
        match field {
            Field::Ssid => (self.its_name, ""),
            field => (self.field(field).0, self.field(field).1),
        }
    }

    pub const fn flaw(&self, field: Field) -> &'static str {
        match field {
            Field::Ssid => self.no_network,
            field => self.field(field).2,
        }
    }

    const fn field(&self, field: Field) -> (&'static str, &'static str, &'static str) {
        self.fields[match field {
            Field::Ssid | Field::WifiPassword => 0,
            Field::Line => 1,
            Field::Server => 2,
            Field::Serial => 3,
            Field::Password => 4,
        }]
    }
}
