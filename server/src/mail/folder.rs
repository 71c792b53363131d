//! Mail without a mail server: `.eml` files in a folder, for development and for a first look.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Refusal;
use super::message::{Message822, Outgoing};

/// Puts the mail into a file that any mail program opens. A second attempt replaces the first one's file.
pub(super) async fn deliver(folder: &Path, mail: &Outgoing<'_>, message: Message822) -> Result<(), Refusal> {
    let path = folder.join(format!("{:013}-{}.eml", mail.written_at.as_millis(), mail.message_id));
    let written = tokio::task::spawn_blocking(move || write_whole(&path, message.bytes.as_bytes())).await;
    let written = written.expect("writing a file does not panic");
    written.map_err(|error| Refusal::Later(format!("cannot write the mail: {error}")))
}

/// Nobody ever sees half a file: it gets its name when it is complete.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = draft_of(path);
    let mut file = private_file(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn draft_of(path: &Path) -> PathBuf {
    path.with_extension(format!("{:016x}.part", rand::random::<u64>()))
}

/// Readable by its owner only: mails hold codes that open accounts.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
