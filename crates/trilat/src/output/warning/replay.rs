//! What people would have been told of recorded tracks, and whether it was so.

use serde::Serialize;

use crate::words::{count, plural};

/// Of all objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayOutput {
    /// The objects that really flew.
    pub objects: Vec<ReplayedOutput>,
    /// Messages about tracks on which there was no object.
    pub of_nothing: usize,
}

/// Of one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayedOutput {
    /// Its name.
    pub object: String,
    /// What it is.
    pub kind: Option<String>,
    /// How many tracks it had of which something was said.
    pub tracks: usize,
    /// Its first plot, UTC.
    pub first_plot: Option<String>,
    /// When it came down, UTC.
    pub arrival: Option<String>,
    /// Where: the place on the map, or `sea`.
    pub place: Option<String>,
    /// How many messages there would have been, of an object that came down.
    pub messages: usize,
    /// How many of them would have said that it is lost.
    pub lost: usize,
    /// How many said where and when it came down.
    pub right: usize,
    /// The first message, seconds after the first plot.
    pub first_s: Option<f64>,
    /// The first that was right.
    pub first_right_s: Option<f64>,
    /// How many places that one named.
    pub first_right_places: Option<usize>,
    /// The first that was right and named no more than eight places.
    pub first_fine_s: Option<f64>,
    /// That one, seconds before the arrival.
    pub fine_before_arrival_s: Option<f64>,
    /// The first from which on all were right.
    pub lasting_s: Option<f64>,
    /// How many places that one named.
    pub lasting_places: Option<usize>,
    /// The first that was right, seconds before the arrival.
    pub before_arrival_s: Option<f64>,
    /// What was claimed to have happened and did not.
    pub wrong_claims: Vec<String>,
}

impl ReplayOutput {
    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for one in &self.objects {
            text += &one.to_text();
        }
        if self.of_nothing > 0 {
            let words = plural(self.of_nothing, "message", "messages");
            text += &format!(
                "{} {words} about tracks on which there was no object\n",
                count(self.of_nothing)
            );
        }
        text
    }
}

impl ReplayedOutput {
    fn to_text(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("object");
        let came = match (&self.arrival, &self.place) {
            (Some(at), Some(place)) => format!("came down at {at}, {place}"),
            _ => "did not come down".to_owned(),
        };
        let mut text = format!("{} ({kind}): {came}\n", self.object);
        let seconds = |value: Option<f64>| value.map_or("never".to_owned(), |value| format!("{value:.1} s"));
        let places = |value: Option<usize>| value.map_or(String::new(), |value| format!(" ({value} places)"));
        text += &format!(
            "  after its first plot: a warning {}, a right one {}{}, one of eight places at most {}, all right from {}{}\n",
            seconds(self.first_s),
            seconds(self.first_right_s),
            places(self.first_right_places),
            seconds(self.first_fine_s),
            seconds(self.lasting_s),
            places(self.lasting_places),
        );
        let before = seconds(self.before_arrival_s);
        let (messages, right, lost) = (count(self.messages), count(self.right), count(self.lost));
        text += &format!("  {messages} messages, {right} right, {lost} lost; the first right one {before} before it\n");
        for claim in &self.wrong_claims {
            text += &format!("  WRONG: {claim}\n");
        }
        text
    }
}
