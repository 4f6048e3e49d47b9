//! A node that warns: it drafts what it foretells, persons approve it over HTTP, people get it and the all clear; a
//! crash in between loses nothing and sends nothing twice.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::nodes::{Federation, Node, now, trilat, until};

/// The first of the two missiles of 27 January 2022, seen by all radars of the scenario, a while faster than it was.
const SCENARIO: &str = "2022-01-27-depressed";
const BEGIN: &str = "2022-01-26T22:59:55Z";
const END: &str = "2022-01-26T23:04:50";
const SPEED: u32 = 25;

/// A warning centre with its node: three persons, each with a token.
struct Centre {
    federation: Federation,
    tokens: [(&'static str, String); 3],
}

fn run(arguments: &[&str]) -> String {
    let out = trilat(arguments);
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

impl Centre {
    fn new(name: &str, warn: &str) -> Self {
        let federation = Federation::new(name);
        let path = |file: &str| federation.path("alpha", file).display().to_string();
        run(&["simulate", SCENARIO, "--seed", "1", "--out", &path("flown")]);
        // All of it is alpha's: one owner with every radar.
        let sensors = std::fs::read_to_string(path("flown/sensors.toml")).expect("sensors");
        let own = |line: &str| match line.starts_with("owner = ") {
            true => "owner = \"alpha\"".to_owned(),
            false => line.to_owned(),
        };
        let sensors: Vec<String> = sensors.lines().map(own).collect();
        std::fs::write(path("sensors.toml"), sensors.join("\n")).expect("it can be written");
        let plots = std::fs::read_to_string(path("flown/plots.csv")).expect("plots");
        let (head, rows) = plots.split_once('\n').expect("a head");
        let first: Vec<&str> = rows.lines().filter(|row| *row < END).collect();
        std::fs::write(path("plots.csv"), format!("{head}\n{}\n", first.join("\n"))).expect("it can be written");
        run(&["warn", "init", &path("centre")]);
        federation.edit("alpha", "node.toml", |text| {
            let (node, _) = text.split_once("\n[[partner]]").expect("partners");
            // Without the comment above it.
            let node = node.rsplit_once("\n\n").expect("a section").0;
            format!(
                "{node}\n[[feed]]\nname = \"radars\"\ninput = \"file\"\nformat = \"csv\"\npath = \"plots.csv\"\n\
                 [engine]\nlag_s = 30\n[exercise]\ntime = \"{BEGIN}\"\nat = \"{}\"\nspeed = {SPEED}\n\
                 [http]\naddress = \"127.0.0.1:0\"\ntokens = \"tokens\"\n[limits]\nfree_disk_min_mib = 1\n{warn}",
                now()
            )
        });
        let config = path("node.toml");
        let token = |name: &'static str, role: &str| {
            let said = run(&["node", "token", &config, "--name", name, "--role", role]);
            let token = said.split_whitespace().find(|word| word.starts_with("trilat_"));
            (name, token.expect("a token").to_owned())
        };
        let tokens = [
            token("lee", "viewer"),
            token("ito", "operator"),
            token("kim", "releaser"),
        ];
        Self { federation, tokens }
    }

    fn start(&self) -> Running<'_> {
        let before = self.log().len();
        let node = self.federation.start("alpha");
        // Where a token is needed is said in the log only.
        let log = self.log();
        let said = log[before..]
            .split("http=")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next());
        let address = said.and_then(|address| address.parse().ok()).expect("an address");
        Running {
            centre: self,
            node,
            address,
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log.txt")).unwrap_or_default()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.federation.path("alpha", file)
    }

    /// The CAP messages that people have.
    fn messages(&self) -> Vec<String> {
        let mut names: Vec<String> = files(&self.path("centre/out"));
        names.retain(|name| name.ends_with(".cap.xml"));
        names
    }

    fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("centre/journal.jsonl")).expect("the journal");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

struct Running<'a> {
    centre: &'a Centre,
    node: Node,
    address: SocketAddr,
}

impl Running<'_> {
    /// Status and body of an answer.
    fn ask(&self, who: &str, method: &str, path: &str, more: &str, body: &str) -> (u16, String) {
        let token = self.centre.tokens.iter().find(|(name, _)| *name == who);
        let token = token.map_or(String::new(), |(_, token)| format!("Authorization: Bearer {token}\r\n"));
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.0\r\n{token}{more}Content-Length: {length}\r\n\r\n{body}");
        stream.write_all(head.as_bytes()).expect("it takes it");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    fn act(&self, who: &str, warning: &str, action: &str, wanted: &Value) -> (u16, Value) {
        let path = format!("/api/v1/warnings/{warning}/{action}");
        let more = "Content-Type: application/json\r\n";
        let (status, body) = self.ask(who, "POST", &path, more, &wanted.to_string());
        (
            status,
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")),
        )
    }

    fn warnings(&self, who: &str) -> Value {
        let (status, body) = self.ask(who, "GET", "/api/v1/warnings", "", "");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// The warning of a name; of none, the newest.
    fn warning(&self, name: &str) -> Value {
        let all = self.warnings("kim");
        let mut all = all["warnings"].as_array().expect("a list").iter();
        let found = all.find(|warning| name.is_empty() || warning["name"] == name);
        found.cloned().unwrap_or_default()
    }

    /// Waits for something of a warning.
    fn until(&self, what: &str, name: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        until(what, || {
            last = self.warning(name);
            holds(&last)
        });
        last
    }

    /// Approves a draft of a kind, though the node may write another meanwhile; its number.
    fn approve(&self, name: &str, kind: &str) -> u64 {
        let mut approved = 0;
        until("it is approved", || {
            let warning = self.warning(name);
            let Some(draft) = last(&warning).filter(|last| last["state"] == "draft" && last["kind"] == kind) else {
                return false;
            };
            approved = draft["number"].as_u64().expect("a number");
            self.act("kim", name, "approve", &json!({ "number": approved })).0 == 200
        });
        approved
    }
}

fn last(warning: &Value) -> Option<&Value> {
    warning["messages"].as_array()?.last()
}

fn is_waiting(warning: &Value) -> bool {
    last(warning).is_some_and(|last| last["state"] == "draft")
}

/// A draft that the node wrote: places where people live, an exercise in every language.
fn is_of_the_node(drafted: &Value) {
    let draft = last(drafted).expect("a draft");
    assert_eq!(
        (&draft["by"], &draft["kind"], &drafted["exercise"]),
        (&json!("node"), &json!("alert"), &json!(true))
    );
    assert!(
        draft["places"].as_array().is_some_and(|places| !places.is_empty()),
        "{draft:#}"
    );
    let words = draft["words"].as_array().expect("words");
    let languages: Vec<&str> = words.iter().filter_map(|one| one["language"].as_str()).collect();
    assert_eq!(languages, ["en", "ja", "ko"]);
    for (one, mark) in words.iter().zip(["[EXERCISE]", "【訓練】", "[훈련]"]) {
        assert!(
            one["short"].as_str().is_some_and(|short| short.starts_with(mark)),
            "{one:#}"
        );
    }
}

/// Who has delivered a message of a warning.
fn channel_that_has(warning: &Value) -> Option<String> {
    let messages = warning["messages"].as_array()?.iter();
    let mut deliveries = messages.flat_map(|message| message["deliveries"].as_array().into_iter().flatten());
    let delivered = deliveries.find(|delivery| delivery["state"] == "delivered")?;
    delivered["channel"].as_str().map(str::to_owned)
}

/// The all clear came after the latest arrival, and refers to what people were told first.
fn is_cleared(centre: &Centre, over: &Value, (first, cleared): (u64, u64)) {
    let name = over["name"].as_str().expect("a name");
    let messages = over["messages"].as_array().expect("messages");
    let end = messages
        .iter()
        .find(|message| message["kind"] == "all-clear")
        .expect("an all clear");
    let latest = messages
        .iter()
        .filter(|one| one["state"] == "released" && one["kind"] != "all-clear");
    let latest = latest
        .filter_map(|one| one["arrival_unix_s"][1].as_f64())
        .fold(0.0, f64::max);
    assert!(end["drafted_unix_s"].as_f64() > Some(latest), "{end:#}");
    let cap = std::fs::read_to_string(centre.path(&format!("centre/out/{name}.{cleared}.cap.xml"))).expect("a file");
    assert!(
        cap.contains("<responseType>AllClear</responseType>") && cap.contains(&format!("{name}.{first},")),
        "{cap}"
    );
}

#[test]
fn a_node_drafts_persons_approve_and_people_are_told_until_it_is_over() {
    let centre = Centre::new("warned", "[warn]\nfolder = \"centre\"\ndraft = true\n");
    // Beside the folder there is a way that takes what is handed over, and never answers: nobody waits for it.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let settings = centre.path("centre/warn.toml");
    let text = std::fs::read_to_string(&settings).expect("settings");
    let hook = format!("[[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"http://{address}/\"\n");
    std::fs::write(&settings, format!("{text}\n{hook}timeout_s = 120\n")).expect("it can be written");
    let running = centre.start();
    let drafted = running.until("a draft", "", is_waiting);
    let name = drafted["name"].as_str().expect("a name").to_owned();
    is_of_the_node(&drafted);
    // Nothing goes out by itself, and a draft is no message.
    assert_eq!(centre.messages(), Vec::<String>::new());
    let cap = |number: u64| format!("/api/v1/warnings/{name}/{number}/cap");
    assert_eq!(running.ask("lee", "GET", &cap(1), "", "").0, 409);

    let first = running.approve(&name, "alert");
    until("the file is there", || {
        centre.messages() == [format!("{name}.{first}.cap.xml")]
    });
    let told = running.until("it is delivered", &name, |warning| channel_that_has(warning).is_some());
    assert_eq!(told["state"], "on");
    let out = channel_that_has(&told).expect("a channel");
    let (status, body) = running.ask("lee", "GET", &cap(first), "", "");
    let file = std::fs::read_to_string(centre.path(&format!("centre/out/{name}.{first}.cap.xml"))).expect("a file");
    assert_eq!((status, &body), (200, &file));

    // A crash: what was known is known, what was sent is not sent again.
    running.node.kill();
    let running = centre.start();
    let again = running.until("it is there again", &name, |warning| warning["name"] == name);
    assert!(again["messages"].as_array().expect("messages").len() as u64 >= first);
    let cleared = running.approve(&name, "all-clear");
    until("the all clear is there", || {
        centre.messages().contains(&format!("{name}.{cleared}.cap.xml"))
    });
    let over = running.until("it is over", &name, |warning| warning["state"] == "over");
    is_cleared(&centre, &over, (first, cleared));
    // Each message was handed over once.
    let journal = centre.journal();
    let handed = journal.iter().filter(|entry| entry["event"]["handing"].is_object());
    let of = |channel: &str| -> Vec<u64> {
        let handing = handed.clone().map(|entry| entry["event"]["handing"].clone());
        let on = handing.filter(|handing| handing["channel"] == channel);
        on.filter_map(|handing| handing["number"].as_u64()).collect()
    };
    assert_eq!(of(&out), [first, cleared]);
    let mut silently = of("hook");
    assert_eq!(silently.first(), Some(&first), "it was handed over");
    silently.dedup();
    assert_eq!(
        silently,
        of("hook"),
        "and not again, though nobody knows what became of it"
    );
    // The node approved nothing.
    let approved = centre
        .journal()
        .into_iter()
        .filter(|entry| entry["event"]["approved"].is_object());
    assert!(
        approved.clone().count() == 2
            && approved
                .into_iter()
                .all(|entry| entry["event"]["approved"]["by"] == "kim")
    );
    let log = centre.log();
    assert!(
        log.contains("who=\"kim\" role=\"releaser\"") && log.contains("action=\"approve\""),
        "{log}"
    );
    assert_eq!(running.node.terminate(), Some(0));
}

/// A page of somebody else's, a form, an unknown key, an unknown action, a warning that is none: nothing is done.
fn is_refused(running: &Running<'_>, name: &str, approve: &Value) {
    let path = format!("/api/v1/warnings/{name}/approve");
    let json = "Content-Type: application/json\r\n";
    let foreign = format!("{json}Host: {}\r\nOrigin: http://evil.example\r\n", running.address);
    assert_eq!(running.ask("kim", "POST", &path, &foreign, "{\"number\":1}").0, 403);
    assert_eq!(
        running
            .ask("kim", "POST", &path, "Content-Type: text/plain\r\n", "{\"number\":1}")
            .0,
        415
    );
    assert_eq!(
        running.ask("kim", "POST", &path, json, "{\"number\":1,\"by\":\"x\"}").0,
        400
    );
    assert_eq!(running.ask("kim", "POST", &path, json, &" ".repeat(5_000)).0, 413);
    assert_eq!(running.ask("nobody", "POST", &path, json, "{\"number\":1}").0, 401);
    assert_eq!(running.act("kim", name, "launch", approve).0, 404);
    assert_eq!(running.act("kim", "W0", "approve", approve).0, 404);
}

/// What two persons do at the same time, and what each is answered.
fn at_once(one: &(dyn Fn() -> (u16, Value) + Sync), other: &(dyn Fn() -> (u16, Value) + Sync)) -> [(u16, Value); 2] {
    std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(one), scope.spawn(other));
        [one.join().expect("it ends"), other.join().expect("it ends")]
    })
}

#[test]
fn two_at_once_are_told_apart_and_nobody_does_what_he_may_not() {
    // Persons write the drafts: nothing changes by itself.
    let centre = Centre::new("warned-at-once", "[warn]\nfolder = \"centre\"\n");
    let running = centre.start();
    let mut object = String::new();
    until("something may come down", || {
        let unwarned = &running.warnings("lee")["unwarned"];
        object = unwarned[0].as_str().unwrap_or_default().to_owned();
        !object.is_empty()
    });
    let wanted = json!({ "number": 0, "object": object });
    assert_eq!(running.act("lee", "-", "draft", &wanted).0, 403);
    let (status, made) = running.act("ito", "-", "draft", &wanted);
    assert_eq!((status, &made["number"]), (200, &json!(1)), "{made:#}");
    let name = made["warning"]["name"].as_str().expect("a name").to_owned();
    assert_eq!(made["warning"]["messages"][0]["by"], "ito");
    // The same once more.
    let (status, no) = running.act("ito", "-", "draft", &wanted);
    assert_eq!((status, &no["code"]), (409, &json!("begun")), "{no:#}");
    let approve = json!({ "number": 1, "is_draft": true });
    let (status, no) = running.act("ito", &name, "approve", &approve);
    assert_eq!((status, &no["code"]), (403, &json!("role")), "{no:#}");

    is_refused(&running, &name, &approve);

    // Two approve the same message: one does, the other is told who was quicker.
    let approve_it = || running.act("kim", &name, "approve", &approve);
    let mut answers = at_once(&approve_it, &approve_it);
    answers.sort_by_key(|(status, _)| *status);
    let [(done, _), (refused, no)] = answers;
    assert_eq!((done, refused, &no["code"]), (200, 409, &json!("quicker")), "{no:#}");
    let words = no["error"].as_str().expect("words");
    assert!(
        words.contains(&format!(
            "message 1 of warning {name} was approved by kim and released at "
        )),
        "{words}"
    );
    running.until("it is delivered", &name, |warning| {
        warning["messages"][0]["deliveries"][0]["state"] == "delivered"
    });

    // An update waits; one approves it while another takes the warning back: the first wins.
    let sent = json!({ "number": 1, "is_draft": false });
    let (status, made) = running.act("ito", &name, "update", &sent);
    assert_eq!((status, &made["number"]), (200, &json!(2)), "{made:#}");
    let approve_it = || running.act("kim", &name, "approve", &json!({ "number": 2 }));
    let cancel = || {
        let wanted = json!({ "number": 2, "is_draft": true, "reason": "no-threat" });
        running.act("kim", &name, "cancel", &wanted)
    };
    let [(approved, first), (cancelled, second)] = at_once(&approve_it, &cancel);
    let mut statuses = [approved, cancelled];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{first:#}\n{second:#}");
    let refused = if approved == 409 { &first } else { &second };
    let words = refused["error"].as_str().expect("words");
    let is_said =
        words.contains("was replaced by message 3 at ") || words.contains("was approved by kim and released at ");
    assert!(is_said, "{words}");
    // Which it was, the others see: viewers are offered nothing that they may do.
    let seen = running.warnings("lee")["warnings"][0].clone();
    let next = seen["next"].as_array().expect("a list");
    assert!(
        !next.is_empty() && next.iter().all(|next| next["may"] == false),
        "{next:#?}"
    );
    // Nothing of it is written by the node, which was not told to.
    assert!(
        seen["messages"]
            .as_array()
            .expect("messages")
            .iter()
            .all(|message| message["by"] != "node")
    );
}

#[test]
fn without_a_folder_a_node_warns_nobody_and_with_a_wrong_one_it_does_not_begin() {
    let centre = Centre::new("unwarned", "");
    let running = centre.start();
    let (status, body) = running.ask("lee", "GET", "/api/v1/warnings", "", "");
    assert!(
        status == 404 && body.contains("no [warn] folder in its node.toml"),
        "{status} {body}"
    );
    drop(running);
    let config = centre.path("node.toml").display().to_string();
    let complaint = |more: &str| {
        let text = std::fs::read_to_string(&config).expect("it is there");
        std::fs::write(&config, format!("{text}{more}")).expect("it can be written");
        let out = trilat(&["node", "run", &config]);
        let doctor = trilat(&["node", "doctor", &config]);
        std::fs::write(&config, text).expect("it can be written");
        assert!(!out.status.success() && !doctor.status.success());
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        let found = String::from_utf8_lossy(&doctor.stdout).into_owned();
        (said, found)
    };
    let (said, found) = complaint("[warn]\nfolder = \"nowhere\"\n");
    let expected = "folder: cannot read ";
    assert!(
        said.contains("node.toml:") && said.contains(expected) && said.contains("trilat warn init"),
        "{said}"
    );
    assert!(found.contains("fail") && found.contains(expected), "{found}");
    // Of an exercise and in earnest at once.
    centre.federation.edit("alpha", "centre/warn.toml", |text| {
        text.replace("exercise = true", "exercise = false")
    });
    let (said, found) = complaint("[warn]\nfolder = \"centre\"\n");
    let expected = "warn.toml:9: exercise is false, but mode is \"exercise\" in ";
    assert!(said.contains(expected), "{said}");
    assert!(found.contains(expected), "{found}");
    centre.federation.edit("alpha", "centre/warn.toml", |text| {
        text.replace("approvals = 1", "approvals = 3")
    });
    let (said, found) = complaint("[warn]\nfolder = \"centre\"\n");
    assert!(
        said.contains("approvals is \"3\", expected 1 or 2") && found.contains("approvals is \"3\""),
        "{said}{found}"
    );
}
