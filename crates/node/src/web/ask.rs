//! What is asked for, in the part of an address behind `?`; what is wrong with it is said with what would be right.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use geo::Time;
use serde::Serialize;

use super::drawn::unix_s;

/// A time, in words.
const TIME: &str = "Unix seconds or an RFC 3339 UTC time from 1972 to 2096, such as 1642374000 or 2022-01-17T00:00:00Z";
/// 1972, and about 2096.
const TIMES: std::ops::Range<f64> = 63_072_000.0..4.0e9;

/// A question that cannot be answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Fault {
    /// What is wrong, in words.
    pub error: String,
    /// Which parameter.
    pub parameter: String,
    /// What it said.
    pub value: String,
    /// What would be right.
    pub expected: String,
    #[serde(skip)]
    code: u16,
}

impl Fault {
    /// A parameter that is wrong.
    pub fn of(parameter: &str, value: &str, expected: &str) -> Self {
        Self {
            error: format!("{parameter} is {value:?}, expected {expected}"),
            parameter: parameter.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
            code: 400,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let code = StatusCode::from_u16(self.code).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_string(&self).unwrap_or_default() + "\n";
        (code, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// The parameters of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ask(Vec<(String, String)>);

impl Ask {
    /// Reads the parameters of an address. Errors: one that is not known, or stands there twice.
    pub fn read(uri: &Uri, known: &[&str]) -> Result<Self, Fault> {
        let mut all: Vec<(String, String)> = Vec::new();
        for part in uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|part| !part.is_empty())
        {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let texts = (plain(name), plain(value));
            let (Some(name), Some(value)) = texts else {
                return Err(Fault::of(
                    "query",
                    part,
                    "UTF-8, with % and two hexadecimal digits for other octets",
                ));
            };
            if !known.contains(&&*name) {
                let expected = match known {
                    [] => "no parameter".to_owned(),
                    known => format!("one of {}", known.join(", ")),
                };
                return Err(Fault::of("query", &name, &expected));
            }
            if all.iter().any(|(other, _)| *other == name) {
                return Err(Fault::of(&name, &value, "it once"));
            }
            all.push((name, value));
        }
        Ok(Self(all))
    }

    /// A parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &**value)
    }

    /// A time, as Unix seconds. Errors: it is none.
    pub fn time(&self, name: &str) -> Result<Option<f64>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite());
        let seconds = seconds.or_else(|| text.parse::<Time>().ok().map(unix_s));
        let within = seconds.filter(|seconds| TIMES.contains(seconds));
        within.map(Some).ok_or_else(|| Fault::of(name, text, TIME))
    }

    /// A number within limits. Errors: it is none.
    pub fn number(
        &self,
        name: &str,
        within: std::ops::RangeInclusive<f64>,
        expected: &str,
    ) -> Result<Option<f64>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| within.contains(number));
        number.map(Some).ok_or_else(|| Fault::of(name, text, expected))
    }

    /// One of some words, the first where it is absent. Errors: another.
    pub fn word<'a>(&self, name: &str, words: &[&'a str]) -> Result<&'a str, Fault> {
        let Some(text) = self.text(name) else {
            return Ok(words[0]);
        };
        let found = words.iter().find(|word| **word == text);
        found
            .copied()
            .ok_or_else(|| Fault::of(name, text, &format!("one of {}", words.join(", "))))
    }
}

/// A text without its escapes; `None` of one that is none.
pub(super) fn plain(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'%' => {
                let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
                let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                octets.push(is_hex.then(|| u8::from_str_radix(digits, 16).ok())??);
                rest = &rest[2..];
            }
            b'+' => octets.push(b' '),
            other => octets.push(*other),
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<Ask, Fault> {
        let uri: Uri = format!("/a?{query}").parse().expect("an address");
        Ask::read(&uri, &["from", "to", "step_s", "known"])
    }

    #[test]
    fn what_is_asked_is_read() {
        let asked = ask("from=1642374000&to=2022-01-17T00%3A00%3A00Z&step_s=0.5").expect("good");
        assert_eq!(asked.time("from"), Ok(Some(1_642_374_000.0)));
        assert_eq!(asked.time("to"), Ok(Some(1_642_377_600.0)));
        assert_eq!(asked.number("step_s", 0.1..=60.0, "seconds"), Ok(Some(0.5)));
        assert_eq!(asked.word("known", &["then", "now"]), Ok("then"));
    }

    #[test]
    fn each_fault_names_parameter_value_and_expectation() {
        let fault = ask("fro=1").expect_err("unknown");
        assert_eq!(
            (&*fault.value, &*fault.expected),
            ("fro", "one of from, to, step_s, known")
        );
        assert!(ask("from=1&from=2").is_err());
        assert!(ask("from=%zz").is_err());
        assert!(ask("from=%ff").is_err());
        assert!(ask("from=%+1").is_err());
        for bad in ["noon", "", "-1", "NaN", "1e300", "inf"] {
            let fault = ask(&format!("from={bad}"))
                .and_then(|asked| asked.time("from"))
                .expect_err(bad);
            assert_eq!(
                (&*fault.parameter, &*fault.value, &*fault.expected),
                ("from", bad, TIME)
            );
        }
        let asked = ask("known=never&step_s=0").expect("read");
        assert!(asked.word("known", &["then", "now"]).is_err());
        assert!(asked.number("step_s", 0.1..=60.0, "seconds from 0.1 to 60").is_err());
    }
}
