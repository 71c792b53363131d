//! Real programs for tests: they die with the test process, whatever way it ends, and are ready when handed out.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// How long anything may take to become ready.
pub const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(20);

/// A running program, killed when dropped.
pub struct Service {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts `program`; everything it prints goes to `log`.
    pub fn start(name: &'static str, program: &Path, args: &[String], env: &[(String, String)], log: &Path) -> Self {
        // The kernel kills it when the thread that started it ends, so that must be a thread that never does.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program).args(args);
        settings(&mut command, env);
        let out = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .expect("the log can be written");
        command.stdin(std::process::Stdio::null());
        command
            .stdout(out.try_clone().expect("a file can be duplicated"))
            .stderr(out);
        let child = spawn(command).unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self {
            name,
            child,
            log: log.to_owned(),
        }
    }

    /// Polls until `ready` says so.
    ///
    /// # Panics
    /// If the program ends or the time is over; shows the end of its log.
    pub fn wait_until(&mut self, ready: impl Fn() -> bool) {
        let told = wait_for(PATIENCE, || {
            let ended = self.child.try_wait().expect("our own child can be asked").is_some();
            (ended || ready()).then_some(ended)
        });
        match told {
            Some(false) => {}
            Some(true) => panic!("{} has ended:\n{}", self.name, self.log_tail()),
            None => panic!("{} does not become ready:\n{}", self.name, self.log_tail()),
        }
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill9(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has. Its exit code, if it ended by itself.
    pub fn terminate(&mut self) -> Option<i32> {
        signal("TERM", self.child.id());
        let ended = wait_for(PATIENCE, || self.child.try_wait().expect("our own child can be asked"));
        ended
            .unwrap_or_else(|| panic!("{} does not end:\n{}", self.name, self.log_tail()))
            .code()
    }

    /// Makes it read its configuration again.
    pub fn reload(&self) {
        signal("HUP", self.child.id());
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap_or("0 kB");
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
    }

    /// The last lines it has printed.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("--- {} ---\n{}", self.name, self.log_tail());
        }
        self.kill9();
    }
}

/// Gives the program these settings, and none that the developer happens to have.
fn settings(command: &mut Command, env: &[(String, String)]) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TEMPLOG_") {
            command.env_remove(name);
        }
    }
    command.envs(env.iter().map(|(name, value)| (name, value)));
}

fn signal(name: &str, pid: u32) {
    let status = Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "cannot send {name} to {pid}"
    );
}

/// Starts a program from a thread that lives as long as the test process.
fn spawn(command: Command) -> std::io::Result<Child> {
    type Job = (Command, Sender<std::io::Result<Child>>);
    static NURSERY: OnceLock<Sender<Job>> = OnceLock::new();
    let nursery = NURSERY.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        thread::spawn(move || {
            for (mut command, reply) in jobs {
                let _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (reply, child) = mpsc::channel();
    nursery.send((command, reply)).expect("the nursery never ends");
    child.recv().expect("the nursery answers")
}

/// Polls `probe` until it gives something, or the time is over.
pub fn wait_for<T>(patience: Duration, mut probe: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..patience.as_millis().div_ceil(POLL.as_millis()) {
        if let Some(found) = probe() {
            return Some(found);
        }
        thread::sleep(POLL);
    }
    probe()
}

/// Where `name` is installed: daemons are often not on the path of ordinary users.
///
/// # Panics
/// If it is not installed.
pub fn find_program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let mut candidates = folders.map(|folder| folder.join(name));
    candidates
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed"))
}

/// A port nobody uses now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Whether somebody listens on `address`.
pub fn is_listening(address: SocketAddr) -> bool {
    std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
}

/// Runs a program to its end.
///
/// # Panics
/// If it fails; shows what it printed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} has failed: {error}");
    output
}

/// The real server, as a process of its own.
pub struct TemplogProcess {
    /// Where it serves pages; the same after a restart.
    pub http: SocketAddr,
    /// Where its embedded broker listens, if it has one; the same after a restart.
    pub mqtt: SocketAddr,
    env: Vec<(String, String)>,
    dir: TempDir,
    service: Service,
}

impl TemplogProcess {
    /// Starts the server with the given environment, and waits until it is ready.
    pub fn start(env: &[(&str, &str)]) -> Self {
        let mut process = Self::start_unready(env);
        process.wait_ready();
        process
    }

    /// Starts the server with the given environment, whatever becomes of it.
    pub fn start_unready(env: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let (http, mqtt) = (address(free_port()), address(free_port()));
        let mut all = vec![
            ("TEMPLOG_HTTP_ADDR".to_owned(), http.to_string()),
            ("TEMPLOG_MQTT_LISTEN".to_owned(), mqtt.to_string()),
            ("TEMPLOG_PUBLIC_URL".to_owned(), format!("http://{http}")),
            ("TEMPLOG_DATA_DIR".to_owned(), dir.path().display().to_string()),
        ];
        all.extend(
            env.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let service = serve(&all, dir.path());
        Self {
            http,
            mqtt,
            env: all,
            dir,
            service,
        }
    }

    /// A plain GET: status and text; `None` if nobody answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        get(self.http, path)
    }

    /// Runs another command of the same program on the same data, and returns what it printed.
    pub fn command(&self, args: &[&str]) -> String {
        let mut command = Command::new(templog());
        command.args(args);
        settings(&mut command, &self.env);
        String::from_utf8(run(&mut command).stdout).expect("the program prints UTF-8")
    }

    /// The same, with something for it to read.
    pub fn command_with(&self, args: &[&str], input: &str) -> String {
        use std::io::Write as _;
        let mut command = Command::new(templog());
        command.args(args).stdin(std::process::Stdio::piped());
        command.stdout(std::process::Stdio::piped());
        settings(&mut command, &self.env);
        let mut child = command.spawn().expect("the program can be started");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        stdin.write_all(input.as_bytes()).expect("the program reads it");
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.status.success(), "{args:?} has failed");
        String::from_utf8(output.stdout).expect("the program prints UTF-8")
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.service.kill9();
    }

    /// Asks it to stop, and waits. Its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        self.service.terminate()
    }

    /// Starts it again on the same data and ports, and waits until it is ready.
    pub fn restart(&mut self) {
        self.service.kill9();
        self.service = serve(&self.env, self.dir.path());
        self.wait_ready();
    }

    /// The answer of `/readyz` now: status and text; `None` if nobody answers.
    pub fn readyz(&self) -> Option<(u16, String)> {
        self.get("/readyz")
    }

    /// Waits until `/readyz` answers with `status`.
    pub fn wait_readyz(&self, status: u16) -> String {
        let answer = wait_for(PATIENCE, || self.readyz().filter(|answer| answer.0 == status));
        answer
            .unwrap_or_else(|| panic!("/readyz does not become {status}:\n{}", self.service.log_tail()))
            .1
    }

    /// The end of its log.
    pub fn log(&self) -> String {
        self.service.log_tail()
    }

    /// Everything that survives a restart.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// Resident memory, bytes.
    pub fn resident_bytes(&self) -> u64 {
        self.service.resident_bytes()
    }

    fn wait_ready(&mut self) {
        let http = self.http;
        self.service
            .wait_until(|| get(http, "/readyz").is_some_and(|(status, _)| status == 200));
    }
}

fn templog() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_templog"))
}

fn serve(env: &[(String, String)], dir: &Path) -> Service {
    File::create_new(dir.join("server.log")).map(drop).unwrap_or_default();
    Service::start(
        "templog",
        templog(),
        &["serve".to_owned()],
        env,
        &dir.join("server.log"),
    )
}

/// A plain HTTP GET: status and body.
pub fn get(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}
