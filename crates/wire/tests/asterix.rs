//! ASTERIX: what is good is read, what is malformed is named with its place, and the rest goes on.

use proptest::collection::vec;
use proptest::prelude::*;
use wire::asterix::{AsterixOptions, AsterixReader, Fault, Message, NoPlot, Record, Source, Station, read_asterix};
use wire::pcap::Datagrams;
use wire::{Format, write_plots};

/// One Mode S roll-call report of SAC 25 SIC 201, as its radar sent it.
const REPORT: [u8; 48] = [
    0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02, 0x00, 0x05,
    0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc, 0x00, 0x00, 0x40,
    0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
];
/// One sector message of SAC 25 SIC 14.
const SECTOR: [u8; 16] = [
    0x22, 0x00, 0x10, 0xf6, 0x19, 0x0e, 0x02, 0x3a, 0x69, 0x2b, 0x40, 0x88, 0x40, 0x40, 0x80, 0x00,
];

fn read(bytes: &[u8]) -> Vec<Result<Record, Fault>> {
    AsterixReader::new(bytes, "a.ast", None).collect()
}

fn is_report(record: &Result<Record, Fault>) -> bool {
    matches!(record, Ok(Record { message: Message::Cat048(report), .. }) if report.address == Some(0x003c_660c))
}

/// A block of a category with some records.
fn block(category: u8, records: &[u8]) -> Vec<u8> {
    let length = u16::try_from(3 + records.len()).expect("a short block");
    [&[category][..], &length.to_be_bytes(), records].concat()
}

#[test]
fn a_bad_block_costs_only_itself() {
    let long = {
        let mut report = REPORT.to_vec();
        report[1] = 0x10;
        report
    };
    let short = {
        let mut report = REPORT.to_vec();
        report[2] = 0x21;
        report
    };
    let table: &[(Vec<u8>, &str)] = &[
        (vec![0; 7], "octet 48, block 1: 7 octets are no data block"),
        (vec![0x30], "octet 48, block 1: 1 octets are no data block"),
        // Text, as of a file that was joined by mistake.
        (
            b"time,sensor,range_m\n".to_vec(),
            "octet 48, block 1: 20 octets are no data block",
        ),
        // A length of zero never advances; one that does not hold its own head neither.
        (vec![0x30, 0, 0], "octet 48, block 1: 3 octets are no data block"),
        (vec![0x30, 0, 3], "octet 48, block 1: 3 octets are no data block"),
        // A length that would swallow what follows.
        (long, "octet 48, block 1: 48 octets are no data block"),
        // A length that ends within an item; the octets behind it look like nothing.
        (
            short,
            "octet 51, block 2, record 1 (CAT048): item 250 runs beyond the end of the block",
        ),
        (
            block(65, &[0xf8, 0, 5, 2]),
            "octet 48, block 2 (CAT065): the category is not read, the block is stepped over",
        ),
        // Presence bits without end, beyond the profile, and for an item that no edition has.
        (
            block(48, &[0xff, 0xff]),
            "octet 51, block 2, record 1 (CAT048): the field specification does not end where that of this category can",
        ),
        (
            block(34, &[0xff, 0xff, 0xfe, 0, 0, 0]),
            "octet 51, block 2, record 1 (CAT034): the field specification does not end where that of this category can",
        ),
        // No items at all, or none that says who sent them.
        (
            block(48, &[0x00]),
            "octet 51, block 2, record 1 (CAT048): the record has no data source identifier (item 010)",
        ),
        (
            block(48, &[0x40, 1, 2, 3]),
            "octet 51, block 2, record 1 (CAT048): the record has no data source identifier (item 010)",
        ),
        // A repetition that promises 2,040 octets.
        (
            block(48, &[0x81, 0x20, 1, 2, 255, 0]),
            "octet 51, block 2, record 1 (CAT048): item 250 runs beyond the end of the block",
        ),
        // An explicit length of zero.
        (
            block(48, &[0x81, 0x01, 0x01, 0x04, 1, 2, 0]),
            "octet 51, block 2, record 1 (CAT048): item SP says its length is 0",
        ),
        // A compound item with a part to which nothing is assigned.
        (
            block(34, &[0x84, 1, 2, 0x40, 0]),
            "octet 51, block 2, record 1 (CAT034): item 050 has a part to which nothing is assigned",
        ),
    ];
    for (bad, words) in table {
        let records = read(&[&REPORT[..], bad, &REPORT].concat());
        assert_eq!(records.len(), 3, "{bad:02x?}: {records:?}");
        assert!(
            is_report(&records[0]) && is_report(&records[2]),
            "{bad:02x?}: {records:?}"
        );
        let fault = records[1].as_ref().expect_err("a fault").to_string();
        assert_eq!(fault, format!("a.ast: {words}"), "{bad:02x?}");
    }
}

#[test]
fn a_bad_record_leaves_those_before_it() {
    let good = &REPORT[3..];
    let records = read(&block(48, &[good, good, &[0x80, 1]].concat()));
    assert!(is_report(&records[0]) && is_report(&records[1]));
    let fault = records[2].as_ref().expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "a.ast: octet 93, block 1, record 3 (CAT048): item 010 runs beyond the end of the block"
    );
}

#[test]
fn a_file_that_breaks_off_says_so() {
    let records = read(&[&REPORT[..], &REPORT[..40]].concat());
    assert_eq!(records.len(), 2);
    let fault = records[1].as_ref().expect_err("a fault").to_string();
    assert_eq!(
        fault,
        "a.ast: octet 48, block 1: the block says it has 48 octets, 40 are left"
    );
}

#[test]
fn what_is_no_plot_is_counted_with_its_reason() {
    let with_descriptor = |octets: &[u8]| block(48, &[&[0xf0, 25, 201, 0, 1, 0][..], octets, &[1, 0, 0, 0]].concat());
    let bytes = [
        REPORT.to_vec(),
        SECTOR.to_vec(),
        with_descriptor(&[0xb0]),
        with_descriptor(&[0xa1, 0x80]),
        with_descriptor(&[0xa2]),
        with_descriptor(&[0x00]),
        block(48, &[0xe0, 25, 201, 0, 1, 0, 0xa0]),
        block(48, &[0x90, 25, 201, 1, 0, 0, 0]),
        // 25 h into the day.
        block(48, &[0xd0, 25, 201, 0xaf, 0xc8, 0, 1, 0, 0, 0]),
    ]
    .concat();
    let mut options = AsterixOptions {
        date: "2016-05-05T23:00:00Z".parse().ok(),
        ..AsterixOptions::default()
    };
    let file = read_asterix(&bytes, "a.ast", &mut options);
    assert_eq!(file.faults, []);
    assert_eq!(file.plots.len(), 1);
    assert_eq!(file.plots[0].time.to_string(), "2016-05-05T07:35:54.601Z");
    assert_eq!(
        file.summary.no_plots,
        [
            (NoPlot::Service, 1),
            (NoPlot::NoTime, 2),
            (NoPlot::NoPosition, 1),
            (NoPlot::NotDetected, 1),
            (NoPlot::Simulated, 2),
            (NoPlot::FieldMonitor, 1),
        ]
    );
}

#[test]
fn a_range_too_large_for_its_item_is_left_out() {
    // Descriptor with the bit for an extended range, and the largest range there is.
    let bytes = block(48, &[0xf0, 25, 201, 0, 1, 0, 0xa1, 0x40, 0xff, 0xff, 0x40, 0x00]);
    let mut options = AsterixOptions {
        date: "2016-05-05T00:00:00Z".parse().ok(),
        ..AsterixOptions::default()
    };
    let file = read_asterix(&bytes, "a.ast", &mut options);
    let plot::Measurement::Polar(polar) = file.plots[0].measurement else {
        panic!("a line of sight");
    };
    assert_eq!(
        (polar.range_m, polar.azimuth_rad),
        (None, Some(std::f64::consts::FRAC_PI_2))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Bytes of any kind never panic, and reading always advances, so it ends.
    #[test]
    fn any_bytes_are_read_to_their_end(head in 0..6_usize, bytes in vec(any::<u8>(), 0..400)) {
        let head: &[u8] = [
            &[][..],
            &REPORT,
            &[0x30, 0x00, 0xff, 0xfd],
            &[0x22, 0x00, 0x40],
            &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
            &[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a],
        ][head];
        let bytes = [head, &bytes].concat();
        let mut from = 0;
        for (count, record) in AsterixReader::new(&bytes, "a", None).enumerate() {
            prop_assert!(count <= bytes.len());
            let offset = record.map_or_else(|fault| fault.offset, |record| record.offset);
            prop_assert!(from <= offset && offset < bytes.len(), "{from} {offset}");
            from = offset;
        }
        prop_assert!(Datagrams::new(&bytes).count() <= bytes.len());
    }

    /// Whatever a record holds, its plot is within the limits of plots: it can be written.
    #[test]
    fn a_plot_of_any_record_can_be_written(
        category in prop::sample::select(vec![10_u8, 21, 34, 48, 62]),
        presence in vec(any::<u8>(), 1..7),
        items in vec(any::<u8>(), 0..120),
    ) {
        // The first item of each category is the data source, and an octet of presence bits says whether one follows.
        let last = presence.len() - 1;
        let presence = presence.iter().enumerate().map(|(i, octet)| octet & 0xfe | u8::from(i < last));
        let mut record: Vec<u8> = presence.collect();
        record[0] |= 0x80;
        record.extend([25, 201]);
        record.extend(items);
        let mut options = AsterixOptions { date: "2016-05-05T00:00:00Z".parse().ok(), ..AsterixOptions::default() };
        let site = Some(geo::Site::new(geo::Geodetic::from_degrees(41.3, 2.1, 27.0)));
        options.sources.insert(Source { sac: 25, sic: 201 }, Station { name: "r".into(), site });
        let file = read_asterix(&block(category, &record), "a.ast", &mut options);
        prop_assert!(write_plots(Format::Csv, Vec::new(), &file.plots).is_ok(), "{:?}", file.plots);
    }

    /// One octet of many good blocks is changed: all but the block it stands in, and one that it may hide, are read.
    #[test]
    fn one_wrong_octet_costs_two_blocks_at_most(at in 0..480_usize, value in any::<u8>()) {
        let mut bytes = REPORT.repeat(10);
        bytes[at] = value;
        let good = read(&bytes).iter().filter(|record| is_report(record)).count();
        prop_assert!(good >= 8, "{good}");
    }
}
