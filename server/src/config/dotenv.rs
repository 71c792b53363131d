//! `.env`: settings of somebody who develops, kept in a file beside the code instead of in every shell.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::ConfigError;

type Variables = BTreeMap<OsString, OsString>;

/// The environment, and from `file` what it does not set. No file is no fault.
///
/// # Errors
/// The file cannot be read, or has a line that sets nothing. Its text is never shown: it may be a secret.
pub fn with_file(real: impl IntoIterator<Item = (OsString, OsString)>, file: &Path) -> Result<Variables, ConfigError> {
    let mut all: Variables = real.into_iter().collect();
    let entries = match dotenvy::from_path_iter(file) {
        Ok(entries) => entries,
        Err(error) if is_missing(&error) => return Ok(all),
        Err(_) => return Err(wrong(file, "cannot be read")),
    };
    for entry in entries {
        let (name, value) = entry.map_err(|_| wrong(file, "has a line that is not NAME=value"))?;
        all.entry(name.into()).or_insert(value.into());
    }
    Ok(all)
}

fn is_missing(error: &dotenvy::Error) -> bool {
    matches!(error, dotenvy::Error::Io(error) if error.kind() == io::ErrorKind::NotFound)
}

fn wrong(file: &Path, problem: &str) -> ConfigError {
    ConfigError::new(&file.display().to_string(), problem, "TEMPLOG_HTTP_ADDR=127.0.0.1:3000")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, real: &[(&str, &str)]) -> Result<Variables, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(".env");
        std::fs::write(&file, text).unwrap();
        let real = real.iter().map(|(name, value)| (name.into(), value.into()));
        with_file(real, &file).map_err(|error| error.to_string())
    }

    #[test]
    fn the_file_adds_what_the_environment_does_not_set() {
        let text = "# mine\nTEMPLOG_A=file\nexport TEMPLOG_B='two words'\n\nTEMPLOG_C=\"x\"\n";
        let all = read(text, &[("TEMPLOG_A", "real"), ("TEMPLOG_C", "")]).unwrap();
        let get = |name: &str| all[&OsString::from(name)].to_str().unwrap().to_owned();
        assert_eq!(get("TEMPLOG_A"), "real");
        assert_eq!(get("TEMPLOG_B"), "two words");
        assert_eq!(get("TEMPLOG_C"), "", "set to nothing is set, too");
    }

    #[test]
    fn no_file_is_no_fault() {
        let dir = tempfile::tempdir().unwrap();
        assert!(with_file([], &dir.path().join(".env")).unwrap().is_empty());
    }

    #[test]
    fn a_line_that_sets_nothing_is_told_without_its_text() {
        let problem = read("TEMPLOG_A=1\nhunter2 is my password\n", &[]).unwrap_err();
        assert!(
            problem.contains(".env: has a line") && !problem.contains("hunter2"),
            "{problem}"
        );
        assert!(!problem.contains('\n'), "{problem}");
    }

    #[test]
    fn a_folder_of_that_name_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let problem = with_file([], dir.path()).unwrap_err().to_string();
        assert!(
            problem.contains("cannot be read") || problem.contains("not NAME=value"),
            "{problem}"
        );
    }
}
