//! Which property of a map file is what.

use serde_json::{Map as Object, Value};

use super::names::Names;

/// Languages of names, and the properties that hold them in known map files: ours and Natural Earth's; of the
/// prefectures of Global Map Japan; of the provinces and municipalities of the Korean census; of OpenStreetMap.
const NAMES: [(&str, &[&str]); 3] = [
    (
        "en",
        &[
            "name_en", "NAME_EN", "name_eng", "name:en", "nam", "name", "NAME", "NAME_1",
        ],
    ),
    ("ja", &["name_ja", "NAME_JA", "nam_ja", "name:ja", "N03_004", "N03_001"]),
    ("ko", &["name_ko", "NAME_KO", "name:ko", "CTP_KOR_NM", "SIG_KOR_NM"]),
];
/// Properties that hold a place's code, and what such a code is called in a message.
const CODES: [(&str, &str); 9] = [
    ("iso_3166_2", "ISO3166-2"),
    ("ISO", "ISO3166-2"),
    ("N03_007", "JIS-X-0402"),
    ("SIG_CD", "KR-administrative"),
    ("CTPRVN_CD", "KR-administrative"),
    ("code", "code"),
    ("CODE", "code"),
    ("geocode", "code"),
    ("id", "code"),
];
/// The census of Korea writes its own name in `name`.
const KOREAN_WHERE: &str = "name_eng";

/// The names of a feature; `None` if it has none.
pub(super) fn names(properties: &Object<String, Value>) -> Option<Names> {
    let text = |key: &str| properties.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut pairs: Vec<(String, String)> = NAMES
        .into_iter()
        .filter_map(|(language, keys)| {
            let found = keys
                .iter()
                .find_map(|key| text(key).filter(|name| !name.trim().is_empty()))?;
            Some((language.to_owned(), found))
        })
        .collect();
    if properties.contains_key(KOREAN_WHERE) {
        pairs.extend(text("name").map(|name| ("ko".to_owned(), name)));
    }
    // Any other language: `name_xx`.
    for (key, value) in properties {
        let language = key.strip_prefix("name_").filter(|tail| tail.len() == 2);
        if let (Some(language), Some(name)) = (language, value.as_str()) {
            pairs.push((language.to_owned(), name.to_owned()));
        }
    }
    Names::new(pairs)
}

/// Whether a feature has a coast: unless it says `"coast": false`.
pub(super) fn has_coast(properties: &Object<String, Value>) -> bool {
    properties.get("coast").and_then(Value::as_bool).unwrap_or(true)
}

/// The code of a feature, and what it is called.
pub(super) fn code(properties: &Object<String, Value>) -> Option<(String, &'static str)> {
    CODES.into_iter().find_map(|(key, called)| {
        let code = match properties.get(key)? {
            Value::String(code) => code.clone(),
            Value::Number(code) => code.to_string(),
            _ => return None,
        };
        let code = crate::clean::clean(&code, 40);
        (!code.is_empty()).then_some((code, called))
    })
}
