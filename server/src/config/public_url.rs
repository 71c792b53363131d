//! The address people type into their browser, parsed once.

use url::{Host, Position, Url};

/// An `http` or `https` origin without path, query or user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// Reads `https://home.example` or `http://localhost:3000`; a final `/` is fine.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "is not an address")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must begin with http:// or https://");
        }
        if !matches!(&url[Position::BeforePath..], "" | "/") {
            return Err("must be an origin: no path, query or fragment");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name");
        }
        Ok(Self(url))
    }

    /// As browsers spell it in the `Origin` header: no final slash, no default port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host name or address alone.
    pub fn host(&self) -> String {
        self.0
            .host()
            .map_or_else(String::new, |host: Host<&str>| host.to_string())
    }

    /// Whether people reach us by TLS: then cookies are `__Host-` and `Secure`, and HSTS is on.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The full address of a path that begins with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_spelled_as_browsers_spell_it() {
        let url = PublicUrl::parse("https://Home.Example:443/").unwrap();
        assert_eq!(url.origin(), "https://home.example");
        assert!(url.is_https());
        assert_eq!(url.join("/add"), "https://home.example/add");

        let local = PublicUrl::parse("http://localhost:3000").unwrap();
        assert_eq!(
            (local.origin().as_str(), local.host().as_str()),
            ("http://localhost:3000", "localhost")
        );
    }

    #[test]
    fn anything_but_a_bare_origin_is_refused() {
        for text in [
            "home.example",
            "ftp://home.example",
            "https://h/x",
            "https://h/?q",
            "https://u:p@h",
            "",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
