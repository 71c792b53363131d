//! The site inside the program: a zip at its end, so that one file, copied anywhere, serves everything.
//!
//! Appended and not compiled in: builds for development stay as they are, and tests pack the very program they test. It
//! is unpacked beside the data at the start, into a folder named after what is in it, and served from there like any
//! other site.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::error::{Error, Result};

/// How a zip without a comment ends: the mark, and 18 bytes more.
const MARK: &[u8] = b"PK\x05\x06";
const END_BYTES: i64 = 22;
/// What unpacked sites are called.
const PREFIX: &str = "site-";

/// Whether a site was packed into this program.
pub fn is_carried_by(program: &Path) -> bool {
    let read_end = || -> io::Result<Vec<u8>> {
        let mut file = File::open(program)?;
        file.seek(SeekFrom::End(-END_BYTES))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    read_end().is_ok_and(|end| end.starts_with(MARK))
}

/// Makes a copy of `program` that carries the files in `site`.
///
/// # Errors
/// A file cannot be read or written, or the program carries a site already.
pub fn pack(program: &Path, site: &Path, into: &Path) -> Result<()> {
    if is_carried_by(program) {
        let source = io::Error::other("it carries a site already: pack the program as it was built");
        return Err(failed(program)(source));
    }
    if !site.join("pkg").is_dir() {
        let source = io::Error::other("there is no folder `pkg` in it: build the page first");
        return Err(failed(site)(source));
    }
    fs::copy(program, into).map_err(failed(into))?;
    let mut file = OpenOptions::new().write(true).open(into).map_err(failed(into))?;
    file.seek(SeekFrom::End(0)).map_err(failed(into))?;
    let mut zip = ZipWriter::new(file);
    for path in files_below(site).map_err(failed(site))? {
        add(&mut zip, site, &path).map_err(failed(&path))?;
    }
    zip.finish().map_err(|error| failed(into)(error.into()))?;
    Ok(())
}

fn add(zip: &mut ZipWriter<File>, site: &Path, path: &Path) -> io::Result<()> {
    let name = path.strip_prefix(site).map_err(io::Error::other)?;
    let is_packed = path.extension().is_some_and(|end| end == "br" || end == "gz");
    let method = if is_packed {
        CompressionMethod::Stored
    } else {
        CompressionMethod::Deflated
    };
    let options = SimpleFileOptions::default().compression_method(method);
    zip.start_file_from_path(name, options)?;
    io::copy(&mut File::open(path)?, zip)?;
    Ok(())
}

/// In one order, so that the same site makes the same program.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Unpacks what `program` carries into a folder in `data_dir`, unless it is there from an earlier start, and removes
/// those of other versions.
///
/// # Errors
/// The program carries no site, or the folder cannot be written.
pub fn unpack(program: &Path, data_dir: &Path) -> Result<PathBuf> {
    let unreadable = |error: ZipError| failed(program)(error.into());
    let mut archive = ZipArchive::new(File::open(program).map_err(failed(program))?).map_err(unreadable)?;
    let folder = data_dir.join(format!("{PREFIX}{}", fingerprint(&mut archive).map_err(unreadable)?));
    if !folder.is_dir() {
        // In one step, so that nobody ever finds half a site.
        let unfinished = data_dir.join(format!("{PREFIX}{:016x}.new", rand::random::<u64>()));
        fs::create_dir_all(&unfinished).map_err(failed(&unfinished))?;
        archive.extract(&unfinished).map_err(unreadable)?;
        let renamed = fs::rename(&unfinished, &folder);
        if !folder.is_dir() {
            renamed.map_err(failed(&folder))?;
        }
    }
    remove_others(data_dir, &folder);
    Ok(folder)
}

/// Of names and contents.
fn fingerprint(archive: &mut ZipArchive<File>) -> std::result::Result<String, ZipError> {
    let mut hash = Sha256::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index)?;
        hash.update(format!("{} {} {}\n", file.name()?, file.crc32(), file.size()));
    }
    let mut hash = format!("{:x}", hash.finalize());
    hash.truncate(16);
    Ok(hash)
}

/// What cannot be removed now is tried again at the next start.
fn remove_others(data_dir: &Path, current: &Path) {
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        let is_site = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_site && entry.path() != current {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    let context = path.display().to_string();
    move |source| Error::Io {
        context: context.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that was built, and a site.
    fn parts(dir: &Path, script: &str) -> (PathBuf, PathBuf) {
        let (program, site) = (dir.join("built"), dir.join("page"));
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(&program, "program").unwrap();
        fs::write(site.join("pkg/templog.js"), script).unwrap();
        (program, site)
    }

    #[test]
    fn what_was_packed_is_unpacked_once_and_replaces_what_was_there_before() {
        let dir = tempfile::tempdir().unwrap();
        let (data, packed) = (dir.path().join("data"), dir.path().join("templog"));
        let (program, site) = parts(dir.path(), "old");
        pack(&program, &site, &packed).unwrap();
        assert!(is_carried_by(&packed) && !is_carried_by(&program));
        let old = unpack(&packed, &data).unwrap();
        assert_eq!(unpack(&packed, &data).unwrap(), old);
        assert_eq!(fs::read_to_string(old.join("pkg/templog.js")).unwrap(), "old");

        parts(dir.path(), "new");
        pack(&program, &site, &packed).unwrap();
        let new = unpack(&packed, &data).unwrap();
        assert_eq!(fs::read_to_string(new.join("pkg/templog.js")).unwrap(), "new");
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "the old one is gone");
    }

    #[test]
    fn neither_half_a_site_nor_two_are_packed() {
        let dir = tempfile::tempdir().unwrap();
        let (program, site) = parts(dir.path(), "x");
        let packed = dir.path().join("templog");
        assert!(pack(&program, dir.path(), &packed).is_err(), "it has no page");
        pack(&program, &site, &packed).unwrap();
        assert!(pack(&packed, &site, &dir.path().join("twice")).is_err());
    }
}
