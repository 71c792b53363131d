//! Filling in a configuration template, and certificates for a test.

use std::path::{Path, PathBuf};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

/// A file of the `deploy` folder with its variables filled in. A variable that is left over fails the test.
pub fn fill_in(name: &str, variables: &[(&str, String)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name);
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (variable, value) in variables {
        let place = format!("${{{variable}}}");
        assert!(text.contains(&place), "{name} does not use {variable}");
        text = text.replace(&place, value);
    }
    assert!(!text.contains("${"), "{name} wants more variables");
    text
}

/// A folder with `fullchain.pem` and `privkey.pem` for this machine, which nobody but the test trusts.
pub struct Certificates {
    dir: TempDir,
}

impl Certificates {
    pub fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("fullchain.pem"), cert.pem()).unwrap();
        std::fs::write(dir.path().join("privkey.pem"), signing_key.serialize_pem()).unwrap();
        Self { dir }
    }

    pub fn folder(&self) -> String {
        self.dir.path().display().to_string()
    }

    /// What a client must trust.
    pub fn authority(&self) -> PathBuf {
        self.dir.path().join("fullchain.pem")
    }
}
