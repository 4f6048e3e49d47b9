//! The page of a study: what it must say of a made-up outcome, and what must never get into it.

mod sample_study;

use study::Outcome;
use trilat::report::{StudyPage, render_study};

fn page(outcome: &Outcome) -> String {
    render_study(&StudyPage {
        outcome,
        coverages: &[sample_study::coverage()],
        inputs: &["<lofted>.toml".to_owned()],
    })
}

/// The text of a page, without its tags, spaces made plain.
fn words(page: &str) -> String {
    let body = page.split("<body>").nth(1).expect("a body");
    let text: String = body
        .split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text))
        .collect();
    text.replace('\u{a0}', " ")
}

#[test]
fn it_answers_alone_or_together_in_words_and_in_one_table() {
    let page = page(&sample_study::outcome("One missile"));
    let text = words(&page);
    for said in [
        "Alone or together? One missile",
        "In 200 simulated runs of this flight, JP alone saw 86 % of it; JP, US and KR together saw 91 %.",
        "US alone, the first to know, could say where it comes down, to within 50 km, 14 min 30 s before the arrival; \
         together they could 21 min 28 s before the arrival: 6 min 58 s more of warning.",
        "KR alone: never in most runs",
        "Warning left once the place of arrival is known to",
        "The radars are notional.",
        "200 runs from seed 1",
    ] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    // Seven subsets: each alone, three pairs, all.
    let table = page
        .split("<table class=\"decision\">")
        .nth(1)
        .and_then(|rest| rest.split("</table>").next());
    assert_eq!(table.expect("the table").matches("scope=\"row\"").count(), 7);
    // A timeline, two charts in two sizes each; maps at two heights: together in two sizes, three alone.
    assert_eq!(page.matches("role=\"img\"").count(), 3 * 2 + 2 * (2 + 3));
    assert_eq!(
        page.matches("class=\"knowcurve bound").count(),
        2 * 7 + 1,
        "with the legend"
    );
    assert!(!page.contains("NaN") && !page.contains("inf"));
}

#[test]
fn what_nobody_knows_is_said_and_drawn_as_nothing() {
    let mut outcome = sample_study::outcome("One missile");
    for subset in &mut outcome.scenarios[0].objects[0].subsets {
        subset.view = study::View::default();
        subset.curve.clear();
        subset.path_rmse_m = None;
        for known in &mut subset.known {
            (known.share, known.after_s, known.warning_s) = (0.0, None, None);
        }
    }
    let text = words(&page(&outcome));
    assert!(text.contains("no owner saw it alone"), "{text}");
    assert!(text.contains("Nobody ever had a path"));
    assert!(text.contains("never") && !text.contains("unknown") && !text.contains("NaN"));

    outcome.scenarios[0].objects[0].arrival = None;
    let text = words(&page(&outcome));
    assert!(!text.contains("Arrival") && !text.contains("Warning left"), "{text}");
    outcome.scenarios[0].objects.clear();
    assert!(words(&page(&outcome)).contains("Nothing flies"));
    assert!(words(&page(&Outcome::default())).contains("0 scenarios"));
}

#[test]
fn an_owner_of_its_own_is_not_called_together() {
    let mut outcome = sample_study::outcome("One missile");
    let scenario = &mut outcome.scenarios[0];
    scenario.owners.truncate(1);
    scenario.objects[0].subsets.truncate(1);
    let text = words(&page(&outcome));
    assert!(text.contains("JP alone saw 86 % of it."), "{text}");
    assert!(
        !text.contains("together they") && !text.contains("All together:"),
        "{text}"
    );
}

#[test]
fn texts_from_files_are_escaped_everywhere() {
    let mut outcome = sample_study::outcome("</title><script>alert(1)</script>");
    let object = &mut outcome.scenarios[0].objects[0];
    object.id = "<img src=x>".into();
    object.subsets[0].owners[0] = "<b>JP".into();
    outcome.scenarios[0].owners[0] = "<b>JP".into();
    let page = page(&outcome);
    for bad in ["<script", "<img", "<b>", "<lofted>", "http://", "https://"] {
        assert!(!page.contains(bad), "{bad} stands in the page");
    }
}
