//! Sorts database errors by what a writer should do about them.
//!
//! Everything that is not plainly the data's fault counts as an outage: a full disk or a restarting server passes,
//! and a reading must not be given up for it.

use std::borrow::Cow;

use sqlx::error::ErrorKind;
use sqlx::mysql::MySqlDatabaseError;

/// What to do about a database error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another transaction was in the way: try again at once.
    Lock,
    /// The database is unreachable, full or restarting: try again later.
    Outage,
    /// These very values will be refused for ever.
    Data,
}

/// MariaDB: lock wait timeout, deadlock, record has changed since last read.
const MARIADB_LOCK: [u16; 3] = [1205, 1213, 1020];
/// MariaDB: data too long, out of range, wrong value, wrong string, wrong value for the type.
const MARIADB_DATA: [u16; 5] = [1406, 1264, 1292, 1366, 1367];
/// SQLite primary result codes BUSY and LOCKED.
const SQLITE_LOCK: [u32; 2] = [5, 6];
/// SQLite primary result codes TOOBIG and MISMATCH.
const SQLITE_DATA: [u32; 2] = [18, 20];

/// MariaDB: access denied to the server, access denied to the database, unknown database.
const MARIADB_NOT_OURS: [u16; 3] = [1045, 1044, 1049];
/// SQLite primary result codes PERM, READONLY, CANTOPEN and NOTADB.
const SQLITE_NOT_OURS: [u32; 4] = [3, 8, 14, 26];

/// What is wrong with the address of a database that refuses to be opened; `None` if waiting may help.
pub fn wrong_address(error: &sqlx::Error) -> Option<&'static str> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    if let Some(error) = error.as_error().downcast_ref::<MySqlDatabaseError>() {
        let is_refused = MARIADB_NOT_OURS.contains(&error.number());
        return is_refused.then_some("the server refuses this user, password or database");
    }
    let is_refused = primary_of(error.code()).is_some_and(|code| SQLITE_NOT_OURS.contains(&code));
    is_refused.then_some("this is not an SQLite file that can be read and written")
}

impl Trouble {
    /// Classifies an error.
    pub fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                if error.kind() != ErrorKind::Other {
                    return Self::Data;
                }
                match error.as_error().downcast_ref::<MySqlDatabaseError>() {
                    Some(error) => of_mariadb(error.number()),
                    None => of_sqlite(error.code()),
                }
            }
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::Encode(_)
            | sqlx::Error::RowNotFound
            | sqlx::Error::ColumnNotFound(_) => Self::Data,
            _ => Self::Outage,
        }
    }
}

fn of_mariadb(number: u16) -> Trouble {
    if MARIADB_LOCK.contains(&number) {
        Trouble::Lock
    } else if MARIADB_DATA.contains(&number) {
        Trouble::Data
    } else {
        Trouble::Outage
    }
}

/// The low byte of an extended code is the primary one (<https://sqlite.org/rescode.html>).
fn primary_of(extended_code: Option<Cow<'_, str>>) -> Option<u32> {
    let code = extended_code?.parse::<u32>().ok()?;
    Some(code & 0xFF)
}

fn of_sqlite(extended_code: Option<Cow<'_, str>>) -> Trouble {
    match primary_of(extended_code) {
        Some(code) if SQLITE_LOCK.contains(&code) => Trouble::Lock,
        Some(code) if SQLITE_DATA.contains(&code) => Trouble::Data,
        _ => Trouble::Outage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_sqlite_is_a_lock_and_a_full_disk_an_outage() {
        assert_eq!(of_sqlite(Some("517".into())), Trouble::Lock);
        assert_eq!(of_sqlite(Some("5".into())), Trouble::Lock);
        assert_eq!(of_sqlite(Some("13".into())), Trouble::Outage);
        assert_eq!(of_sqlite(None), Trouble::Outage);
    }

    #[test]
    fn a_deadlock_is_a_lock_and_a_stopping_mariadb_an_outage() {
        assert_eq!(of_mariadb(1213), Trouble::Lock);
        assert_eq!(of_mariadb(1053), Trouble::Outage);
        assert_eq!(of_mariadb(1406), Trouble::Data);
    }

    #[test]
    fn a_lost_connection_is_an_outage() {
        let gone = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert_eq!(Trouble::of(&sqlx::Error::Io(gone)), Trouble::Outage);
    }
}
