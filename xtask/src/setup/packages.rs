//! Debian packages: real services and a browser for the tests. The tests start their own; a service that Debian
//! starts on installing is neither used nor disturbed.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;

/// What a test starts, and the package that brings it. The first file found of a row is enough.
const NEEDED: [(&str, &[&str]); 8] = [
    ("mosquitto", &["/usr/sbin/mosquitto", "mosquitto"]),
    ("mosquitto-clients", &["mosquitto_pub"]),
    ("mariadb-server", &["/usr/sbin/mariadbd", "mariadbd"]),
    ("redis-server", &["/usr/bin/redis-server", "redis-server"]),
    ("nginx-light", &["/usr/sbin/nginx", "nginx"]),
    ("chromium", &["chromium", "chromium-browser", "google-chrome"]),
    // Tests kill servers at random moments; a minimal Debian has `kill` only inside its shell.
    ("procps", &["kill"]),
    // Without Korean letters the pictures of the pages show boxes.
    (
        "fonts-nanum",
        &[
            "/usr/share/fonts/truetype/nanum",
            "/usr/share/fonts/opentype/noto",
            "/System/Library/Fonts",
        ],
    ),
];

/// Installs the packages whose programs are missing.
///
/// # Errors
/// If something is missing and this is not root on Debian; the message names the packages.
pub fn ensure() -> Result<()> {
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|(_, files)| !files.iter().any(|file| exists(file)))
        .map(|(package, _)| *package)
        .collect();
    install(&missing)
}

/// Installs packages by apt.
///
/// # Errors
/// As [`ensure`].
pub fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    if !exists("apt-get") {
        bail!("please install what Debian calls {names}");
    }
    let user = command::output(Command::new("id").arg("-u"))?;
    if user.trim() != "0" {
        bail!("please run `sudo apt-get install --no-install-recommends {names}`");
    }
    println!("  apt-get install {names}");
    let mut update = Command::new("apt-get");
    command::run(update.args(["update", "-qq"]))?;
    let mut apt = Command::new("apt-get");
    apt.args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command::run(&mut apt).with_context(|| format!("apt could not install {names}"))
}

/// Whether a file, or a program on the `PATH`, exists.
fn exists(name: &str) -> bool {
    if name.starts_with('/') {
        return Path::new(name).exists();
    }
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_looked_for_on_the_path_and_files_where_they_are() {
        assert!(exists("sh"));
        assert!(exists("/bin"));
        assert!(!exists("no-such-program-anywhere"));
        assert!(!exists("/no/such/file"));
    }
}
