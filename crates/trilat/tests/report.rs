//! The report page: what it must have, and what must never get into it.

mod sample;

use sample::{Sample, add_hostile_lists, hostile, sea_of_japan, white_sands};
use trilat::output::{to_json, to_text};
use trilat::report::{Report, render};

fn page(sample: &Sample) -> String {
    render(&Report {
        output: &sample.output,
        series: &sample.series,
        sensors: &sample.sensors,
        inputs: &["<plots>.csv".to_owned()],
        is_simulated: false,
    })
}

#[test]
fn texts_from_files_are_escaped_everywhere() {
    let mut sample = sample::sample(&[hostile(), sea_of_japan()]);
    add_hostile_lists(&mut sample);
    let page = page(&sample);
    for bad in ["<script", "<img", "<svg/", "<b>", "<plots>"] {
        assert!(!page.contains(bad), "{bad} stands in the page");
    }
    assert!(page.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_eq!(page.matches("</title>").count(), page.matches("<title").count());
}

#[test]
fn the_page_needs_no_network_and_no_script() {
    let page = page(&sample::sample(&[white_sands()]));
    for bad in ["http://", "https://", "src=", "@import", "<script", "<link", "url(http"] {
        assert!(!page.contains(bad), "{bad} stands in the page");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_big_input_makes_a_small_page_without_losing_the_extremes() {
    let mut flight = white_sands();
    flight.plots_per_s = 200.0;
    let mut sample = sample::sample(&[flight]);
    let plots = sample.output.objects[0].fit.plots;
    assert!(plots > 60_000, "{plots} plots");
    let size = page(&sample).len();
    assert!(size < 600_000, "{size} bytes of {plots} plots");
    // One used value far out must show: the axis reaches it.
    let middle = sample.series[0].residuals.len() / 2;
    let far = sample.series[0]
        .residuals
        .iter_mut()
        .skip(middle)
        .find(|r| r.used)
        .map(|r| {
            r.value = 7_310.0;
            r.quantity
        });
    assert!(far.is_some());
    let page = page(&sample);
    assert!(page.contains(">6000</text>"), "no axis reaches it");
}

#[test]
fn what_does_not_exist_is_null_and_said_in_words() {
    let sample = sample::sample(&[hostile()]);
    let json: serde_json::Value = serde_json::from_str(&to_json(&sample.output).unwrap()).unwrap();
    let object = &json["objects"][0];
    for field in ["apogee", "launch", "arrival"] {
        assert!(object[field].is_null(), "{field}");
        assert!(object.as_object().unwrap().contains_key(field), "{field}");
    }
    let page = page(&sample);
    assert!(page.contains("neither before nor after the plots"));
    assert!(!page.contains("NaN") && !page.contains("unknown"));
    assert!(to_text(&sample.output).contains("the path does not come to the ground"));
}

#[test]
fn json_has_the_names_that_scripts_read() {
    let sample = sample::sample(&[white_sands()]);
    let json: serde_json::Value = serde_json::from_str(&to_json(&sample.output).unwrap()).unwrap();
    let object = &json["objects"][0];
    assert_eq!(object["frame"], "ECEF");
    assert_eq!(object["covariance"][5].as_array().unwrap().len(), 6);
    assert_eq!(object["position_m"].as_array().unwrap().len(), 3);
    for path in [
        "/id",
        "/epoch",
        "/velocity_mps/2",
        "/sensors/0/name",
        "/sensors/1/plots",
        "/sensors/0/rejected",
        "/sensors/0/range_bias_m",
        "/sensors/0/azimuth_bias_deg",
        "/sensors/0/elevation_bias_deg",
        "/sensors/0/range_rms_m",
        "/phases/0/phase",
        "/phases/0/from",
        "/phases/0/to",
        "/apogee/time",
        "/apogee/height_m",
        "/apogee/height_sigma_m",
        "/apogee/lat_deg",
        "/apogee/lon_deg",
        "/launch/time",
        "/launch/time_sigma_s",
        "/launch/lat_deg",
        "/launch/lon_deg",
        "/launch/region/probability",
        "/arrival/region/polygon/0/1",
        "/arrival/region_50/probability",
        "/arrival/interval/from",
    ] {
        assert!(object.pointer(path).is_some_and(|value| !value.is_null()), "{path}");
    }
}

#[test]
fn the_text_states_the_three_things_with_their_uncertainty() {
    let text = to_text(&sample::sample(&[white_sands()]).output);
    for words in [
        "launch",
        "apogee",
        "arrival",
        "(95 %)",
        "wsmr-a of range-south",
        "bias −42.0",
        "32.418° N",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}
