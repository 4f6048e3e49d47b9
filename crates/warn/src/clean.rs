//! Text from outside, made fit to be shown: nothing that hides, reorders or breaks out.

/// Returns the text without control characters, without marks that reorder or hide (bidirectional controls, zero-width
/// characters, variation of tags), blanks drawn together, at most so many characters, the last an ellipsis if it was
/// longer. Angle brackets and quotes stay: where text becomes XML it is escaped.
pub fn clean(text: &str, characters_max: usize) -> String {
    let mut made = String::new();
    let mut count = 0;
    // Nobody's name is longer than what is looked at.
    for character in text.chars().take(4 * characters_max + 64) {
        let shown = match character {
            c if c.is_whitespace() => ' ',
            c if is_hidden(c) => continue,
            c => c,
        };
        if shown == ' ' && (made.is_empty() || made.ends_with(' ')) {
            continue;
        }
        if count == characters_max {
            made.pop();
            made.push('…');
            break;
        }
        made.push(shown);
        count += 1;
    }
    made.truncate(made.trim_end().len());
    made
}

/// Control and format characters (Unicode categories Cc and Cf as far as they can trick a reader), private use, and
/// what no XML 1.0 document may hold.
fn is_hidden(c: char) -> bool {
    let is_filler = matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    let is_mark = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}'
    );
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    c.is_control() || is_filler || is_mark || is_private
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain() {
        for (given, wanted) in [
            ("Hwasong-15", "Hwasong-15"),
            ("  a \n\t b  ", "a b"),
            ("safe\u{202e}evil\u{202c}", "safeevil"),
            ("\u{0}\u{1b}[31mred\u{7}", "[31mred"),
            ("화성\u{200b}-15", "화성-15"),
            ("\u{e0041}\u{fffe}x", "x"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("\u{202e}\u{200b}", ""),
        ] {
            assert_eq!(clean(given, 64), wanted);
        }
    }

    #[test]
    fn ten_kilobytes_are_cut_between_characters() {
        let long = "미".repeat(10_000);
        let made = clean(&long, 64);
        assert_eq!(made.chars().count(), 64);
        assert!(made.ends_with('…'));
        assert_eq!(clean(&"a".repeat(64), 64), "a".repeat(64));
        // Marks that are taken out do not make it look at all of a text.
        assert_eq!(clean(&"\u{200b}".repeat(1_000_000), 64), "");
    }
}
