//! Binds the port for HTTP and checks that of the network, before anything is created.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};

use anyhow::{Context, anyhow};

use crate::settings::Settings;

/// Listens for HTTP.
///
/// # Errors
///
/// Why not, with the way out.
pub fn listen(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .with_context(|| format!("cannot look up the host {host:?}"))?
        .collect();
    TcpListener::bind(addresses.as_slice()).map_err(|error| refusal(&error, host, port, "--port"))
}

/// Checks that the network can listen on its port at the node's address. The network binds it later, when it has its key.
///
/// # Errors
///
/// Why not, with the way out.
pub fn check_p2p(settings: &Settings, host: IpAddr) -> anyhow::Result<()> {
    let Some(port) = settings.p2p_port.filter(|port| *port != 0) else { return Ok(()) };
    let checked = TcpListener::bind((host, port)).map(drop);
    checked.map_err(|error| refusal(&error, &settings.host, port, "--p2p-port"))
}

fn refusal(error: &Error, host: &str, port: u16, flag: &str) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("port {port} is taken; is another node running? choose another port with {flag}")
        }
        ErrorKind::PermissionDenied => anyhow!(
            "port {port} is for root alone, as those below 1024 are on most systems; choose another with {flag}"
        ),
        ErrorKind::AddrNotAvailable => {
            anyhow!(
                "{host} is not an address of this machine; choose one with --host, such as 127.0.0.1 or 0.0.0.0"
            )
        }
        _ => anyhow!("cannot listen on {host}:{port}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn taken_port_is_refused_with_its_flag() {
        let taken = listen("127.0.0.1", 0).unwrap();
        let address = taken.local_addr().unwrap();
        let port = address.port();
        let refused = listen("127.0.0.1", port).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("port {port} is taken")) && refused.ends_with("--port"),
            "{refused}"
        );
        let p2p = |port: &str| {
            let flags = Cli::parse_from(["node", "--p2p-port", port]).flags;
            check_p2p(&flags, address.ip())
        };
        let refused = p2p(&port.to_string()).unwrap_err().to_string();
        assert!(refused.ends_with("--p2p-port"), "{refused}");
        p2p("0").unwrap();
        check_p2p(&Cli::parse_from(["node"]).flags, address.ip()).unwrap();
        drop(taken);
        p2p(&port.to_string()).unwrap();
    }

    #[test]
    fn refusals_name_the_way_out() {
        for (kind, words) in [
            (ErrorKind::AddrInUse, "port 80 is taken"),
            (ErrorKind::PermissionDenied, "port 80 is for root alone"),
            (ErrorKind::AddrNotAvailable, "node.example is not an address of this machine"),
            (ErrorKind::OutOfMemory, "cannot listen on node.example:80: out of memory"),
        ] {
            let refused = refusal(&kind.into(), "node.example", 80, "--port").to_string();
            assert!(refused.starts_with(words), "{refused}");
        }
        let unknown = listen("not a host", 80).unwrap_err().to_string();
        assert_eq!(unknown, "cannot look up the host \"not a host\"");
    }
}
