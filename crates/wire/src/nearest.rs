//! The known name that a mistyped one most probably meant.

/// Returns the known name at the smallest edit distance, the first of equals; `None` if nothing is alike.
///
/// Alike means that at most half of the longer name's letters differ.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name longer than this is no misspelling of ours, and must not cost quadratic time.
    const LETTERS_MAX: usize = 64;
    let letters: Vec<char> = name
        .chars()
        .take(LETTERS_MAX + 1)
        .flat_map(char::to_lowercase)
        .collect();
    if letters.len() > LETTERS_MAX {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (edit_distance(&letters, candidate), candidate))
        .filter(|(distance, candidate)| 2 * distance <= letters.len().max(candidate.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
///
/// Source: Wagner, Fischer, The string-to-string correction problem (1974), Journal of the ACM 21; swaps after
/// Lowrance, Wagner (1975), Journal of the ACM 22, no letter being touched twice.
fn edit_distance(from: &[char], to: &str) -> usize {
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=from.len()).collect();
    let mut previous = None;
    for (i, letter) in to.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in from.iter().enumerate() {
            let replaced = above[j] + usize::from(letter != *other);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if j > 0 && previous == Some(*other) && letter == from[j - 1] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
        previous = Some(letter);
    }
    above[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["range_m", "azimuth_deg", "elevation_deg"];
        assert_eq!(nearest("azimut_deg", known), Some("azimuth_deg"));
        assert_eq!(nearest("Azimuth_Deg", known), Some("azimuth_deg"));
        assert_eq!(nearest("range", known), Some("range_m"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest(&"elevation_deg".repeat(1000), known), None);
    }

    #[test]
    fn distances_of_the_textbook() {
        let distance = |a: &str, b: &str| edit_distance(&a.chars().collect::<Vec<_>>(), b);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("same", "same"), 0);
        assert_eq!(distance("cvs", "csv"), 1);
    }
}
