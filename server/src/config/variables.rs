//! The list of environment variables: one table that both the reader and `--help` go by.

/// One `TEMPLOG_*` variable.
pub(super) struct Variable {
    /// Its full name.
    pub name: &'static str,
    /// What holds if it is unset, in words.
    pub default: &'static str,
    /// What it decides.
    pub meaning: &'static str,
    /// A right value, shown when a wrong one was given.
    pub example: &'static str,
}

pub(super) const HTTP_ADDR: Variable = Variable {
    name: "TEMPLOG_HTTP_ADDR",
    default: "127.0.0.1:3000",
    meaning: "address and port of the pages and the API",
    example: "0.0.0.0:3000",
};

pub(super) const PUBLIC_URL: Variable = Variable {
    name: "TEMPLOG_PUBLIC_URL",
    default: "http://localhost and the port above",
    meaning: "the address people type; https makes cookies Secure",
    example: "https://home.example",
};

pub(super) const DATA_DIR: Variable = Variable {
    name: "TEMPLOG_DATA_DIR",
    default: "./data",
    meaning: "folder of the SQLite file and the secret key",
    example: "/var/lib/templog",
};

pub(super) const DATABASE_URL: Variable = Variable {
    name: "TEMPLOG_DATABASE_URL",
    default: "SQLite file in the data folder",
    meaning: "mysql:// takes MariaDB 10.6 or newer",
    example: "mysql://user:password@localhost/templog",
};

pub(super) const MQTT_URL: Variable = Variable {
    name: "TEMPLOG_MQTT_URL",
    default: "the broker inside this process",
    meaning: "an outside MQTT 5 broker, such as Mosquitto",
    example: "mqtt://user:password@localhost:1883",
};

pub(super) const MQTT_LISTEN: Variable = Variable {
    name: "TEMPLOG_MQTT_LISTEN",
    default: "127.0.0.1:1883",
    meaning: "address and port of the broker inside",
    example: "0.0.0.0:1883",
};

pub(super) const MQTT_CLIENT_CERT: Variable = Variable {
    name: "TEMPLOG_MQTT_CLIENT_CERT",
    default: "none: the broker asks for no certificate",
    meaning: "PEM file of the certificate to show to an mqtts:// broker",
    example: "/etc/templog/client.pem",
};

pub(super) const MQTT_CLIENT_KEY: Variable = Variable {
    name: "TEMPLOG_MQTT_CLIENT_KEY",
    default: "none",
    meaning: "PEM file of its private key",
    example: "/etc/templog/client.key",
};

pub(super) const MQTT_AUTH_TOKEN: Variable = Variable {
    name: "TEMPLOG_MQTT_AUTH_TOKEN",
    default: "none: nobody asks",
    meaning: "bearer token of an outside broker that asks who may connect (EMQX)",
    example: "the output of `openssl rand -base64 32`",
};

pub(super) const REDIS_URL: Variable = Variable {
    name: "TEMPLOG_REDIS_URL",
    default: "none: this instance is the only one",
    meaning: "what several instances tell each other by",
    example: "redis://localhost:6379",
};

pub(super) const INSTANCE: Variable = Variable {
    name: "TEMPLOG_INSTANCE",
    default: "none: this instance is the only one",
    meaning: "name among several at one broker; keep it over restarts",
    example: "b",
};

pub(super) const SITE_DIR: Variable = Variable {
    name: "TEMPLOG_SITE_DIR",
    default: "in the program, else `site` beside it, else target/site",
    meaning: "files built for the browser",
    example: "/usr/share/templog/site",
};

pub(super) const OPERATOR_TOKEN: Variable = Variable {
    name: "TEMPLOG_OPERATOR_TOKEN",
    default: "none: only signed-in operators",
    meaning: "bearer token of the shop's system (better 32 characters or more)",
    example: "the output of `openssl rand -base64 32`",
};

pub(super) const SECRET_KEY: Variable = Variable {
    name: "TEMPLOG_SECRET_KEY",
    default: "made once, kept in the data folder",
    meaning: "base64 of 32 bytes; signs sessions",
    example: "the output of `openssl rand -base64 32`",
};

pub(super) const TRUSTED_PROXIES: Variable = Variable {
    name: "TEMPLOG_TRUSTED_PROXIES",
    default: "none: X-Forwarded-* is ignored",
    meaning: "addresses of the reverse proxies in front, with commas",
    example: "127.0.0.1, 10.0.0.0/8, fd00::/8",
};

pub(super) const SMTP_URL: Variable = Variable {
    name: "TEMPLOG_SMTP_URL",
    default: ".eml files in the data folder; /dev/mailbox shows them on this machine",
    meaning: "mail server: smtp:// with STARTTLS, smtps:// with TLS at once",
    example: "smtps://user:password@mail.example:465",
};

pub(super) const MAIL_FROM: Variable = Variable {
    name: "TEMPLOG_MAIL_FROM",
    default: "templog@localhost; needed with a mail server",
    meaning: "sender of every mail",
    example: "TempLog <no-reply@home.example>",
};

pub(super) const KAKAO_CLIENT_ID: Variable = Variable {
    name: "TEMPLOG_KAKAO_CLIENT_ID",
    default: "none: no signing in with Kakao",
    meaning: "REST API key of an app at developers.kakao.com",
    example: "0123456789abcdef0123456789abcdef",
};

pub(super) const KAKAO_CLIENT_SECRET: Variable = Variable {
    name: "TEMPLOG_KAKAO_CLIENT_SECRET",
    default: "none",
    meaning: "client secret of the same app, if it has one",
    example: "as the Kakao console shows it",
};

pub(super) const KAKAO_AUTH_BASE: Variable = Variable {
    name: "TEMPLOG_KAKAO_AUTH_BASE",
    default: super::kakao::AUTH_BASE,
    meaning: "where people sign in to Kakao; another one only in tests",
    example: "https://kauth.kakao.com",
};

pub(super) const KAKAO_API_BASE: Variable = Variable {
    name: "TEMPLOG_KAKAO_API_BASE",
    default: super::kakao::API_BASE,
    meaning: "where Kakao tells who they are; another one only in tests",
    example: "https://kapi.kakao.com",
};

pub(super) const HEARTBEAT_URL: Variable = Variable {
    name: "TEMPLOG_HEARTBEAT_URL",
    default: "none: nobody outside is told",
    meaning: "asked for each minute while intake, database and outbox are well",
    example: "https://monitor.example/ping/5f2c",
};

pub(super) const PUSH_HOSTS: Variable = Variable {
    name: "TEMPLOG_PUSH_HOSTS",
    default: "public",
    meaning: "where push services may be; `loopback` adds this machine, only for tests",
    example: "public",
};

/// Every variable, in the order of `--help`.
pub(super) const ALL: &[Variable] = &[
    HTTP_ADDR,
    PUBLIC_URL,
    DATA_DIR,
    DATABASE_URL,
    MQTT_URL,
    MQTT_LISTEN,
    MQTT_CLIENT_CERT,
    MQTT_CLIENT_KEY,
    MQTT_AUTH_TOKEN,
    REDIS_URL,
    INSTANCE,
    SMTP_URL,
    MAIL_FROM,
    KAKAO_CLIENT_ID,
    KAKAO_CLIENT_SECRET,
    KAKAO_AUTH_BASE,
    KAKAO_API_BASE,
    PUSH_HOSTS,
    HEARTBEAT_URL,
    SITE_DIR,
    OPERATOR_TOKEN,
    SECRET_KEY,
    TRUSTED_PROXIES,
];

/// The table as `templog serve --help` prints it.
pub(super) fn help() -> String {
    let lines = ALL.iter().map(|v| {
        format!(
            "  {:<23} {}\n  {:<23} [default: {}]\n",
            v.name, v.meaning, "", v.default
        )
    });
    let from_file = "\n`templog serve` also reads a file `.env` in the working folder, if there is one, as NAME=value lines.\n\
                     The real environment wins.\n";
    std::iter::once("Environment (all optional):\n".to_owned())
        .chain(lines)
        .chain([from_file.to_owned()])
        .collect()
}
