//! A home with people in it.

use reqwest::Response;
use server::db::HouseholdId;
use server::db::households::{Role, insert_membership, list_households_of, list_members};

use crate::harness::browser::Browser;
use crate::harness::test_app::{Resident, TestApp};

/// Mina's home with one device, on a server of its own.
pub struct Home {
    pub app: TestApp,
    pub mina: Resident,
    pub id: HouseholdId,
}

/// Somebody else, signed in.
pub struct Person {
    pub who: Resident,
    pub browser: Browser,
}

impl Home {
    pub async fn new() -> Self {
        let app = TestApp::spawn().await;
        let mina = app.resident("mina@home.example", 1).await;
        let id = list_households_of(&app.db, mina.id).await.unwrap()[0].id;
        Self { app, mina, id }
    }

    /// Somebody with an account and nothing else.
    pub async fn stranger(&self, email: &str) -> Person {
        let who = self.app.resident(email, 0).await;
        let browser = self.app.signed_in(&who).await;
        Person { who, browser }
    }

    /// Somebody who lives here already.
    pub async fn person(&self, email: &str, role: Role) -> Person {
        let person = self.stranger(email).await;
        let mut tx = self.app.db.begin_write().await.unwrap();
        insert_membership(&mut tx, self.id, person.who.id, role).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// Everybody who lives here, and as what.
    pub async fn people(&self) -> Vec<(String, &'static str)> {
        let members = list_members(&self.app.db, self.id).await.unwrap();
        members
            .into_iter()
            .map(|member| (member.email, member.role.as_str()))
            .collect()
    }

    /// Sends a form of the family page about somebody.
    pub async fn post(&self, browser: &Browser, what: &str, user: &Resident, role: &str) -> String {
        let (household, user) = (self.id.0.to_string(), user.id.0.to_string());
        let fields = [("household", household.as_str()), ("user", &user), ("role", role)];
        self.said(
            browser,
            browser.post_form(&format!("/settings/family/{what}"), &fields).await,
        )
        .await
    }

    /// Asks somebody in.
    pub async fn invite(&self, browser: &Browser, email: &str, role: &str) -> String {
        let household = self.id.0.to_string();
        let fields = [("household", household.as_str()), ("email", email), ("role", role)];
        self.said(browser, browser.post_form("/settings/family/invite", &fields).await)
            .await
    }

    /// The sentence above the form on the page that an answer leads to.
    pub async fn said(&self, browser: &Browser, answer: Response) -> String {
        assert_eq!(answer.status(), 303, "a form answers with another page");
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        let page = browser.get(&location).await.text().await.unwrap();
        let notice = page.split("class=\"notice").nth(1).unwrap_or_default();
        let sentence = notice.split('>').nth(1).unwrap_or_default();
        sentence.split('<').next().unwrap_or_default().to_owned()
    }

    /// The token in the latest invitation to an address.
    pub async fn token_sent_to(&self, email: &str, mails: usize) -> String {
        let letters = self.app.mails_to(email, mails).await;
        let text = &letters.last().unwrap().text;
        let token = text.split("/invite?token=").nth(1).expect("the mail holds a link");
        token.chars().take_while(|c| !c.is_whitespace()).collect()
    }
}

impl Person {
    /// Accepts an invitation; the sentence on the page that follows.
    pub async fn accept(&self, home: &Home, token: &str) -> String {
        let answer = self.browser.post_form("/invite", &[("token", token)]).await;
        home.said(&self.browser, answer).await
    }

    /// The serials of the devices they may see.
    pub async fn devices(&self) -> Vec<String> {
        let devices = self.browser.json("/api/v1/devices").await;
        let serial = |device: &serde_json::Value| device["serial"].as_str().unwrap().to_owned();
        devices.as_array().unwrap().iter().map(serial).collect()
    }
}
