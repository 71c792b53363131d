//! Houses to look at, behind the port.

use app::api::accounts::{AccountView, Awaited, FarewellView, SessionView};
use app::api::alerts::{AlertView, NotificationsView, PresetView, Reader, RulesView};
use app::api::console::{ConsoleView, OrderView, ProductView};
use app::api::family::{FamilyView, InvitationView};
use app::api::health::HealthView;
use app::api::history::{ComparedRoom, CoursePoint, CourseView, DayView, Means, PatternCell, PeriodView, RoomName};
use app::api::operations::Operation;
use app::api::rooms::{Band, DayPoint, HomeView, Now, RoomCard, RoomSettings, RoomView, SlotPoint, Today, Trend};
use app::api::tokens::TokenView;
use app::backend::{
    Accounts, Alerts, Backend, Console, CurrentUser, Families, History, PendingProof, Rooms, SignInWays,
    SignInWaysView, Tokens, TotpEnrolment, UserId,
};
use app::error::AppError;
use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::alert::{Preset, Rule};

/// 2026-11-20T15:24:05+09:00.
pub const NOW: i64 = 1_795_155_845_000;
/// The person who lives in every house here.
pub const OWNER: UserId = UserId(7);
/// Serial number of the living room's device.
pub const LIVING: &str = "TL-7K3F9Q2M";

/// A household, as the server would tell of it.
#[derive(Clone)]
pub struct House {
    pub home: Result<HomeView, AppError>,
}

impl House {
    /// Two rooms that report.
    pub fn calm() -> Self {
        Self::of(vec![room(LIVING, "거실", 23.4), room("TL-00000002", "부엌", 22.0)])
    }

    /// These rooms.
    pub fn of(rooms: Vec<RoomCard>) -> Self {
        Self {
            home: Ok(HomeView {
                household: "우리 집".into(),
                demo: false,
                may_ask: true,
                untold: false,
                rooms,
            }),
        }
    }

    /// A house whose server cannot answer.
    pub fn failing(error: AppError) -> Self {
        Self { home: Err(error) }
    }

    /// The same house as the demonstration household.
    pub fn demo(mut self) -> Self {
        if let Ok(home) = &mut self.home {
            home.demo = true;
        }
        self
    }
}

#[async_trait]
impl Alerts for House {
    async fn rules(&self, _who: UserId, serial: String, _trial: Option<Rule>) -> Result<RulesView, AppError> {
        let presets = Preset::ALL.map(|preset| PresetView {
            preset,
            rules: preset.rules(),
            last_week: 3,
            is_on: preset == Preset::Mould,
        });
        Ok(RulesView {
            serial,
            name: "거실".into(),
            may_change: true,
            rules: Vec::new(),
            presets: presets.into(),
            trial: None,
        })
    }

    async fn alerts(&self, _who: UserId, _reader: Reader) -> Result<Vec<AlertView>, AppError> {
        Ok(Vec::new())
    }

    async fn letter(&self, _token: String, _reader: Reader) -> Result<Vec<AlertView>, AppError> {
        Err(AppError::NotFound)
    }

    async fn notifications(&self, _who: UserId, _headers: HeaderMap) -> Result<NotificationsView, AppError> {
        Err(AppError::Unavailable)
    }
}

#[async_trait]
impl SignInWays for House {
    fn offers_kakao(&self) -> bool {
        false
    }

    async fn kakao_departure(&self, _: String) -> Result<Option<String>, AppError> {
        Ok(None)
    }

    async fn pending_proof(&self, _: String) -> Result<Option<PendingProof>, AppError> {
        Ok(None)
    }

    async fn awaits_code(&self, _: String) -> Result<bool, AppError> {
        Ok(false)
    }

    async fn totp_enrolment(&self, _: UserId, _: String) -> Result<Option<TotpEnrolment>, AppError> {
        Ok(None)
    }

    async fn take_recovery_codes(&self, _: String, _: UserId) -> Result<Option<Vec<String>>, AppError> {
        Ok(None)
    }

    fn offers_passkeys(&self) -> bool {
        false
    }

    async fn passkey_enrolment(&self, _: String, _: UserId) -> Result<Option<String>, AppError> {
        Ok(None)
    }

    async fn passkey_question(&self, _: String) -> Result<Option<String>, AppError> {
        Ok(None)
    }

    async fn sign_in_ways(&self, _: UserId, _: Option<i64>) -> Result<SignInWaysView, AppError> {
        Ok(SignInWaysView::default())
    }
}

#[async_trait]
impl Tokens for House {
    async fn tokens(&self, _: UserId) -> Result<Vec<TokenView>, AppError> {
        Ok(Vec::new())
    }

    async fn take_new_token(&self, _: String, _: UserId) -> Result<Option<String>, AppError> {
        Ok(None)
    }
}

#[async_trait]
impl Families for House {
    async fn families(&self, _: UserId) -> Result<Vec<FamilyView>, AppError> {
        Ok(Vec::new())
    }

    async fn invitation(&self, _: &str) -> Result<Option<InvitationView>, AppError> {
        Ok(None)
    }
}

#[async_trait]
impl Console for House {
    async fn console(&self, _: &CurrentUser, _: &str, _: u32) -> Result<ConsoleView, AppError> {
        Err(AppError::Forbidden)
    }

    async fn product(&self, _: &CurrentUser, _: &str) -> Result<ProductView, AppError> {
        Err(AppError::Forbidden)
    }

    async fn order(&self, _: &CurrentUser, _: &str) -> Result<OrderView, AppError> {
        Err(AppError::Forbidden)
    }

    async fn health(&self, _: &CurrentUser) -> Result<HealthView, AppError> {
        Err(AppError::Forbidden)
    }
}

impl Backend for House {
    fn now(&self) -> i64 {
        NOW
    }

    fn operations(&self) -> Vec<Operation> {
        Vec::new()
    }

    fn zones(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A room measured twelve seconds ago, with a gap in its last 24 hours.
pub fn room(serial: &str, name: &str, t: f64) -> RoomCard {
    RoomCard {
        serial: serial.into(),
        name: name.into(),
        room: String::new(),
        now: Some(Now {
            at: NOW - 12_000,
            local: "2026-11-20T15:23:53+09:00".into(),
            t: Some(t),
            h: Some(48.2),
        }),
        presence: "online".into(),
        interval_s: 60,
        will_offline: false,
        listening_since: NOW - 86_400_000,
        alarm: None,
        trend: Some(Trend {
            delta_c: 0.1,
            minutes: 50,
        }),
        today: Some(today()),
        spark: (0..48)
            .map(|nth| (nth != 20).then_some(t + f64::from(nth) / 48.0))
            .collect(),
    }
}

/// The same room, last heard of 38 minutes ago.
pub fn silent(mut room: RoomCard) -> RoomCard {
    room.now = Some(Now {
        at: NOW - 38 * 60_000,
        local: "2026-11-20T14:46:05+09:00".into(),
        t: Some(8.7),
        h: None,
    });
    room.presence = "offline".into();
    room
}

fn today() -> Today {
    Today {
        t_avg: Some(22.9),
        t_min: Some(21.2),
        t_max: Some(24.1),
        h_avg: Some(47.0),
        h_min: Some(44.0),
        h_max: Some(51.0),
        coverage: 0.915,
        covered_min: 845,
        elapsed_min: 924,
    }
}

fn band(avg: f64) -> Band {
    Band {
        avg,
        min: avg - 1.0,
        max: avg + 1.5,
    }
}

#[async_trait]
impl Accounts for House {
    async fn awaited(&self, _: Awaited, _: HeaderMap) -> Result<Option<String>, AppError> {
        Ok(Some("min@templog.example".into()))
    }

    async fn account(&self, who: UserId) -> Result<AccountView, AppError> {
        assert_eq!(who, OWNER);
        Ok(AccountView {
            email: "min@templog.example".into(),
            has_password: true,
            events: Vec::new(),
        })
    }

    async fn farewell(&self, who: UserId, _: Option<i64>) -> Result<FarewellView, AppError> {
        assert_eq!(who, OWNER);
        Ok(FarewellView::default())
    }

    async fn sessions(&self, who: UserId, _: HeaderMap) -> Result<Vec<SessionView>, AppError> {
        assert_eq!(who, OWNER);
        Ok(Vec::new())
    }
}

#[async_trait]
impl Rooms for House {
    async fn home(&self, who: UserId) -> Result<HomeView, AppError> {
        assert_eq!(who, OWNER);
        self.home.clone()
    }

    async fn showcase(&self) -> Result<Option<RoomCard>, AppError> {
        let home = self.home.clone()?;
        Ok(home.rooms.into_iter().next().filter(|_| home.demo))
    }

    async fn room(&self, who: UserId, serial: String) -> Result<RoomView, AppError> {
        let home = self.home(who).await?;
        let card = home
            .rooms
            .into_iter()
            .find(|card| card.serial == serial)
            .ok_or(AppError::NotFound)?;
        let slot = |hour: i64| SlotPoint {
            start: NOW,
            end: NOW + 7_200_000,
            local: format!("2026-11-20T{hour:02}:00:00+09:00"),
            t: Some(band(22.0)),
            h: Some(band(48.0)),
            coverage: 0.5,
        };
        Ok(RoomView {
            card,
            household: home.household,
            demo: home.demo,
            may_change: true,
            zone: "Asia/Seoul".into(),
            slots: vec![slot(0), slot(4)],
        })
    }

    async fn room_settings(&self, _: UserId, _: String) -> Result<RoomSettings, AppError> {
        Err(AppError::NotFound)
    }
}

impl House {
    async fn name(&self, who: UserId, serial: &str) -> Result<RoomName, AppError> {
        let room = self.room(who, serial.to_owned()).await?;
        Ok(RoomName {
            serial: room.card.serial,
            name: room.card.name,
        })
    }
}

/// One day in which the third of a period is missing.
fn day_point(nth: u16) -> DayPoint {
    let is_missing = nth == 2;
    DayPoint {
        day: format!("2026-11-{:02}", nth % 30 + 1),
        start: NOW,
        covered_min: if is_missing { 0 } else { 22 * 60 + 10 },
        length_min: 24 * 60,
        n: if is_missing { 0 } else { 1330 },
        t: (!is_missing).then(|| band(20.0 + f64::from(nth))),
        h: (!is_missing).then(|| band(50.0)),
    }
}

#[async_trait]
impl History for House {
    async fn period(&self, who: UserId, serial: String, days: u16) -> Result<PeriodView, AppError> {
        self.name(who, &serial).await?;
        let means = |t| Means {
            t: Some(t),
            h: Some(50.0),
        };
        Ok(PeriodView {
            days: (0..days).map(day_point).collect(),
            means: means(23.0),
            before: Some(means(21.8)),
            alerts: (0..days).map(|nth| if nth == 4 { 2 } else { 0 }).collect(),
        })
    }

    async fn day(&self, who: UserId, serial: String, day: Option<String>) -> Result<DayView, AppError> {
        let slots = self.room(who, serial.clone()).await?.slots;
        Ok(DayView {
            room: self.name(who, &serial).await?,
            day: day.unwrap_or_else(|| "2026-11-20".into()),
            earlier: Some("2026-11-18".into()),
            later: None,
            slots,
            t: Some(band(22.0)),
            h: Some(band(48.0)),
            covered_min: 22 * 60 + 10,
            length_min: 25 * 60,
        })
    }

    async fn pattern(&self, who: UserId, serial: String, _: u16) -> Result<Vec<PatternCell>, AppError> {
        self.name(who, &serial).await?;
        let cell = |weekday, slot, t| PatternCell {
            weekday,
            slot,
            means: Means { t: Some(t), h: None },
        };
        Ok(vec![cell(0, 2, 19.2), cell(5, 7, 24.8)])
    }

    async fn course(&self, who: UserId, serial: String) -> Result<CourseView, AppError> {
        self.name(who, &serial).await?;
        let point = |minutes: i64, t| CoursePoint {
            at: NOW - minutes * 60_000,
            means: Means {
                t: Some(t),
                h: Some(48.0),
            },
        };
        Ok(CourseView {
            points: vec![point(600, 20.1), point(5, 23.4)],
            gap_ms: 13 * 60_000,
            from: NOW - 86_400_000,
            to: NOW,
            offset_ms: 9 * 3_600_000,
            alerts: Vec::new(),
        })
    }

    async fn compared(&self, who: UserId, days: u16) -> Result<Vec<ComparedRoom>, AppError> {
        let rooms = self.home(who).await?.rooms.into_iter();
        let compared = |card: RoomCard| ComparedRoom {
            room: RoomName {
                serial: card.serial,
                name: card.name,
            },
            days: (0..days).map(day_point).collect(),
            means: Means {
                t: card.now.and_then(|now| now.t),
                h: None,
            },
        };
        Ok(rooms.map(compared).collect())
    }
}
