//! The structs and the file of the protocol buffer language say the same.

use std::collections::BTreeMap;

/// Fields of each message, by number: name and type.
type Shape = BTreeMap<String, BTreeMap<u32, (String, String)>>;

const SOURCES: [&str; 3] = [
    include_str!("item.rs"),
    include_str!("frame.rs"),
    include_str!("control.rs"),
];

/// Reads `type name = number;` of each message; the members of a `oneof` count as fields.
fn of_proto(text: &str) -> Shape {
    let mut shape = Shape::new();
    let mut message = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let words: Vec<&str> = line.trim_end_matches(';').split_whitespace().collect();
        match words[..] {
            ["message", name, "{"] => message = name.to_owned(),
            ["map<string,", "string>", name, "=", number] => {
                let field = (name.to_owned(), "btree_map".to_owned());
                shape
                    .entry(message.clone())
                    .or_default()
                    .insert(number.parse().unwrap(), field);
            }
            [.., kind, name, "=", number] if !message.is_empty() => {
                let field = (name.to_owned(), kind.to_owned());
                let was = shape
                    .entry(message.clone())
                    .or_default()
                    .insert(number.parse().unwrap(), field);
                assert!(was.is_none(), "{message} has two fields {number}");
            }
            _ => {}
        }
    }
    shape
}

/// Reads `#[prost(type, …, tag = "n")]` and the name of the field or variant below it.
fn of_structs(sources: &[&str]) -> Shape {
    let mut shape = Shape::new();
    // The members of a oneof belong to the message that has it.
    let owner = |name: &str| match name {
        "What" => "Live".to_owned(),
        "Item" => "Body".to_owned(),
        "Measurement" => "Plot".to_owned(),
        "Told" => "Control".to_owned(),
        name => name.to_owned(),
    };
    for source in sources {
        let mut message = String::new();
        let mut pending: Option<(String, u32)> = None;
        for line in source.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum ")) {
                message = owner(name.trim_end_matches(" {"));
            } else if let Some(attribute) = line.strip_prefix("#[prost(") {
                let kind = attribute.split([',', ' ']).next().unwrap().to_owned();
                let tag = attribute
                    .split("tag = \"")
                    .nth(1)
                    .and_then(|rest| rest.split('"').next());
                pending = tag.map(|tag| (kind, tag.parse().unwrap()));
            } else if let Some((kind, number)) = pending.take() {
                let field = line.trim_start_matches("pub ");
                let (name, of) = field.split_once([':', '(']).unwrap();
                let kind = if kind == "message" { inner(of) } else { kind };
                let field = (name.to_lowercase(), kind);
                shape.entry(message.clone()).or_default().insert(number, field);
            }
        }
    }
    shape
}

/// The message in `Option<Place>,`, `Vec<Place>,` or `Place),`.
fn inner(of: &str) -> String {
    let of = of.trim().trim_end_matches(',').trim_end_matches(')');
    of.trim_start_matches("Option<")
        .trim_start_matches("Vec<")
        .trim_end_matches('>')
        .to_owned()
}

/// Compares a file with the structs of some sources.
fn compared(proto: &str, sources: &[&str]) -> Shape {
    let (file, structs) = (of_proto(proto), of_structs(sources));
    assert_eq!(file.keys().collect::<Vec<_>>(), structs.keys().collect::<Vec<_>>());
    for (name, fields) in &file {
        assert_eq!(fields, &structs[name], "{name}");
    }
    file
}

#[test]
fn the_file_and_the_structs_agree() {
    assert_eq!(compared(super::PROTO, &SOURCES)["Frame"].len(), 8);
}

#[test]
fn the_file_of_pictures_and_its_structs_agree() {
    let file = compared(super::picture::PROTO, &[include_str!("picture.rs")]);
    assert_eq!((file["Track"].len(), file["Live"].len()), (18, 2));
}
