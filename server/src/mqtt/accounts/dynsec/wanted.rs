//! What the broker must know of a device, and what differs from it. Pure: a table tests it.

use std::collections::BTreeSet;

use domain::serial::Serial;
use serde_json::{Value, json};

use super::wire::{Answer, Command};

/// Beside the password, because that cannot be read back.
const MARK_PREFIX: &str = "templog ";

/// One rule of a role: kind, topic, priority, whether it allows.
pub(super) type Rule = (String, String, i64, bool);

/// The client of a device as the broker has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    bound_to: Option<String>,
    mark: Option<String>,
    disabled: bool,
    roles: Vec<String>,
    groups: usize,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is wrong or not, independently of the others"
)]
pub(super) struct Differences {
    /// The role is missing.
    pub no_role: bool,
    /// The role has other rules.
    pub other_rules: bool,
    /// The client is missing.
    pub no_client: bool,
    /// The client has the password of another generation.
    pub other_password: bool,
    /// The client is bound to another id, or has other roles or groups.
    pub other_bonds: bool,
    /// The client is disabled.
    pub disabled: bool,
}

impl Differences {
    /// Nothing is wrong.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Whether the password has to be told.
    pub const fn need_password(self) -> bool {
        self.no_client || self.other_password
    }
}

impl Client {
    /// Reads the answer to `getClient`; `None` if there is no such client.
    pub fn read(answer: &Answer) -> Option<Self> {
        let client = answer.data.get("client")?;
        let text = |name: &str| client[name].as_str().map(str::to_owned);
        let roles = client["roles"].as_array().cloned().unwrap_or_default();
        Some(Self {
            bound_to: text("clientid"),
            mark: text("textdescription"),
            disabled: client["disabled"].as_bool().unwrap_or(false),
            roles: roles
                .iter()
                .filter_map(|role| role["rolename"].as_str().map(str::to_owned))
                .collect(),
            groups: client["groups"].as_array().map_or(0, Vec::len),
        })
    }

    /// The names of its roles.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }
}

/// Reads the answer to `getRole`; `None` if there is no such role.
pub(super) fn read_rules(answer: &Answer) -> Option<BTreeSet<Rule>> {
    let role = answer.data.get("role")?;
    let rules = role["acls"].as_array().cloned().unwrap_or_default();
    let rule = |rule: &Value| {
        Some((
            rule["acltype"].as_str()?.to_owned(),
            rule["topic"].as_str()?.to_owned(),
            rule["priority"].as_i64().unwrap_or(0),
            rule["allow"].as_bool().unwrap_or(false),
        ))
    };
    Some(rules.iter().filter_map(rule).collect())
}

/// The role of a device.
pub(super) fn role_of(serial: Serial) -> String {
    format!("device-{serial}")
}

/// What a device may do, and that it may do nothing else: the higher priority is asked first.
pub(super) fn rules_of(serial: Serial) -> BTreeSet<Rule> {
    let own = |leaf: &str| format!("templog/v1/{serial}/{leaf}");
    let allow = |kind: &str, topic: String| (kind.to_owned(), topic, 1, true);
    let deny = |kind: &str, topic: &str| (kind.to_owned(), topic.to_owned(), 0, false);
    let mut rules: BTreeSet<Rule> = ["telemetry", "status", "reply"]
        .map(|leaf| allow("publishClientSend", own(leaf)))
        .into();
    rules.insert(allow("subscribePattern", own("#")));
    rules.insert(allow("publishClientReceive", own("#")));
    for kind in ["publishClientSend", "subscribePattern", "publishClientReceive"] {
        // `#` does not match what begins with `$`.
        rules.extend(["#", "$SYS/#", "$CONTROL/#"].map(|topic| deny(kind, topic)));
    }
    rules
}

/// Compares what the broker has with what it must have.
pub(super) fn compare(
    serial: Serial,
    mark: &str,
    client: Option<&Client>,
    rules: Option<&BTreeSet<Rule>>,
) -> Differences {
    let mut found = Differences {
        no_role: rules.is_none(),
        other_rules: rules.is_some_and(|rules| *rules != rules_of(serial)),
        no_client: client.is_none(),
        ..Differences::default()
    };
    if let Some(client) = client {
        let wanted_mark = format!("{MARK_PREFIX}{mark}");
        found.other_password = client.mark.as_deref() != Some(wanted_mark.as_str());
        found.other_bonds = client.bound_to.as_deref() != Some(serial.as_str())
            || client.roles != [role_of(serial)]
            || client.groups != 0;
        found.disabled = client.disabled;
    }
    found
}

/// The commands that take the differences away; `password` must be there if they [need](Differences::need_password) it.
pub(super) fn repair(serial: Serial, mark: &str, found: Differences, password: Option<&str>) -> Vec<Command> {
    let (name, role) = (serial.as_str(), role_of(serial));
    let rules = json!(rules_of(serial).iter().map(write_rule).collect::<Vec<_>>());
    let roles = json!([{"rolename": role, "priority": 0}]);
    let mark = format!("{MARK_PREFIX}{mark}");
    let mut commands = Vec::new();
    if found.no_role {
        commands.push(Command::new("createRole", json!({"rolename": role, "acls": rules})));
    } else if found.other_rules {
        commands.push(Command::new("modifyRole", json!({"rolename": role, "acls": rules})));
    }
    if found.no_client {
        let client =
            json!({"username": name, "password": password, "clientid": name, "textdescription": mark, "roles": roles});
        commands.push(Command::new("createClient", client));
    } else if found.other_password || found.other_bonds {
        let mut client = json!({"username": name, "clientid": name, "roles": roles, "groups": []});
        if found.other_password {
            client["password"] = json!(password);
            client["textdescription"] = json!(mark);
        }
        commands.push(Command::new("modifyClient", client));
    }
    if found.disabled {
        commands.push(Command::new("enableClient", json!({"username": name})));
    }
    commands
}

pub(super) fn write_rule((kind, topic, priority, allow): &Rule) -> Value {
    json!({"acltype": kind, "topic": topic, "priority": priority, "allow": allow})
}
