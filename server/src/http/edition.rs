//! The edition: one name for the whole set of files that the browser loads. It changes when any of them does.
//!
//! Pages name their files `/v/{edition}/…`, so a browser may keep those for good and never mixes the script of one
//! version with the page of another.

use std::fs;
use std::io;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};

/// Bytes of the digest that are told: enough that no two editions share a name.
const TOLD_BYTES: usize = 9;

/// The name of the files that lie in the site's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition(Arc<str>);

impl Edition {
    /// Reads every file below `site_dir`. A folder that is not there has an edition, too: that of nothing.
    pub fn of(site_dir: &Path) -> Self {
        let mut files = Vec::new();
        // What cannot be read is not served either.
        let _ = gather(site_dir, &mut files);
        files.sort();
        let mut digest = Context::new(&SHA256);
        for file in files {
            let content = fs::read(&file).unwrap_or_default();
            let name = file.strip_prefix(site_dir).unwrap_or(&file).to_string_lossy();
            for part in [name.as_bytes(), &content] {
                digest.update(&part.len().to_le_bytes());
                digest.update(part);
            }
        }
        let digest = digest.finish();
        Self(URL_SAFE_NO_PAD.encode(&digest.as_ref()[..TOLD_BYTES]).into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Folder of the built script, as the page renderer wants to know it: without slashes around it.
    pub fn package(&self) -> String {
        format!("v/{}/pkg", self.0)
    }

    /// What `/v/{edition}/{file}` names: the file, and whether it is one of this edition. Anything else names itself.
    pub fn resolve(&self, address: &Uri) -> Option<(Uri, bool)> {
        let (edition, file) = address.path().strip_prefix("/v/")?.split_once('/')?;
        let file = Uri::from_str(&format!("/{file}")).ok()?;
        Some((file, edition == self.as_str()))
    }
}

fn gather(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_is_another_edition_and_the_same_content_the_same() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("pkg")).unwrap();
        fs::write(dir.path().join("pkg/a.js"), "one").unwrap();
        let one = Edition::of(dir.path());
        assert_eq!(one, Edition::of(dir.path()));
        fs::write(dir.path().join("pkg/a.js"), "two").unwrap();
        assert_ne!(one, Edition::of(dir.path()));
    }

    #[test]
    fn an_address_with_an_edition_names_a_file_and_every_other_itself() {
        let edition = Edition("now".into());
        let resolve = |path: &'static str| {
            let found = edition.resolve(&Uri::from_static(path));
            found.map(|(file, current)| (file.to_string(), current))
        };
        assert_eq!(resolve("/v/now/pkg/a.js"), Some(("/pkg/a.js".into(), true)));
        assert_eq!(resolve("/v/old/pkg/a.js"), Some(("/pkg/a.js".into(), false)));
        assert_eq!(resolve("/pkg/a.js"), None);
        assert_eq!(resolve("/v/now"), None);
    }
}
