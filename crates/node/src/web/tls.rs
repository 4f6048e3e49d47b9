//! TLS: connections are taken one after the other, and none waits for another's handshake.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A handshake may take so long.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// So many at once, at most.
const HANDSHAKES_MAX: usize = 256;
/// Connections that wait to be served.
const WAITING_MAX: usize = 64;
/// After the system could give no connection, so long nothing is asked of it.
const PAUSE: Duration = Duration::from_millis(100);

/// Where a connection comes from.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Takes connections whose handshake is over.
pub(crate) struct TlsListener {
    address: SocketAddr,
    streams: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Begins to take connections.
    pub fn start(listener: TcpListener, address: SocketAddr, config: Arc<ServerConfig>) -> Self {
        let (to, streams) = mpsc::channel(WAITING_MAX);
        tokio::spawn(take(listener, TlsAcceptor::from(config), to));
        Self { address, streams }
    }
}

async fn take(listener: TcpListener, acceptor: TlsAcceptor, to: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let Ok(permit) = handshakes.clone().acquire_owned().await else {
            return;
        };
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = to.closed() => return,
        };
        let Ok((stream, peer)) = taken else {
            // Too many open files, most likely.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (acceptor, to) = (acceptor.clone(), to.clone());
        tokio::spawn(async move {
            let _permit = permit;
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                // Nobody serves any more at the end.
                let _ = to.send((stream, peer)).await;
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.streams.recv().await {
            Some(taken) => taken,
            // The task that takes connections ends with this only.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

/// What a server of a certificate and its key is. Errors: what is wrong with which file, in words.
pub(crate) fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let wrong = |path: &Path, why: String| format!("{}: {why}", path.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate, format!("no certificate in PEM: {error}")))?;
    let own = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, format!("no key in PEM: {error}")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let built = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, own));
    let mut config = built.map_err(|error| wrong(certificate, format!("it cannot be used with its key: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
