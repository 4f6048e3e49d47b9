//! Recordings and feeds: plots in each format, sensors, ASTERIX.

use std::io::Cursor;

use geo::Time;
use wire::asterix::{AsterixOptions, AsterixReader, Sources, Station, read_asterix};
use wire::pcap::Datagrams;
use wire::{Format, PlotReader, read_plots, read_sensors, write_plots, write_sensors};

/// The octets that begin a capture, so that the fuzzer need not find them: pcap of both byte orders, pcapng.
const BEGINS: [&[u8]; 3] = [
    &[0xd4, 0xc3, 0xb2, 0xa1],
    &[0xa1, 0xb2, 0x3c, 0x4d],
    &[0x0a, 0x0d, 0x0d, 0x0a],
];

/// Bytes of any kind as CSV: no panic, and what is read is written and read again.
pub fn plots_csv(bytes: &[u8]) {
    if let Ok(file) = read_plots(Format::Csv, Cursor::new(bytes.to_vec()), "fuzz.csv") {
        let mut text = Vec::new();
        write_plots(Format::Csv, &mut text, &file.plots).expect("what was read can be written");
        let again = read_plots(Format::Csv, Cursor::new(text), "fuzz.csv").expect("what was written can be read");
        assert_eq!(again.plots, file.plots);
    }
}

/// Bytes of any kind as JSON lines: no panic, and what is read is written and read again.
pub fn plots_jsonl(bytes: &[u8]) {
    if let Ok(file) = read_plots(Format::JsonLines, Cursor::new(bytes.to_vec()), "fuzz.jsonl")
        && !file.plots.is_empty()
    {
        let mut text = Vec::new();
        write_plots(Format::JsonLines, &mut text, &file.plots).expect("what was read can be written");
        let again =
            read_plots(Format::JsonLines, Cursor::new(text), "fuzz.jsonl").expect("what was written can be read");
        assert_eq!(again.plots, file.plots);
    }
}

/// Bytes of any kind as an ADS-B recording: no panic, and what is read is written as CSV and read again.
pub fn adsb_json(bytes: &[u8]) {
    if let Ok(file) = read_plots(Format::AdsbJson, Cursor::new(bytes.to_vec()), "fuzz.json") {
        let mut text = Vec::new();
        write_plots(Format::Csv, &mut text, &file.plots).expect("what was read can be written");
        let again = read_plots(Format::Csv, Cursor::new(text), "fuzz.csv").expect("what was written can be read");
        assert_eq!(again.plots.len(), file.plots.len());
    }
}

/// Bytes of any kind as Parquet: no panic, and no plot outside its limits.
pub fn plots_parquet(bytes: &[u8]) {
    if let Ok(file) = read_plots(Format::Parquet, Cursor::new(bytes.to_vec()), "fuzz.parquet") {
        write_plots(Format::Csv, std::io::sink(), &file.plots).expect("what was read can be written");
    }
}

/// Bytes of any kind as a sensor file: no panic, and what is read is written and read again.
pub fn sensors_toml(bytes: &[u8]) {
    if let Ok(sensors) = read_sensors(bytes, "fuzz.toml") {
        let mut text = Vec::new();
        write_sensors(&mut text, &sensors).expect("what was read can be written");
        let again = read_sensors(text.as_slice(), "fuzz.toml").expect("what was written can be read");
        assert_eq!(again, sensors);
    }
}

/// Bytes of any kind as an ASTERIX recording: no panic, it ends, and every plot of it can be written.
pub fn asterix(bytes: &[u8]) {
    let mut options = AsterixOptions {
        date: "2016-05-05T00:00:00Z".parse().ok(),
        ..AsterixOptions::default()
    };
    let file = read_asterix(bytes, "fuzz.ast", &mut options);
    assert!(file.faults.iter().all(|fault| fault.offset <= bytes.len()));
    write_plots(Format::Csv, Vec::new(), &file.plots).expect("a plot is within the limits of plots");
}

/// Bytes of any kind as a capture: no panic, it ends, and every datagram lies within the file.
pub fn pcap(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let capture = [BEGINS[usize::from(*kind) % BEGINS.len()], rest].concat();
    let octets: usize = Datagrams::new(&capture)
        .flatten()
        .map(|datagram| datagram.bytes.len())
        .sum();
    assert!(octets <= capture.len());
    let file = read_asterix(&capture, "fuzz.pcap", &mut AsterixOptions::default());
    assert!(file.faults.iter().all(|fault| fault.offset <= capture.len()));
}

/// Bytes of any kind as a datagram of a feed: no panic, and what is a plot is within its limits.
pub fn asterix_datagram(bytes: &[u8]) {
    let received = Time::from_tai_ns(1_700_000_000_000_000_000);
    let sources = Sources::default();
    for record in AsterixReader::datagram(bytes, &"fuzz".into(), received).flatten() {
        let station = Station {
            name: "north".into(),
            site: None,
        };
        let known = sources.get(record.message.source());
        if let Ok(plot) = record.plot(known.unwrap_or(&station)) {
            write_plots(Format::Csv, std::io::sink(), &[plot]).expect("a plot is within the limits of plots");
        }
    }
}

/// Bytes of any kind as lines that a feed brings: no panic, it ends, and a bad line costs no good one before it.
pub fn feed_lines(bytes: &[u8]) {
    let name = "fuzz";
    let readers = [
        PlotReader::csv(Cursor::new(bytes), name),
        Ok(PlotReader::json_lines(Cursor::new(bytes), name)),
    ];
    for mut reader in readers.into_iter().flatten() {
        let lines = bytes.iter().filter(|octet| **octet == b'\n').count() + 1;
        assert!(reader.by_ref().count() <= lines, "more records than lines");
        let _ = reader.finish();
    }
}
