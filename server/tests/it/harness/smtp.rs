//! A mail server that takes mail like any other, or behaves as badly as a test wants it to.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use server::mail::config::Transport;
use server::mail::{MailConfig, Sender, SmtpUrl};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server does with one attempt to send one mail.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Takes it.
    Accept,
    /// Answers `RCPT TO` with this.
    RefuseRecipient(&'static str),
    /// Answers the whole mail with this.
    RefuseContent(&'static str),
    /// Takes the whole mail, forgets it and hangs up without a word.
    HangUp,
    /// Takes the mail and says so only after [`SmtpServer::release`].
    Hold,
    /// Says nothing to `RCPT TO`, ever.
    Ignore,
    /// Takes it, and hangs up afterwards.
    AcceptAndClose,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// As it was before it went over the line.
    pub content: String,
    /// Whether it came over TLS.
    pub encrypted: bool,
    /// Who had signed in.
    pub user: Option<String>,
}

impl Taken {
    /// A header, decoded.
    pub fn header(&self, name: &str) -> String {
        use mailparse::MailHeaderMap as _;
        let mail = mailparse::parse_mail(self.content.as_bytes()).expect("a mail");
        mail.headers.get_first_value(name).unwrap_or_default()
    }

    /// The bodies, decoded: text and HTML.
    pub fn bodies(&self) -> Vec<String> {
        let mail = mailparse::parse_mail(self.content.as_bytes()).expect("a mail");
        mail.subparts
            .iter()
            .map(|part| part.get_body().expect("decodes").replace("\r\n", "\n"))
            .collect()
    }
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    #[default]
    Off,
    Offered,
    AtOnce,
}

/// What a test wants to be different.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub tls: Tls,
    /// User and password without which no mail is taken.
    pub account: Option<(&'static str, &'static str)>,
}

/// Decides about the n-th attempt (from 1) to send to an address.
type Decide = Box<dyn Fn(&str, usize) -> Manner + Send + Sync>;

/// A running server; it ends with its value.
pub struct SmtpServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    listening: AbortHandle,
    folder: TempDir,
}

struct Shared {
    options: Options,
    acceptor: Option<TlsAcceptor>,
    decide: Mutex<Decide>,
    attempts: Mutex<HashMap<String, usize>>,
    taken: watch::Sender<Vec<Taken>>,
    released: watch::Sender<bool>,
    /// Recipients that were ever named.
    asked: watch::Sender<BTreeSet<String>>,
    connections: watch::Sender<usize>,
    /// Callers that have not left yet.
    callers: watch::Sender<usize>,
    /// Every command that came in, secrets included.
    heard: Mutex<Vec<String>>,
}

impl SmtpServer {
    /// Without TLS and password, and taking everything.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let acceptor = (options.tls != Tls::Off).then(|| certificate(&folder));
        let shared = Arc::new(Shared {
            options,
            acceptor,
            decide: Mutex::new(Box::new(|_, _| Manner::Accept)),
            attempts: Mutex::default(),
            taken: watch::Sender::default(),
            released: watch::Sender::default(),
            asked: watch::Sender::default(),
            connections: watch::Sender::default(),
            callers: watch::Sender::default(),
            heard: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared))).abort_handle();
        Self {
            address,
            shared,
            listening,
            folder,
        }
    }

    /// From now on decides by recipient and attempt.
    pub fn behave(&self, decide: impl Fn(&str, usize) -> Manner + Send + Sync + 'static) {
        *self.shared.decide.lock().unwrap() = Box::new(decide);
    }

    /// Lets held mails go.
    pub fn release(&self) {
        self.shared.released.send_replace(true);
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.borrow().clone()
    }

    /// Waits until so many mails were taken.
    pub async fn wait_for(&self, count: usize) -> Vec<Taken> {
        let mut taken = self.shared.taken.subscribe();
        let enough = tokio::time::timeout(PATIENCE, taken.wait_for(|taken| taken.len() >= count)).await;
        enough
            .unwrap_or_else(|_| panic!("{} of {count} mails came", self.taken().len()))
            .unwrap()
            .clone()
    }

    /// Waits until somebody names a recipient: from then on the attempt has been counted.
    pub async fn asked_to_send(&self) {
        let mut asked = self.shared.asked.subscribe();
        tokio::time::timeout(PATIENCE, asked.wait_for(|asked| !asked.is_empty()))
            .await
            .expect("a mail is offered")
            .unwrap();
    }

    /// The same for this recipient.
    pub async fn asked_to_send_to(&self, to: &str) {
        let mut asked = self.shared.asked.subscribe();
        tokio::time::timeout(PATIENCE, asked.wait_for(|asked| asked.contains(to)))
            .await
            .expect("a mail is offered")
            .unwrap();
    }

    /// Waits until a mail to this recipient was taken.
    pub async fn wait_for_mail_to(&self, to: &str) {
        let mut taken = self.shared.taken.subscribe();
        let came = taken.wait_for(|taken| taken.iter().any(|mail| mail.to == to));
        tokio::time::timeout(PATIENCE, came)
            .await
            .expect("a mail comes")
            .unwrap();
    }

    /// Waits until every caller has left: what the dead had sent has been taken.
    pub async fn quiet(&self) {
        let mut callers = self.shared.callers.subscribe();
        tokio::time::timeout(PATIENCE, callers.wait_for(|callers| *callers == 0))
            .await
            .expect("callers leave")
            .unwrap();
    }

    /// How often it was connected to.
    pub fn connections(&self) -> usize {
        *self.shared.connections.borrow()
    }

    /// Every command that came in.
    pub fn heard(&self) -> String {
        self.shared.heard.lock().unwrap().join("\n")
    }

    /// The server's address as `TEMPLOG_SMTP_URL`, with the certificate's authority and a password if it needs one.
    pub fn url(&self) -> String {
        let scheme = if self.shared.options.tls == Tls::AtOnce {
            "smtps"
        } else {
            "smtp"
        };
        let account = self
            .shared
            .options
            .account
            .map_or_else(String::new, |(user, pw)| format!("{user}:{pw}@"));
        let query = match self.shared.options.tls {
            Tls::Off => String::new(),
            Tls::Offered => format!("?tls=starttls&ca={}", self.authority().display()),
            Tls::AtOnce => format!("?ca={}", self.authority().display()),
        };
        format!("{scheme}://{account}localhost:{}{query}", self.address.port())
    }

    /// Sends to this server, from `home@example.com`.
    pub fn config(&self) -> MailConfig {
        config_of(&self.url())
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

/// Sends to a server of this address.
pub fn config_of(url: &str) -> MailConfig {
    let transport = Transport::Smtp(SmtpUrl::parse(url).expect("the test's own address"));
    MailConfig {
        transport,
        from: Sender::parse("우리 집 <home@example.com>").expect("an address"),
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn certificate(folder: &TempDir) -> TlsAcceptor {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).expect("a name");
    std::fs::write(folder.path().join("ca.pem"), cert.pem()).expect("a temporary file can be written");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("ring knows them").with_no_client_auth();
    let config = config
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("they belong together");
    TlsAcceptor::from(Arc::new(config))
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (stream, _) = listener.accept().await.expect("the port is ours");
        shared.connections.send_modify(|count| *count += 1);
        let shared = Arc::clone(&shared);
        // A caller may hang up at any moment.
        shared.callers.send_modify(|count| *count += 1);
        tokio::spawn(async move {
            _ = serve(stream, &shared).await;
            shared.callers.send_modify(|count| *count -= 1);
        });
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    match (shared.options.tls, &shared.acceptor) {
        (Tls::AtOnce, Some(acceptor)) => {
            let stream = acceptor.accept(stream).await?;
            Session::new(stream, shared, true).talk(true).await?;
        }
        (Tls::Offered, Some(acceptor)) => {
            if let Some(stream) = Session::new(stream, shared, false).talk(true).await? {
                let stream = acceptor.accept(stream).await?;
                Session::new(stream, shared, true).talk(false).await?;
            }
        }
        _ => _ = Session::new(stream, shared, false).talk(true).await?,
    }
    Ok(())
}

/// One caller.
struct Session<'s, S> {
    stream: BufReader<S>,
    shared: &'s Shared,
    encrypted: bool,
    user: Option<String>,
    from: String,
    to: String,
    manner: Manner,
}

impl<'s, S: AsyncRead + AsyncWrite + Unpin> Session<'s, S> {
    fn new(stream: S, shared: &'s Shared, encrypted: bool) -> Self {
        let (from, to) = (String::new(), String::new());
        Self {
            stream: BufReader::new(stream),
            shared,
            encrypted,
            user: None,
            from,
            to,
            manner: Manner::Accept,
        }
    }

    /// Until the caller leaves (`None`) or wants TLS (the bare stream).
    async fn talk(mut self, greet: bool) -> std::io::Result<Option<S>> {
        if greet {
            self.say("220 test ESMTP").await?;
        }
        while let Some(line) = self.line().await? {
            self.shared.heard.lock().unwrap().push(line.clone());
            let (verb, argument) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.greet().await?,
                "STARTTLS" => {
                    self.say("220 go on").await?;
                    return Ok(Some(self.stream.into_inner()));
                }
                "AUTH" => self.sign_in(argument).await?,
                "MAIL" => {
                    self.from = address(argument);
                    let welcome = self.shared.options.account.is_none() || self.user.is_some();
                    self.say(if welcome { "250 ok" } else { "530 5.7.0 sign in first" })
                        .await?;
                }
                "RCPT" => self.recipient(address(argument)).await?,
                "DATA" => {
                    self.say("354 go on").await?;
                    if !self.content().await? {
                        return Ok(None);
                    }
                }
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(None);
                }
                _ => self.say("250 ok").await?,
            }
        }
        Ok(None)
    }

    async fn greet(&mut self) -> std::io::Result<()> {
        if self.shared.options.tls == Tls::Offered && !self.encrypted {
            self.say("250-STARTTLS").await?;
        }
        if self.shared.options.account.is_some() {
            self.say("250-AUTH PLAIN").await?;
        }
        self.say("250 SIZE 10000000").await
    }

    async fn sign_in(&mut self, argument: &str) -> std::io::Result<()> {
        let token = argument
            .strip_prefix("PLAIN ")
            .and_then(|token| STANDARD.decode(token).ok())
            .unwrap_or_default();
        let token = String::from_utf8(token).unwrap_or_default();
        let given: Vec<_> = token.split('\0').collect();
        match self.shared.options.account {
            Some((user, password)) if given == ["", user, password] => {
                self.user = Some(user.to_owned());
                self.say("235 welcome").await
            }
            _ => self.say("535 5.7.8 no such user or password").await,
        }
    }

    async fn recipient(&mut self, to: String) -> std::io::Result<()> {
        let attempt = {
            let mut attempts = self.shared.attempts.lock().unwrap();
            let attempt = attempts.entry(to.clone()).or_default();
            *attempt += 1;
            *attempt
        };
        self.manner = (self.shared.decide.lock().unwrap())(&to, attempt);
        self.shared.asked.send_modify(|asked| _ = asked.insert(to.clone()));
        self.to = to;
        match self.manner {
            Manner::RefuseRecipient(reply) => self.say(reply).await,
            Manner::Ignore => std::future::pending().await,
            _ => self.say("250 ok").await,
        }
    }

    /// `false`: the connection ends here.
    async fn content(&mut self) -> std::io::Result<bool> {
        let mut content = String::new();
        loop {
            let Some(line) = self.line().await? else {
                return Ok(false);
            };
            if line == "." {
                break;
            }
            content.push_str(line.strip_prefix('.').unwrap_or(&line));
            content.push_str("\r\n");
        }
        match self.manner {
            Manner::HangUp => return Ok(false),
            Manner::RefuseContent(reply) => {
                self.say(reply).await?;
                return Ok(true);
            }
            _ => self.take(content),
        }
        if matches!(self.manner, Manner::Hold) {
            let mut released = self.shared.released.subscribe();
            let _ = released.wait_for(|released| *released).await;
        }
        self.say("250 2.0.0 taken").await?;
        Ok(!matches!(self.manner, Manner::AcceptAndClose))
    }

    fn take(&self, content: String) {
        let (from, to, user) = (self.from.clone(), self.to.clone(), self.user.clone());
        let taken = Taken {
            from,
            to,
            content,
            encrypted: self.encrypted,
            user,
        };
        self.shared.taken.send_modify(|all| all.push(taken));
    }

    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let length = self.stream.read_line(&mut line).await?;
        Ok((length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    async fn say(&mut self, reply: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }
}

/// What stands between the angle brackets of `FROM:<…>` or `TO:<…>`.
fn address(argument: &str) -> String {
    let inner = argument.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}
