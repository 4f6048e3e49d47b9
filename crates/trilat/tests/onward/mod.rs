//! Giving on: what alpha grants reaches charlie through bravo, where the two have no link; the rest does not.

use node::status::Status;

use crate::nodes::{Federation, Node, OWNERS, now, until};
use crate::{items_in_log, plots, send};

/// Everything to both; what flies high may be given on.
const HIGH_ONWARD: &str = "\
@id(\"high\")
@onward(\"true\")
permit (principal, action == Action::\"plot\", resource)
when { resource has height_m && resource.height_m >= 15000 };

@id(\"low\")
permit (principal, action == Action::\"plot\", resource)
unless { resource has height_m && resource.height_m >= 15000 };
";

/// Empties the addresses of a partner.
fn unlink(federation: &Federation, owner: &str, partner: &str) {
    federation.edit(owner, "node.toml", |text| {
        let mut is_of = false;
        let mut lines = Vec::new();
        for line in text.lines() {
            if line.starts_with("name = ") {
                is_of = line == format!("name = \"{partner}\"");
            }
            lines.push(match line.split_once(" = ") {
                Some((key @ ("listen" | "connect"), _)) if is_of => format!("{key} = []"),
                _ => line.to_owned(),
            });
        }
        lines.join("\n") + "\n"
    });
}

fn relay_to_charlie(federation: &Federation) {
    federation.edit("bravo", "node.toml", |text| {
        let name = "name = \"charlie\"\n";
        assert!(text.contains(name), "{text}");
        text.replace(name, &format!("{name}relay = true\n"))
    });
}

fn partner<'s>(status: &'s Status, name: &str) -> &'s node::status::PartnerStatus {
    let mut partners = status.partners.iter();
    partners.find(|partner| partner.name == name).expect("a partner")
}

fn line() -> (Federation, [Node; 3]) {
    let federation = Federation::new("onward");
    unlink(&federation, "alpha", "charlie");
    unlink(&federation, "charlie", "alpha");
    relay_to_charlie(&federation);
    federation.rules("alpha", HIGH_ONWARD);
    let nodes = OWNERS.map(|owner| federation.start(owner));
    for (node, other) in [(0, "bravo"), (1, "alpha"), (1, "charlie"), (2, "bravo")] {
        nodes[node].until("the neighbour is reached", |status| partner(status, other).is_up);
    }
    (federation, nodes)
}

#[test]
fn what_is_granted_onward_reaches_who_has_no_link_and_nothing_else_does() {
    let (federation, [alpha, bravo, charlie]) = line();
    let from = now();
    send(&mut alpha.feed(), &plots(from, 0..200));
    bravo.until("bravo has all", |status| partner(status, "alpha").plots_received == 200);
    charlie.until("charlie has what may be given on", |status| {
        partner(status, "bravo").plots_received >= 100
    });
    // After another start with another key, of which charlie can only hear from bravo.
    assert_eq!(alpha.terminate(), Some(0));
    let folder = federation.path("alpha", "").display().to_string();
    let out = crate::nodes::trilat(&["keys", "rotate", &folder, "--node"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let alpha = federation.start("alpha");
    let keyring = |owner: &str| node::keyring::Keyring::open(&federation.path(owner, "")).expect("a folder");
    until("charlie keeps the roster", || {
        keyring("charlie")
            .roll()
            .roster("alpha")
            .map(|held| held.roster().version)
            == Some(2)
    });
    send(&mut alpha.feed(), &plots(from, 200..300));
    bravo.until("bravo has all", |status| partner(status, "alpha").plots_received == 300);
    let status = charlie.until("charlie has the rest", |status| {
        partner(status, "bravo").plots_received >= 150
    });
    let (of_bravo, of_alpha) = (partner(&status, "bravo"), partner(&status, "alpha"));
    assert_eq!((of_bravo.plots_received, of_bravo.duplicates), (150, 0));
    assert_eq!((of_alpha.is_up, of_alpha.items_received), (false, 0));
    for node in [alpha, bravo, charlie] {
        assert_eq!(node.terminate(), Some(0));
    }
    // The high plots, and the sensor.
    assert_eq!(items_in_log(&federation, "charlie").len(), 151);
    assert_eq!(items_in_log(&federation, "bravo").len(), 301);
}
