//! Files that are wrong, or meant to hurt: each is refused with its place, quickly, and the rest is still read.

use super::*;

const RULE: &str = "@id(\"a\") permit (principal, action, resource);";

fn faults(agreement: &str, rules: &str, areas: &str) -> Vec<Fault> {
    match Policy::new(&files(agreement, rules, areas)) {
        Ok(_) => Vec::new(),
        Err(error) => error.faults,
    }
}

/// What is not as it should be: where a text is refused, and why.
fn wrong(rules: &str, contains: &str) -> Option<String> {
    let faults = faults(JAPAN, rules, PLACES);
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let is_it = |text: &String| text.contains(contains) && text.starts_with("release.cedar:1:");
    let head: String = rules.chars().take(200).collect();
    (!shown.iter().any(is_it)).then(|| format!("{head}\nexpected: {contains}\nfound {shown:#?}"))
}

fn when(condition: &str) -> String {
    format!("@id(\"a\") permit (principal, action, resource) when {{ {condition} }};")
}

fn annotated(annotation: &str) -> String {
    format!("{annotation} {RULE}")
}

fn all_are_refused(cases: &[(String, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, contains)| wrong(text, contains))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(faults(JAPAN, RULE, PLACES).is_empty());
}

#[test]
fn rules_that_hurt_by_their_shape() {
    let deep =
        |open: &str, inner: &str, close: &str, n: usize| when(&format!("{}{inner}{}", open.repeat(n), close.repeat(n)));
    all_are_refused(&[
        // A parser that calls itself for each bracket would run out of stack.
        (deep("(", "true", ")", 1_000), "brackets within brackets"),
        (deep("!(", "true", ")", 13), "brackets within brackets"),
        (deep("[", "1", "].isEmpty()", 300), "brackets within brackets"),
        // So would one that calls itself for each operator.
        (when(&vec!["true"; 400].join("&&")), "operators in one rule"),
        (when(&vec!["true"; 400].join(" || ")), "operators in one rule"),
        (
            when(&format!(
                "{}true{}",
                "if true then ".repeat(150),
                " else false".repeat(150)
            )),
            "operators in one rule",
        ),
        (when(&format!("resource{}", ".a".repeat(900))), "operators in one rule"),
        (when(&format!("{}1 == 1", "-".repeat(900))), "operators in one rule"),
        // A rule nobody would read to its end, and would say yes to.
        (when(&format!("true // {}", "x".repeat(5_000))), "at most 4096"),
        // Not finished: what follows would become part of it.
        (
            "@id(\"a\") permit (principal, action, resource)".into(),
            "not a Cedar rule",
        ),
        (
            "@id(\"a\") permit (principal, action, resource".into(),
            "not a Cedar rule",
        ),
        (
            "@id(\"a permit (principal, action, resource);".into(),
            "not a Cedar rule",
        ),
        ("permit".into(), "not a Cedar rule"),
        ("\u{0}".into(), "not a Cedar rule"),
        // Two rules where one is expected: the second would have no name and no line.
        (";".into(), "not a Cedar rule"),
        // A template: whoever fills it decides, not who signed it.
        (
            "@id(\"a\") permit (principal == ?principal, action, resource);".into(),
            "not a Cedar rule",
        ),
    ]);
}

#[test]
fn rules_that_hurt_by_names_and_annotations() {
    all_are_refused(&[
        // A name that is none, is another's, or hides in a list of names.
        ("permit (principal, action, resource);".into(), "has no name"),
        (
            "@id(\"\") permit (principal, action, resource);".into(),
            "no name for a rule",
        ),
        (
            "@id(\"a\\nb\") permit (principal, action, resource);".into(),
            "no name for a rule",
        ),
        (
            "@id(\"trilat.purpose\") permit (principal, action, resource);".into(),
            "no name for a rule",
        ),
        (format!("{RULE} {RULE}"), "there twice"),
        // An annotation that looks as if it did something.
        (
            annotated("@hold(\"30\")"),
            "unknown annotation (did you mean \"hold_s\"?)",
        ),
        (annotated("@Onward(\"false\")"), "unknown annotation"),
        (
            "@id(\"a\") @hold_s(\"30\") forbid (principal, action, resource);".into(),
            "unknown annotation",
        ),
        // Holds that are none, end never, or overflow.
        (annotated("@hold_s(\"-1\")"), "@hold_s"),
        (annotated("@hold_s(\"\")"), "@hold_s"),
        (annotated("@hold_s(\"30s\")"), "@hold_s"),
        (annotated("@hold_s(\"inf\")"), "@hold_s"),
        (annotated("@hold_s(\"NaN\")"), "@hold_s"),
        (annotated("@hold_s(\"1e3\")"), "@hold_s"),
        (annotated("@hold_s(\"99999999\")"), "@hold_s"),
        (annotated("@hold_s"), "@hold_s"),
        (annotated("@onward(\"yes\")"), "@onward"),
    ]);
}

#[test]
fn rules_that_hurt_by_what_they_say() {
    all_are_refused(&[
        // Arithmetic can overflow, and then the rule is skipped: a forbid would not forbid.
        (when("resource.age_s + 9223372036854775807 > 0"), "rules compare"),
        (when("resource.age_s * 2 > 10"), "rules compare"),
        (when("-resource.age_s < -10"), "rules compare"),
        // Numbers that no subject has, so that the comparison is always true.
        (when("resource.age_s > -9000000000000000000"), "beyond 1000000000"),
        // A number of the subject against another: no list of kinds would be complete.
        (
            when("resource has height_m && resource.height_m > resource.age_s"),
            "other than a literal",
        ),
        // Texts that match patterns could tell any name apart from any other.
        (when("\"north\" like \"*\""), "`like`"),
        (when("{a: true}.a"), "rules compare"),
        (when("[1, 2].contains(resource.age_s)"), "rules compare"),
        (when("ip(\"10.0.0.1\").isLoopback()"), ""),
        (when("datetime(\"2026-01-01\") < datetime(\"2027-01-01\")"), ""),
        // An attribute that is not always there, without asking.
        (when("resource.height_m > 10"), "the schema refuses"),
        // Attributes and types there are not.
        (when("resource.hight_m > 10"), ""),
        (when("principal == Owner::\"usa\""), "the schema refuses"),
        (when("resource.phase == Phase::\"Boost\""), "the schema refuses"),
        (
            "@id(\"a\") permit (principal, action == Action::\"everything\", resource);".into(),
            "the schema refuses",
        ),
        // Names there are not: a forbid about them would forbid nothing.
        (
            when("principal == Partner::\"koera\""),
            "unknown partner \"koera\" (did you mean \"korea\"?)",
        ),
        (
            when("resource in Sensor::\"nort\""),
            "unknown sensor \"nort\" (did you mean \"north\"?)",
        ),
        (
            when("resource in Area::\"straight\""),
            "unknown area \"straight\" (did you mean \"strait\"?)",
        ),
        // A name that looks like another: Cyrillic а and е. It is unknown, and never taken for the other.
        (when("principal == Partner::\"kor\u{0435}\u{0430}\""), "unknown partner"),
        // A rule that can never be true, by its types alone.
        (when("false"), "no subject can meet"),
        // Text that is shown in another order than it is read in.
        (when("resource in Sensor::\"north\u{202e}\""), ""),
    ]);
}

#[test]
fn a_bad_rule_hides_no_other_and_lines_are_right() {
    let rules = format!(
        "// one ; \" (\n\n{RULE}\n  permit (principal);\n\n// \"\n@id(\"b;\") forbid (x);\n@id(\"c\\\"d\") {RULE}"
    );
    let faults = faults(JAPAN, &rules, PLACES);
    let lines: Vec<usize> = faults.iter().filter_map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 7, 8], "{faults:#?}");
}

#[test]
fn more_rules_than_anybody_reads_are_refused() {
    let rules: String = (0..1_000)
        .map(|i| format!("@id(\"r{i}\") permit (principal, action, resource);\n"))
        .collect();
    let faults = faults(JAPAN, &rules, PLACES);
    assert!(
        faults
            .iter()
            .any(|f| matches!(f.reason, Reason::TooMany { what: "rules", .. })),
        "{faults:?}"
    );
}

#[test]
fn agreements_that_hurt() {
    let with = |from: &str, to: &str| JAPAN.replace(from, to);
    for (text, contains) in [
        (String::new(), "the key owner is missing"),
        // Not TOML, and TOML that is deep.
        ("owner = ".into(), "not TOML"),
        (
            format!("owner = {}{}", "[".repeat(10_000), "]".repeat(10_000)),
            "not TOML",
        ),
        (with("owner", "owner = \"x\"\nowner"), "not TOML"),
        // A key that is misspelt: what it should withdraw stays.
        (
            format!("{JAPAN}\nwithdrawm = [\"korea\"]"),
            "withdrawm: unknown key (did you mean \"withdrawn\"?)",
        ),
        (
            format!("{JAPAN}\nwithdrawn = [\"koera\"]"),
            "unknown partner \"koera\" (did you mean \"korea\"?)",
        ),
        (format!("{JAPAN}\nwithdrawn = \"korea\""), "expected a list of names"),
        // Numbers that are none, or wrap.
        (with("version = 1", "version = 0"), "expected a whole number"),
        (with("version = 1", "version = 1.5"), "expected a whole number"),
        (with("version = 1", "version = 4294967297"), "expected a whole number"),
        (with("version = 1", "version = -1"), "expected a whole number"),
        (with("version = 1", "version = nan"), "expected a whole number"),
        (with("version = 1", "version = 0x1"), "expected a whole number"),
        // An instant of another zone, or before the version was written: history would change.
        (
            with("2026-02-01T00:00:00Z", "2026-02-01T00:00:00+09:00"),
            "expected a time in UTC",
        ),
        (
            with("2026-02-01T00:00:00Z", "2025-02-01T00:00:00Z"),
            "not before `dated`",
        ),
        // Itself as a partner, the same twice, a name with a line in it.
        (with("\"korea\"", "\"japan\""), "expected others than the owner itself"),
        (with("\"korea\"", "\"usa\""), "there twice"),
        (with("\"korea\"", "\"ko\\nrea\""), "expected a list of names"),
        (with("\"korea\"", "\"\""), "expected a list of names"),
        (with("\"restricted\"", "\"top secret\""), "expected one of"),
    ] {
        let faults = faults(&text, RULE, PLACES);
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let head: String = text.chars().take(80).collect();
        assert!(
            shown.iter().any(|line| line.contains(contains)),
            "{head}\n{contains}\n{shown:#?}"
        );
    }
}

#[test]
fn areas_that_hurt() {
    let area = |keys: &str| format!("[[area]]\nname = \"x\"\n{keys}");
    let corners = |list: &str| area(&format!("corners_deg = {list}"));
    let many = format!("[{}]", vec!["[1.0, 2.0]"; 300].join(","));
    for (text, contains) in [
        ("area = 1".into(), "expected [[area]]"),
        ("[[area]]".into(), "the key name is missing"),
        ("[[zone]]\nname = \"x\"".into(), "unknown key"),
        (area(""), "either lat_deg, lon_deg and radius_m"),
        (area("lat_deg = 1\nlon_deg = 2"), "either lat_deg"),
        (
            area("lat_deg = 1\nlon_deg = 2\nradius_m = 3\ncorners_deg = []"),
            "either lat_deg",
        ),
        // Places that are none, and a circle around the Earth.
        (
            area("lat_deg = 91\nlon_deg = 2\nradius_m = 3"),
            "degrees from -90 to 90",
        ),
        (
            area("lat_deg = nan\nlon_deg = 2\nradius_m = 3"),
            "degrees from -90 to 90",
        ),
        (area("lat_deg = 1\nlon_deg = 2\nradius_m = inf"), "metres from 1"),
        (area("lat_deg = 1\nlon_deg = 2\nradius_m = 2e7"), "metres from 1"),
        // Polygons without an inside, or with two.
        (corners("[]"), "at least three"),
        (corners("[[0, 0], [1, 1]]"), "at least three"),
        (corners("[[0, 0], [0, 1], [1, 1], [0, 0]]"), "not repeated at the end"),
        (corners("[[0, 0], [1, 1], [0, 1], [1, 0]]"), "edges cross"),
        (corners("[[0, 0], [0, 90], [0, 180], [0, 270]]"), "more than 60°"),
        (corners("[[90, 0], [-90, 0], [0, 0]]"), "more than 60°"),
        (corners("[[0, 0, 0], [0, 1], [1, 1]]"), "corners as [[lat, lon]"),
        (corners(&many), "more than 256 corners"),
        (
            format!(
                "{}\n{}",
                area("lat_deg=1\nlon_deg=2\nradius_m=3"),
                area("lat_deg=1\nlon_deg=2\nradius_m=3")
            ),
            "there twice",
        ),
    ] {
        let faults = faults(JAPAN, RULE, &text);
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(
            shown.iter().any(|line| line.contains(contains)),
            "{text}\n{contains}\n{shown:#?}"
        );
    }
}

#[test]
fn file_names_that_hurt() {
    let text = |name: &str| Text {
        name: name.into(),
        text: "".into(),
    };
    for name in [
        "../release.cedar",
        "/etc/x.cedar",
        ".cedar",
        "a/b.cedar",
        "Release.cedar",
        "x.txt",
        "",
        "a\u{0}.cedar",
    ] {
        assert!(Files::new([text(AGREEMENT), text(name)]).is_err(), "{name:?}");
    }
    assert!(Files::new([text("a.cedar"), text("a.cedar")]).is_err());
    assert!(Files::new((0..=FILES_MAX).map(|i| text(&format!("r{i}.cedar")))).is_err());
    let long = Text {
        name: "a.cedar".into(),
        text: " ".repeat(FILE_BYTES_MAX + 1).into(),
    };
    assert!(Files::new([long]).is_err());
    let none = Policy::new(&Files::new([text("a.cedar")]).unwrap()).expect_err("no agreement");
    assert_eq!(none.faults[0].reason, Reason::NoFile);
}
