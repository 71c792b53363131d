//! The server's own key: 32 random bytes that sign sessions, made once and kept beside the data.
//!
//! Losing it signs everybody out and harms nothing else; leaking it lets the finder sign in as
//! anybody, hence the file mode.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const FILE_NAME: &str = "secret.key";
const LENGTH: usize = 32;

/// 256 random bits. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; LENGTH]);

impl SecretKey {
    /// A fresh key from the operating system's random source.
    pub fn generate() -> Self {
        Self(rand::random())
    }

    /// The raw bytes.
    pub fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Reads standard base64 of exactly 32 bytes; surrounding white space is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The key kept in `data_dir`, made now if there is none (mode 0600).
    ///
    /// # Errors
    /// The folder cannot be written, or the file holds something else than a key.
    pub fn load_or_create(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(FILE_NAME);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).ok_or_else(|| {
                let problem = format!("{} does not hold a key", path.display());
                io::Error::new(io::ErrorKind::InvalidData, problem)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(data_dir, &path),
            Err(error) => Err(error),
        }
    }

    /// Writes a whole file under another name first: a crash leaves no half a key, and of two
    /// processes starting together both end with the same one.
    fn create(data_dir: &Path, path: &Path) -> io::Result<Self> {
        fs::create_dir_all(data_dir)?;
        let key = Self::generate();
        let draft = data_dir.join(format!("{FILE_NAME}.{}", rand::random::<u64>()));
        let mut file = private_file(&draft)?;
        writeln!(file, "{}", STANDARD.encode(key.0))?;
        file.sync_all()?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load_or_create(data_dir),
            Err(error) => Err(error),
        }
    }
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");

        let made = SecretKey::load_or_create(&data).unwrap();
        let read = SecretKey::load_or_create(&data).unwrap();

        assert_eq!(made, read);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(data.join(FILE_NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_damaged_key_file_is_refused_rather_than_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE_NAME), "short").unwrap();

        let error = SecretKey::load_or_create(dir.path()).unwrap_err();

        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
