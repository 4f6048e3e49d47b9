//! TLS: connections are taken one after the other, and none waits for another's handshake. Whoever has a certificate
//! may show it.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::access::{Certificate, Tokens};

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
pub(crate) struct Peer {
    pub address: SocketAddr,
    /// Whose key it has shown.
    pub certificate: Option<Certificate>,
}

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self {
            address: *stream.remote_addr(),
            certificate: None,
        }
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        let (_, session) = stream.io().get_ref();
        let shown = session.peer_certificates().and_then(<[_]>::first);
        Self {
            address: *stream.remote_addr(),
            certificate: shown.and_then(|octets| Certificate::of(octets)),
        }
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

/// Lets whoever has a certificate show it. Who made it says nothing: whether its holder is known is looked up with each
/// question.
#[derive(Debug)]
struct Shown {
    tokens: Option<Arc<Tokens>>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Shown {
    /// Where nobody is known by one, no browser is to ask its owner for it.
    fn offer_client_auth(&self) -> bool {
        self.tokens.as_ref().is_some_and(|tokens| tokens.has_certificates())
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        own: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let read = Certificate::of(own).ok_or(rustls::Error::InvalidCertificate(CertificateError::BadEncoding))?;
        tracing::debug!(certificate = read.digits(), "a certificate is shown");
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, own, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, own, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// What a server of a certificate and its key is, which lets those of `tokens` show theirs. Errors: what is wrong with
/// which file, in words.
pub(crate) fn config(certificate: &Path, key: &Path, tokens: Option<Arc<Tokens>>) -> Result<Arc<ServerConfig>, String> {
    let wrong = |path: &Path, why: String| format!("{}: {why}", path.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate, format!("no certificate in PEM: {error}")))?;
    let own = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, format!("no key in PEM: {error}")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let shown = Arc::new(Shown {
        tokens,
        provider: provider.clone(),
    });
    let built = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_client_cert_verifier(shown).with_single_cert(chain, own));
    let mut config = built.map_err(|error| wrong(certificate, format!("it cannot be used with its key: {error}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
