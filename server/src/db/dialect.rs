//! The few words in which SQLite and MariaDB differ.

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite ≥ 3.35, in this process.
    Sqlite,
    /// MariaDB ≥ 10.6.
    MariaDb,
}

impl Dialect {
    /// The dialect behind a database URL.
    pub fn of_url(url: &str) -> Option<Self> {
        match url.split(':').next()? {
            "sqlite" => Some(Self::Sqlite),
            "mysql" | "mariadb" => Some(Self::MariaDb),
            _ => None,
        }
    }

    /// How a transaction begins that will write.
    pub const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::MariaDb => "START TRANSACTION",
        }
    }

    /// Appended to a `SELECT` whose rows the transaction is about to change. SQLite has one writer anyway.
    pub const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MariaDb => " FOR UPDATE",
        }
    }

    /// An expression: the database's own time, Unix milliseconds. sqlx keeps sessions of MariaDB at UTC.
    pub const fn now_ms(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
            Self::MariaDb => "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)",
        }
    }

    /// Appended to an `INSERT`: a row with the same `key` takes over the new `columns`.
    pub fn or_update(self, key: &str, columns: &[&str]) -> String {
        let (head, new) = match self {
            Self::Sqlite => (format!(" ON CONFLICT ({key}) DO UPDATE SET "), ("excluded.", "")),
            Self::MariaDb => (" ON DUPLICATE KEY UPDATE ".to_owned(), ("VALUES(", ")")),
        };
        let set: Vec<_> = columns
            .iter()
            .map(|column| format!("{column} = {}{column}{}", new.0, new.1))
            .collect();
        head + &set.join(", ")
    }

    /// Head and tail of a statement that stores whole rows, in place of those with the same key (the first `keys` of
    /// the `columns`). SQLite replaces cheaply; MariaDB would delete and insert.
    pub fn overwrite(self, table: &str, columns: &[&str], keys: usize) -> (String, String) {
        let list = columns.join(", ");
        match self {
            Self::Sqlite => (format!("REPLACE INTO {table} ({list}) VALUES "), String::new()),
            Self::MariaDb => {
                let tail = self.or_update(&columns[..keys].join(", "), &columns[keys..]);
                (format!("INSERT INTO {table} ({list}) VALUES "), tail)
            }
        }
    }

    /// What surrounds the pairs of a `(a, b) IN …` list.
    pub const fn pairs(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite => ("(VALUES ", ")"),
            Self::MariaDb => ("(", ")"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_says_upsert_in_its_own_words() {
        assert_eq!(
            Dialect::Sqlite.or_update("k", &["a"]),
            " ON CONFLICT (k) DO UPDATE SET a = excluded.a"
        );
        assert_eq!(
            Dialect::MariaDb.or_update("k", &["a"]),
            " ON DUPLICATE KEY UPDATE a = VALUES(a)"
        );
    }

    #[test]
    fn whole_rows_are_stored_over_old_ones() {
        let (head, tail) = Dialect::Sqlite.overwrite("x", &["k", "a"], 1);
        assert_eq!((head.as_str(), tail.as_str()), ("REPLACE INTO x (k, a) VALUES ", ""));
        let (head, tail) = Dialect::MariaDb.overwrite("x", &["k", "a"], 1);
        assert_eq!(head, "INSERT INTO x (k, a) VALUES ");
        assert_eq!(tail, " ON DUPLICATE KEY UPDATE a = VALUES(a)");
    }

    #[test]
    fn a_url_of_another_database_is_refused() {
        assert_eq!(Dialect::of_url("postgres://localhost/db"), None);
    }
}
