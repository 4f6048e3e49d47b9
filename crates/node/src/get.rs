//! Asks a running node for its status.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::config::Config;
use crate::run::address_file;
use crate::status::Status;

/// How long a node that runs takes to answer, at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const ANSWER_OCTETS_MAX: u64 = 16 << 20;

/// A node did not say how it is.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// Nobody answers.
    #[error("no node answers on {address}: {source}")]
    Silent {
        /// Where it was asked.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Who answers is no node.
    #[error("what answers on {address} is no node of this version")]
    Stranger {
        /// Where it was asked.
        address: SocketAddr,
    },
}

/// The address that a configuration names or, where that is any free one, the node wrote down.
fn address(config: &Config) -> SocketAddr {
    let written = || fs::read_to_string(address_file(config)).ok()?.trim().parse().ok();
    let asked = config.http.address;
    if asked.port() == 0 || config.http.has_local_ear() {
        written().unwrap_or(asked)
    } else {
        asked
    }
}

/// Where the picture of a node is that asks for no token, once it has said where it listens.
pub fn url(config: &Config) -> Option<String> {
    let written = fs::read_to_string(address_file(config)).ok()?;
    let address: SocketAddr = written.trim().parse().ok()?;
    Some(format!("http://{address}/"))
}

/// The status of the node of a configuration. Errors: [`GetError`].
pub fn status(config: &Config) -> Result<Status, GetError> {
    let address = address(config);
    let text = ask(address, "/status").map_err(|source| GetError::Silent { address, source })?;
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).map_err(|_| GetError::Stranger { address })
}

/// The whole answer to one question.
fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // HTTP/1.0: the answer comes whole, and ends with the connection.
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_OCTETS_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}
