//! The live picture over a WebSocket: whole pictures, then what changes.
//!
//! Each browser has a queue of its own, of bounded length. Who is slower than what comes gets whole pictures anew, and
//! who takes nothing for a while is let go: nobody holds up the node, or anybody else.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;
use wire::messages::picture::What;

use super::api::unavailable;
use super::door::Pass;
use super::hub::{Hub, Viewer, octets};

/// So many look at once, at most.
const VIEWERS_MAX: usize = 64;
/// Who takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// Whether whoever looks may still do so is asked so often.
const EACH_LOOK: Duration = Duration::from_secs(1);
/// What a browser says is not listened to; it may not say much.
const SAID_OCTETS_MAX: usize = 4_096;

/// Begins to send.
pub(super) fn live(hub: &Arc<Hub>, upgrade: WebSocketUpgrade, pass: Option<Pass>) -> Response {
    let Some(viewer) = hub.look(VIEWERS_MAX) else {
        return unavailable(&format!("{VIEWERS_MAX} look at this node already: close one"));
    };
    let hub = hub.clone();
    upgrade
        .max_message_size(SAID_OCTETS_MAX)
        .on_upgrade(move |socket| serve(hub, viewer, socket, pass))
        .into_response()
}

/// Sends until either end has enough, or who looks may no more.
async fn serve(hub: Arc<Hub>, mut viewer: Viewer, mut socket: WebSocket, pass: Option<Pass>) {
    let Some(mut sent) = begin(&hub, &mut socket).await else {
        return;
    };
    let mut look = tokio::time::interval(EACH_LOOK);
    // The first is at once: the door has just let in.
    look.tick().await;
    loop {
        let frame = tokio::select! {
            frame = viewer.frames.recv() => frame,
            _ = look.tick() => match pass.as_ref().filter(|pass| !pass.holds()) {
                Some(pass) => return dismiss(&mut socket, pass).await,
                None => continue,
            },
            said = socket.recv() => match said {
                // Pings are answered below this.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        match frame {
            Ok(frame) if frame.sequence <= sent => {}
            Ok(frame) => {
                sent = frame.sequence;
                if send(&mut socket, frame.octets).await.is_none() {
                    return;
                }
            }
            Err(RecvError::Lagged(_)) => {
                viewer.frames = viewer.frames.resubscribe();
                match begin(&hub, &mut socket).await {
                    Some(newest) => sent = newest,
                    None => return,
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Lets somebody go whose session or token has ended.
async fn dismiss(socket: &mut WebSocket, pass: &Pass) {
    tracing::info!(target: "audit", who = pass.name(), "the live picture ends: who looks is not let in any more");
    let farewell = CloseFrame {
        code: close_code::POLICY,
        reason: "not let in any more".into(),
    };
    let farewell = socket.send(Message::Close(Some(farewell)));
    // Whoever does not take it is gone as well.
    let _ = tokio::time::timeout(PATIENCE, farewell).await;
}

/// Says who the node is and how everything stands; the last message that is in it.
async fn begin(hub: &Hub, socket: &mut WebSocket) -> Option<u64> {
    let latest = hub.latest();
    send(socket, octets(What::Hello(latest.hello.clone()))).await?;
    send(socket, octets(What::Moment(latest.whole()))).await?;
    Some(latest.sequence)
}

async fn send(socket: &mut WebSocket, octets: bytes::Bytes) -> Option<()> {
    let sent = tokio::time::timeout(PATIENCE, socket.send(Message::Binary(octets)));
    sent.await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::path::PathBuf;
    use std::sync::mpsc::sync_channel;

    use axum::Router;
    use axum::extract::Request;
    use axum::routing::get;
    use wire::messages::picture::Hello;

    use super::super::door::{Door, LIVE, SESSION};
    use super::super::past::Items;
    use super::super::{Peer, door};
    use super::*;
    use crate::access::{Role, Tokens, make};

    /// Longer than anybody who may not look any more is kept.
    const KEPT_MAX: Duration = Duration::from_secs(30);

    /// A live picture behind a door with one token.
    struct Shown {
        address: SocketAddr,
        token: String,
        tokens: PathBuf,
        _folder: tempfile::TempDir,
        _runtime: tokio::runtime::Runtime,
    }

    fn shown() -> Shown {
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens");
        let made = make(&tokens, "desk", Role::Viewer, &[9; 32]).unwrap();
        let known = Arc::new(Tokens::read(&tokens).unwrap());
        let (wake, _woken) = sync_channel(1);
        let hub = Arc::new(Hub::new(Hello::default(), (1 << 20, Items::new(1 << 20)), wake));
        let look = move |upgrade: WebSocketUpgrade, mut request: Request| {
            let pass = request.extensions_mut().remove::<Pass>();
            std::future::ready(live(&hub, upgrade, pass))
        };
        let routes = door(
            Router::new().route(LIVE, get(look)),
            Arc::new(Door::new(Some(known), false)),
        );
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let served = axum::serve(listener, routes.into_make_service_with_connect_info::<Peer>());
        runtime.spawn(async move { served.await });
        Shown {
            address,
            token: made.token.to_string(),
            tokens,
            _folder: folder,
            _runtime: runtime,
        }
    }

    impl Shown {
        fn say(&self, head: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).unwrap();
            stream.set_read_timeout(Some(KEPT_MAX)).unwrap();
            write!(stream, "{head}Host: localhost\r\n\r\n").unwrap();
            stream
        }

        /// Opens the live picture, and waits for its first octets.
        fn open(&self, by: &str) -> TcpStream {
            let mut stream = self.say(&format!(
                "GET {LIVE} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                 Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{by}"
            ));
            let mut head = [0; 12];
            stream.read_exact(&mut head).unwrap();
            assert_eq!(&head, b"HTTP/1.1 101");
            stream
        }
    }

    /// What comes until the end, which has to come.
    fn rest(mut stream: TcpStream) -> String {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("it ends");
        String::from_utf8_lossy(&rest).into_owned()
    }

    #[test]
    fn whose_token_is_taken_away_sees_nothing_more() {
        let node = shown();
        let stream = node.open(&format!("Authorization: Bearer {}\r\n", node.token));
        std::fs::write(&node.tokens, "").unwrap();
        assert!(rest(stream).contains("not let in any more"));
    }

    #[test]
    fn whose_session_ends_sees_nothing_more_and_others_do() {
        let node = shown();
        let body = format!("{{\"token\": \"{}\"}}", node.token);
        let begun = || {
            let length = body.len();
            let head = format!(
                "POST {SESSION} HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n"
            );
            let mut stream = node.say(&head);
            stream.write_all(body.as_bytes()).unwrap();
            let answer = rest(stream);
            let cookie = answer
                .lines()
                .find_map(|line| line.strip_prefix("set-cookie: "))
                .unwrap();
            format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
        };
        let (own, other) = (begun(), begun());
        let (stream, mut stays) = (node.open(&own), node.open(&other));
        let ended = rest(node.say(&format!("DELETE {SESSION} HTTP/1.1\r\nConnection: close\r\n{own}")));
        assert!(ended.starts_with("HTTP/1.1 204"), "{ended}");
        assert!(rest(stream).contains("not let in any more"));
        // A ping is answered by whoever is still there.
        stays.write_all(&[0x89, 0x80, 0, 0, 0, 0]).unwrap();
        let mut octet = [0];
        while octet != [0x8a] {
            stays.read_exact(&mut octet).expect("it goes on");
        }
    }
}
