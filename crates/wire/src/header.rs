//! The first line of a CSV file: which columns there are.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;

use geo::Time;

use crate::cells::Cells;
use crate::lines::{Line, Lines};
use crate::nearest::nearest;
use crate::plots::ReadError;
use crate::text::shown;

/// What a kind of table may have, and the words for one that is something else.
pub(crate) struct Layout {
    /// The names of its columns, in the order of files.
    pub(crate) names: &'static [&'static str],
    /// The beginning of a header.
    pub(crate) header: &'static str,
    /// What an empty file should begin with.
    pub(crate) empty: &'static str,
    /// What a file that is no text should be.
    pub(crate) not_text: &'static str,
}

/// Reads the first line that is not blank, and returns the index in [`Layout::names`] of each of its cells.
///
/// Errors: [`ReadError`] where it is no header, names a column that is unknown or stands twice, or has no end.
pub(crate) fn read_header<R: BufRead>(
    lines: &mut Lines<R>,
    layout: &Layout,
    file: &Arc<str>,
) -> Result<Vec<usize>, ReadError> {
    let file = || file.clone();
    let header = loop {
        match lines.next() {
            Err(source) => return Err(ReadError::Io { file: file(), source }),
            Ok(None) => {
                return Err(ReadError::Empty {
                    file: file(),
                    expected: layout.empty,
                });
            }
            Ok(Some(Line::Text(text))) if text.trim().is_empty() => {}
            Ok(Some(Line::Text(text))) => break text.to_owned(),
            Ok(Some(Line::TooLong)) => return Err(not_text(file(), &[], layout.not_text)),
            Ok(Some(Line::NotUtf8(bytes))) => return Err(not_text(file(), bytes, layout.not_text)),
        }
    };
    let columns = columns_of(&header, layout, &file(), lines.number())?;
    if !lines.is_ended() {
        // Columns that were cut off look as if they had never been there, and the rows that went with them too.
        return Err(ReadError::HeaderCut {
            file: file(),
            line: lines.number(),
            last: columns.last().map_or("", |column| layout.names[*column]),
        });
    }
    Ok(columns)
}

/// The columns that a header names.
fn columns_of(header: &str, layout: &Layout, file: &Arc<str>, line: u64) -> Result<Vec<usize>, ReadError> {
    let file = || file.clone();
    let mut columns: Vec<usize> = Vec::new();
    if !header.contains(',')
        && let Some(found) = header.chars().find(|c| matches!(c, ';' | '\t' | '|'))
    {
        return Err(ReadError::Separator {
            file: file(),
            line,
            found,
        });
    }
    for cell in Cells::of(header) {
        let name = cell.unwrap_or(Cow::Borrowed(header));
        let Some(column) = layout.names.iter().position(|known| *known == name) else {
            if columns.is_empty() && looks_like_data(&name) {
                return Err(ReadError::NoHeader {
                    file: file(),
                    line,
                    text: shown(&name),
                    expected: layout.header,
                });
            }
            return Err(ReadError::UnknownColumn {
                file: file(),
                column: shown(&name),
                nearest: nearest(&name, layout.names.iter().copied()),
                known: layout.names,
            });
        };
        if columns.contains(&column) {
            return Err(ReadError::DuplicateColumn {
                file: file(),
                column: layout.names[column],
            });
        }
        columns.push(column);
    }
    Ok(columns)
}

/// Whether the first cell of a file is that of a record.
fn looks_like_data(cell: &str) -> bool {
    cell.parse::<Time>().is_ok() || cell.parse::<f64>().is_ok()
}

/// What a first line that is no text looks like.
#[cold]
pub(crate) fn not_text(file: Arc<str>, bytes: &[u8], otherwise: &'static str) -> ReadError {
    let hint = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16: save it as UTF-8",
        [b'P', b'A', b'R', b'1', ..] => "it looks like Parquet: name it .parquet",
        [0x1f, 0x8b, ..] => "it looks compressed with gzip: decompress it first",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "it looks compressed with zstd: decompress it first",
        _ => otherwise,
    };
    ReadError::NotText { file, hint }
}
