//! JSON lines: what is good is read, what is malformed is refused in words, and the rest goes on.

use wire::{Format, LINE_BYTES_MAX, PlotReader, read_plots};

const GOOD: &str = r#"{"time":"2021-09-09T17:25:00.050Z","sensor":"north","range_m":8076,"azimuth_deg":34.6344}"#;

/// A record with these members after time and sensor.
fn with(members: &str) -> String {
    format!(r#"{{"time":"2021-09-09T17:25:00Z","sensor":"north",{members}}}"#)
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_bad_record_costs_only_itself() {
    let degrees = "expected degrees from -180 to 360, clockwise from true north";
    for (bad, words) in [
        // Out of limits, and the text as it stood.
        (
            with(r#""azimuth_deg":361.0"#),
            format!("azimuth_deg is \"361.0\", {degrees}"),
        ),
        // More than a double holds.
        (
            with(r#""azimuth_deg":1e999"#),
            format!("azimuth_deg is \"1e999\", {degrees}"),
        ),
        // A number as text, a list, an object, a truth value.
        (
            with(r#""azimuth_deg":"34""#),
            format!("azimuth_deg is \"\\\"34\\\"\", {degrees}"),
        ),
        (
            with(r#""azimuth_deg":[34]"#),
            format!("azimuth_deg is \"[34]\", {degrees}"),
        ),
        (
            with(r#""azimuth_deg":{}"#),
            format!("azimuth_deg is \"{{}}\", {degrees}"),
        ),
        (
            with(r#""azimuth_deg":true"#),
            format!("azimuth_deg is \"true\", {degrees}"),
        ),
        // What JSON has no words for.
        (
            with(r#""azimuth_deg":NaN"#),
            "no valid JSON: expected value at byte".into(),
        ),
        (
            with(r#""range_m":-1"#),
            "range_m is \"-1\", expected metres from 0 to 5e8".into(),
        ),
        // A misspelt key, one with an escape in it, one twice.
        (
            with(r#""azimut_deg":1"#),
            "unknown key \"azimut_deg\" (did you mean azimuth_deg?); known are time, sensor".into(),
        ),
        (
            with(r#""rang\u0065":1"#),
            "unknown key \"range\" (did you mean range_m?)".into(),
        ),
        (with(r#""range_m":1,"range_m":2"#), "range_m: stands twice".into()),
        (
            with(r#""range_m":1,"target":7"#),
            "target is \"7\", expected a text in quotes".into(),
        ),
        // A lone surrogate is no text.
        (with(r#""range_m":1,"target":"\ud800""#), "target is ".into()),
        // Control characters by escape.
        (
            with(r#""range_m":1,"target":"a\nb""#),
            "target is \"a\\nb\", expected a name".into(),
        ),
        (with(r#""range_m":null"#), "nothing is measured".into()),
        (
            r#"{"sensor":"north","range_m":1}"#.into(),
            "time is \"\", expected an RFC 3339".into(),
        ),
        (
            r#"{"time":1631208300,"sensor":"north","range_m":1}"#.into(),
            "time is \"1631208300\", expected an RFC".into(),
        ),
        (
            r#"{"time":"2021-09-09T17:25:00Z","range_m":1}"#.into(),
            "sensor is \"\", expected a name".into(),
        ),
        ("{}".into(), "time is \"\"".into()),
        // No object; two in one line; one cut off; nesting that would exhaust the stack.
        (
            "[1]".into(),
            "\"[1]\" is no JSON object, expected an object such as".into(),
        ),
        ("null".into(), "\"null\" is no JSON object".into()),
        (
            format!("{GOOD}{GOOD}"),
            "no valid JSON: trailing characters at byte".into(),
        ),
        (GOOD[..40].into(), "no valid JSON: EOF while parsing".into()),
        (
            with(&format!("\"range_m\":{}", "[".repeat(50_000))),
            "no valid JSON".into(),
        ),
        // A line that must not fill memory.
        (
            with(&format!("\"target\":\"{}\"", "x".repeat(LINE_BYTES_MAX))),
            "the line is longer than 65536 bytes".into(),
        ),
    ] {
        let mut reader = PlotReader::json_lines(std::io::Cursor::new(format!("{GOOD}\n{bad}\r\n\n{GOOD}")), "p.jsonl");
        let records: Vec<_> = reader.by_ref().collect();
        let shown = &bad[..bad.len().min(90)];
        assert_eq!(records.len(), 3, "{shown}");
        assert!(records[0].is_ok() && records[2].is_ok(), "{shown}");
        let message = records[1].as_ref().unwrap_err().to_string();
        assert!(
            message.starts_with(&format!("p.jsonl:2: {words}")),
            "{shown}: {message}"
        );
        assert_eq!(reader.finish().unwrap().refused, 1);
    }
}

#[test]
fn harmless_differences_are_accepted() {
    let read = |text: &str| {
        let file = read_plots(Format::JsonLines, std::io::Cursor::new(text.to_owned()), "p.jsonl").unwrap();
        assert_eq!(file.refusals, [], "{text}");
        file.plots
    };
    let plain = read(GOOD);
    for text in [
        format!("\u{feff}{GOOD}\r\n\r\n"),
        // Another order, spaces, nulls, escapes, other ways to write a number.
        "\n { \"azimuth_deg\" : 346344e-4 , \"range_m\": 8076.0, \"target\":null,\"snr_db\": null, \
         \"sensor\":\" n\\u006frth\",\"t\\u0069me\":\"2021-09-09T17:25:00.05Z\" } \n"
            .into(),
    ] {
        assert_eq!(read(&text), plain, "{text}");
    }
}

#[test]
fn numbers_are_rounded_to_the_nearest_double() {
    // serde_json's own fast path misses the last bit of such numbers.
    for text in [
        "8076.1234567890123456789",
        "1.0000000000000002",
        "123456.78901234567e-3",
    ] {
        let line = with(&format!("\"range_m\":{text}"));
        let file = read_plots(Format::JsonLines, std::io::Cursor::new(line), "p.jsonl").unwrap();
        match file.plots[0].measurement {
            plot::Measurement::Polar(polar) => assert_eq!(polar.range_m, Some(text.parse().unwrap())),
            plot::Measurement::Position(_) => panic!("polar"),
        }
    }
}

#[test]
fn files_of_another_kind_say_so() {
    for (bytes, words) in [
        (&b""[..], "p.jsonl: the file is empty, expected an object such as"),
        (b"\n\n", "p.jsonl: the file is empty"),
        (b"PAR1\xff\n", "Parquet"),
        (b"\xff\xfe{\0\n", "UTF-16"),
    ] {
        let mut reader = PlotReader::json_lines(bytes, "p.jsonl");
        assert!(reader.next().is_none());
        let message = reader.finish().unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    }
}
