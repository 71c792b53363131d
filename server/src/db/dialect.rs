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
    fn a_url_of_another_database_is_refused() {
        assert_eq!(Dialect::of_url("postgres://localhost/db"), None);
    }
}
