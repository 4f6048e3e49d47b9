//! A sample of a Zenoh key. Zenoh says whether somebody listens, not whether he has it.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::timeout;
use zenoh::bytes::Encoding;
use zenoh::qos::{CongestionControl, Priority};

use super::{Answer, Parcel};

/// Puts the CAP message under the key, once somebody listens there. Without a listener within the time, nothing is put.
pub(super) fn deliver(key: &str, connect: &[String], timeout_s: f64, parcel: &Parcel) -> Answer {
    let runtime = match Builder::new_multi_thread().worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Answer::failed(error.to_string()),
    };
    let within = Duration::from_secs_f64(timeout_s);
    let answer = runtime.block_on(async {
        let listened = timeout(within, listened(key, connect)).await;
        let (session, publisher) = match listened {
            Ok(Ok(open)) => open,
            Ok(Err(error)) => return Answer::failed(format!("{key}: {error}")),
            Err(_) => return Answer::failed(format!("{key}: nobody listened within {timeout_s} s")),
        };
        let put = async {
            let sample = publisher.put(parcel.cap.as_bytes()).encoding(Encoding::APPLICATION_XML);
            sample.await?;
            // What is put leaves with the session.
            session.close().await
        };
        match timeout(within, put).await {
            Ok(Ok(())) => Answer::delivered(format!("{key}: put, with a listener")),
            Ok(Err(error)) => Answer::unknown(format!("{key}: {error}")),
            Err(_) => Answer::unknown(format!("{key}: not put within {timeout_s} s")),
        }
    });
    // A session that does not close is left to end with the process.
    runtime.shutdown_background();
    answer
}

/// Opens a session and waits until somebody listens.
async fn listened(key: &str, connect: &[String]) -> zenoh::Result<(zenoh::Session, zenoh::pubsub::Publisher<'static>)> {
    let mut config = zenoh::Config::default();
    config.insert_json5("mode", "\"client\"")?;
    config.insert_json5("connect/endpoints", &serde_json::json!(connect).to_string())?;
    config.insert_json5("scouting/multicast/enabled", "false")?;
    let session = zenoh::open(config).await?;
    let publisher = session
        .declare_publisher(key.to_owned())
        .congestion_control(CongestionControl::Block)
        .priority(Priority::RealTime)
        .await?;
    let listener = publisher.matching_listener().await?;
    if !publisher.matching_status().await?.matching() {
        while !listener.recv_async().await?.matching() {}
    }
    Ok((session, publisher))
}
