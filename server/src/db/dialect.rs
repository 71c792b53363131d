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
    fn a_url_of_another_database_is_refused() {
        assert_eq!(Dialect::of_url("postgres://localhost/db"), None);
    }
}
