//! The few requests it takes to know that the house is up: one connection each, no client library.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// `name=value; …` of every cookie that was set, ready to be sent back.
    pub cookies: String,
    /// The body.
    pub body: String,
}

/// `GET` from a local port.
///
/// # Errors
/// If nobody answers properly within five seconds.
pub fn get(port: u16, path: &str, cookies: &str) -> Result<Answer> {
    exchange(
        port,
        &format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\nCookie: {cookies}\r\n\r\n"),
    )
}

/// `POST` of a JSON body to a local port.
///
/// # Errors
/// As [`get`].
pub fn post(port: u16, path: &str, json: &str) -> Result<Answer> {
    let head = format!("POST {path} HTTP/1.0\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n");
    exchange(port, &format!("{head}Content-Length: {}\r\n\r\n{json}", json.len()))
}

/// HTTP/1.0, so that the answer comes whole and ends with the connection.
fn exchange(port: u16, request: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request.as_bytes())?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text)?;
    parse(&String::from_utf8_lossy(&text)).context("that was no HTTP answer")
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let cookies: Vec<&str> = lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    Some(Answer {
        status,
        cookies: cookies.join("; "),
        body: body.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_of_an_answer_is_sent_back_without_its_attributes() {
        let text = "HTTP/1.0 204 No Content\r\nset-cookie: a=1; Path=/; HttpOnly\r\nSet-Cookie: b=2\r\n\r\n";
        let answer = parse(text).unwrap();
        assert_eq!(
            (answer.status, answer.cookies.as_str(), answer.body.as_str()),
            (204, "a=1; b=2", "")
        );
    }
}
