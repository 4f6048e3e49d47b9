//! The live picture over a WebSocket: whole pictures, then what changes.
//!
//! Each browser has a queue of its own, of bounded length. Who is slower than what comes gets whole pictures anew, and
//! who takes nothing for a while is let go: nobody holds up the node, or anybody else.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;
use wire::messages::picture::What;

use super::api::unavailable;
use super::hub::{Hub, Viewer, octets};

/// So many look at once, at most.
const VIEWERS_MAX: usize = 64;
/// Who takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a browser says is not listened to; it may not say much.
const SAID_OCTETS_MAX: usize = 4_096;

/// Begins to send.
pub(super) fn live(hub: &Arc<Hub>, upgrade: WebSocketUpgrade) -> Response {
    let Some(viewer) = hub.look(VIEWERS_MAX) else {
        return unavailable(&format!("{VIEWERS_MAX} look at this node already: close one"));
    };
    let hub = hub.clone();
    upgrade
        .max_message_size(SAID_OCTETS_MAX)
        .on_upgrade(move |socket| serve(hub, viewer, socket))
        .into_response()
}

/// Sends until either end has enough.
async fn serve(hub: Arc<Hub>, mut viewer: Viewer, mut socket: WebSocket) {
    let Some(mut sent) = begin(&hub, &mut socket).await else {
        return;
    };
    loop {
        let frame = tokio::select! {
            frame = viewer.frames.recv() => frame,
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
