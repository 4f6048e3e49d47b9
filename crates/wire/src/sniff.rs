//! What a file holds, by its first octets: for recordings, whose names say little.

use crate::Format;
use crate::asterix::looks_like_asterix;
use crate::pcap::begins_capture;

/// What a file holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Plots, in one of their formats.
    Plots(Format),
    /// ASTERIX data blocks.
    Asterix,
    /// Network traffic (pcap, pcapng), perhaps with ASTERIX in it.
    Capture,
}

/// Returns what a file holds that begins with some octets; a few thousand are plenty.
///
/// `None` where it is nothing that is read here, or there are too few to tell.
///
/// ```
/// use wire::{Content, Format, sniff};
///
/// assert_eq!(sniff(b"time,sensor,range_m\n"), Some(Content::Plots(Format::Csv)));
/// assert_eq!(sniff(&[0x30, 0x00, 0x07, 0x80, 20, 129, 0]), Some(Content::Asterix));
/// assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0"), None);
/// ```
pub fn sniff(head: &[u8]) -> Option<Content> {
    if begins_capture(head) {
        return Some(Content::Capture);
    }
    #[cfg(feature = "parquet")]
    if head.starts_with(b"PAR1") {
        return Some(Content::Plots(Format::Parquet));
    }
    if is_text(head) {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        return text.first().map(|first| {
            Content::Plots(match first {
                b'{' => Format::JsonLines,
                b'[' => Format::AdsbJson,
                _ => Format::Csv,
            })
        });
    }
    looks_like_asterix(head).then_some(Content::Asterix)
}

/// Whether octets are UTF-8, as far as they go, without control characters but tabs and line ends.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character may be cut in two.
        Err(error) => error.error_len().is_none(),
    };
    whole
        && head
            .iter()
            .all(|octet| *octet >= 0x20 || matches!(octet, b'\t' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_by_its_beginning() {
        for (head, expected) in [
            (&b"time,sensor\n"[..], Some(Content::Plots(Format::Csv))),
            (b"\xef\xbb\xbftime,sensor\n", Some(Content::Plots(Format::Csv))),
            // A line end is the number of CAT010, and a byte order mark begins as CAT239.
            (b"\n\ntime,sensor\n", Some(Content::Plots(Format::Csv))),
            (b" \n{\"time\":\"2021", Some(Content::Plots(Format::JsonLines))),
            (b"[{\"timestamp\":1571", Some(Content::Plots(Format::AdsbJson))),
            (b"time,sensor,\xc3", Some(Content::Plots(Format::Csv))),
            (&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0], Some(Content::Capture)),
            (&[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0], Some(Content::Capture)),
            (&[0x30, 0, 7, 0x80, 20, 129, 0, 0x22, 0, 16], Some(Content::Asterix)),
            // A block that the head cuts off.
            (&[0x0a, 0, 31, 0xf3, 0xf4, 0, 0, 0x6b, 1], Some(Content::Asterix)),
            (&[0x30, 0, 2, 0x80], None),
            (&[0, 0, 0, 0], None),
            (b"", None),
            (b"\x89PNG\r\n\x1a\n", None),
        ] {
            assert_eq!(sniff(head), expected, "{head:02x?}");
        }
        #[cfg(feature = "parquet")]
        assert_eq!(sniff(b"PAR1\x15\x04"), Some(Content::Plots(Format::Parquet)));
    }
}
