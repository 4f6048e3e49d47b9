//! `trilat policy` end to end: check, explain, sign, and what they answer to mistakes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const AGREEMENT: &str = r#"
owner = "japan"
version = 1
dated = "2026-01-01T00:00:00Z"
from = "2026-01-01T00:00:00Z"
partners = ["korea", "usa"]
sensors = ["north"]
policy = "trilat"
classification = "restricted"
"#;

const RULES: &str = r#"// Two rules.
@id("high")
@onward("true")
permit (principal, action in Action::"plot", resource)
when { resource has height_m && resource.height_m >= 15000 };

@id("low, later") @hold_s("60")
permit (principal == Partner::"usa", action == Action::"plot", resource)
when { resource has height_m && resource.height_m < 15000 };
"#;

const SENSORS: &str = "[[sensor]]\nname = \"north\"\nowner = \"japan\"\nlat_deg = 38.0\nlon_deg = 138.0\n\
                       height_m = 300.0\nmeasures = [\"range\", \"azimuth\", \"elevation\"]\nrange_sigma_m = 10.0\n\
                       azimuth_sigma_deg = 0.1\nelevation_sigma_deg = 0.1\n\
                       [[sensor]]\nname = \"south\"\nowner = \"japan\"\nlat_deg = 33.0\nlon_deg = 130.0\n\
                       height_m = 300.0\nmeasures = [\"range\"]\n";

/// One high, one low, one without a place, one of a sensor that is not under the agreement.
const PLOTS: &str = "time,sensor,range_m,azimuth_deg,elevation_deg\n\
                     2026-03-01T00:00:00Z,north,300000,270,20\n\
                     2026-03-01T00:00:01Z,north,30000,270,2\n\
                     2026-03-01T00:00:02Z,north,300000,,\n\
                     2026-03-01T00:00:03Z,south,300000,270,20\n";

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .arg("policy")
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

/// A folder of this test run, with an agreement in it.
fn folder(name: &str, rules: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy").join(name);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for (name, content) in [
        ("agreement.toml", AGREEMENT),
        ("release.cedar", rules),
        ("sensors.toml", SENSORS),
        ("plots.csv", PLOTS),
    ] {
        std::fs::write(folder.join(name), content).expect("the file can be written");
    }
    folder
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_good_agreement_passes_and_a_change_is_listed() {
    let (old, new) = (folder("old", RULES), folder("new", &RULES.replace("\"60\"", "\"10\"")));
    let out = trilat(&["check", &shown(&old)]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    assert!(said.contains("Version 1 of japan: 2 rules can be used."), "{said}");
    assert!(!said.contains("never given"), "{said}");
    let out = trilat(&["check", &shown(&new), "--against", &shown(&old)]);
    assert_eq!(out.status.code(), Some(5));
    let line = "usa: below 15000 m: nothing, plot from 10 s on (was: nothing, plot from 60 s on)";
    assert!(text(&out.stdout).contains(line), "{}", text(&out.stdout));
    let out = trilat(&["check", &shown(&old), "--against", &shown(&new), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(found["change"]["newly_released"], serde_json::json!([]));
    assert_eq!(found["change"]["no_longer_released"][0]["partner"], "usa");
}

#[test]
fn mistakes_and_faults_have_codes_lines_and_remedies() {
    let never = format!(
        "{RULES}@id(\"never\") forbid (principal, action, resource) when {{ resource.age_s > 1 && resource.age_s < 2 }};"
    );
    let out = trilat(&["check", &shown(&folder("never", &never))]);
    assert_eq!(out.status.code(), Some(3));
    assert!(
        text(&out.stdout).contains("release.cedar:10: never: unreachable"),
        "{}",
        text(&out.stdout)
    );
    let misspelt = RULES.replace("\"usa\"", "\"uas\"").replace("@hold_s", "@hold");
    let out = trilat(&["check", &shown(&folder("misspelt", &misspelt)), "--json"]);
    assert_eq!(out.status.code(), Some(4));
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let error = said["error"].as_str().expect("an error");
    assert!(
        error.contains("release.cedar:7: low, later: unknown annotation (did you mean \"hold_s\"?)"),
        "{error}"
    );
    let out = trilat(&["check", "no-such-folder"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("no-such-folder"));
}

#[test]
fn each_plot_is_explained() {
    let dir = folder("explain", RULES);
    let file = |name: &str| shown(&dir.join(name));
    let (plots, sensors) = (file("plots.csv"), file("sensors.toml"));
    let common = [&shown(&dir), plots.as_str(), "--sensors", sensors.as_str(), "--partner"].map(str::to_owned);
    let run = |more: &[&str]| {
        let arguments: Vec<&str> = ["explain"]
            .into_iter()
            .chain(common.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        trilat(&arguments)
    };
    let out = run(&["usa"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    for line in [
        "2026-03-01T00:00:00.000Z  north  plot: by \"high\" (release.cedar:2)",
        "2026-03-01T00:00:01.000Z  north  nothing: more at 2026-03-01T00:01:01.000Z",
        "2026-03-01T00:00:02.000Z  north  nothing: no rule permits it",
        "2026-03-01T00:00:03.000Z  south  nothing: the sensor is not under the agreement (agreement.toml)",
        "usa for warning: 3 nothing, 1 plot",
    ] {
        assert!(said.contains(line), "{line}\nin\n{said}");
    }
    let out = run(&["usa", "--at", "2026-03-01T00:10:00Z", "--json"]);
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(said["plots"][1]["tier"], "plot");
    assert_eq!(said["plots"][1]["hold_s"], 60.0);
    assert_eq!(said["plots"][1]["because"][0]["line"], 7);
    assert_eq!(
        said["plots"][0]["releasable_to"],
        serde_json::json!(["japan", "korea", "usa"])
    );
    let out = run(&["koera"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(
        text(&out.stderr).contains("did you mean \"korea\"?"),
        "{}",
        text(&out.stderr)
    );
    let out = run(&["korea", "--purpose", "targeting"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("there is no other"), "{}", text(&out.stderr));
}

#[test]
fn versions_are_signed_one_after_the_other() {
    let dir = folder("sign", RULES);
    let file = |name: &str| shown(&dir.join(name));
    let key = share::identity::NodeKey::from_seed(&[7; 32]);
    std::fs::write(dir.join("key.pem"), &**key.to_pem().expect("a key")).expect("the file can be written");
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(dir.join("key.pem"), closed).expect("the mode can be set");
    let (agreement, key, first, second) = (shown(&dir), file("key.pem"), file("1.policy"), file("2.policy"));
    let out = trilat(&["sign", &agreement, "--key", &key, "--out", &first]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(
        text(&out.stdout).starts_with("Signed version 1 by "),
        "{}",
        text(&out.stdout)
    );
    let again = trilat(&[
        "sign",
        &agreement,
        "--key",
        &key,
        "--previous",
        &first,
        "--out",
        &second,
    ]);
    assert_eq!(again.status.code(), Some(4));
    assert!(
        text(&again.stderr).contains("version 1 is known"),
        "{}",
        text(&again.stderr)
    );
    let noted = AGREEMENT.replace("version = 1", "version = 1 # one more each time");
    std::fs::write(dir.join("agreement.toml"), noted).expect("written");
    let from = ["--next", "--from", "2026-05-01T00:00:00Z", "--json"];
    let signed = [
        &[
            "sign",
            &agreement,
            "--key",
            &key,
            "--previous",
            &first,
            "--out",
            &second,
        ][..],
        &from,
    ];
    let out = trilat(&signed.concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    assert_eq!(
        (&said["version"], &said["from"]),
        (&2.into(), &"2026-05-01T00:00:00.000Z".into())
    );
    let written = std::fs::read_to_string(dir.join("agreement.toml")).expect("it is there");
    assert!(written.contains("version = 2 # one more each time\n"), "{written}");
    let out = trilat(&["check", &second, "--against", &first]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
}

#[test]
fn help_has_examples_and_every_exit_code() {
    for (command, codes) in [
        ("check", 0..=5),
        ("explain", 0..=2),
        ("sign", 0..=2),
        ("withdraw", 0..=2),
        ("versions", 0..=2),
    ] {
        let help = text(&trilat(&[command, "--help"]).stdout);
        assert!(help.contains(&format!("trilat policy {command} node.toml")), "{help}");
        for code in codes {
            assert!(help.contains(&format!("\n  {code}  ")), "exit code {code} in\n{help}");
        }
    }
}
