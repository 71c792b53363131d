//! Ports that are free: the usual one if possible, so that bookmarks keep working.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};

/// `usual`, or the next free one above it.
///
/// # Errors
/// If a hundred ports in a row are taken.
pub fn free_from(usual: u16) -> Result<u16> {
    let found = (usual..usual.saturating_add(100)).find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    let port = found.with_context(|| format!("no free port from {usual} on"))?;
    if port != usual {
        println!("  port {usual} is taken: using {port}");
    }
    Ok(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_left_alone() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let found = free_from(port).unwrap();
        assert!(found > port);
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, found)).is_ok());
    }
}
