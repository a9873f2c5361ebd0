//! What a file is, told by its first bytes and never by its name.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::container::{Columnar, Turning, table_layout};

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A SQLite database.
    Sqlite,
    /// Something packed by gzip.
    Gzip,
    /// Something packed by zstd.
    Zstd,
    /// Text in UTF-16, of one order of bytes or the other.
    Utf16(&'static Encoding),
    /// Text that begins as JSON, or has JSON among its first lines.
    Json,
    /// Text whose first lines are split into columns alike.
    Csv,
    /// A table whose columns lie apart.
    Columnar(Columnar),
    /// The statements that make a database again.
    Dump,
    /// Something that is turned into a record a line first.
    Turned(Turning),
    /// Something that cannot be read: what it is, and what to try.
    Unsupported(String),
}

/// Magic bytes of what is known and not read, each with its name and what to try.
const KNOWN: &[(&[u8], &str)] = &[
    (
        b"** This file contains an SQLite 2",
        "a SQLite 2 database; convert it to SQLite 3 first",
    ),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\x04\x22\x4d\x18", "an lz4 archive; unpack it first"),
    (b"PARE", "a Parquet file with an encrypted footer"),
    (
        b"\x6d\xe2\x99\x81",
        "a mongodump archive; dump into a folder instead (`mongodump --out FOLDER`), or restore it",
    ),
    (b"ORC", "an ORC file, which is not read"),
    (b"\x89HDF", "an HDF5 file, not an event store"),
    (b"%PDF", "a PDF document, not an event store"),
    (b"\x89PNG", "a PNG picture, not an event store"),
    (b"\xff\xd8\xff", "a JPEG picture, not an event store"),
    (b"GIF8", "a GIF picture, not an event store"),
    (b"\x7fELF", "a program, not an event store"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Microsoft Office document, not an event store",
    ),
    (
        b"PGDMP",
        "a pg_dump archive; run `pg_restore -f out.sql` first",
    ),
    (
        b"\xff\xfe\0\0",
        "UTF-32 text; convert it to UTF-8 first, such as with `iconv -f UTF-32 -t UTF-8`",
    ),
];

/// Tells what a file of `len` bytes is by its first bytes, up to 64 KiB of them.
pub fn recognize(head: &[u8], len: u64) -> Kind {
    if head.starts_with(b"SQLite format 3\0") {
        return Kind::Sqlite;
    }
    if head.starts_with(b"\x1f\x8b") {
        return Kind::Gzip;
    }
    if head.starts_with(b"\x28\xb5\x2f\xfd") {
        return Kind::Zstd;
    }
    if let Some((_, name)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Kind::Unsupported(format!("this is {name}"));
    }
    if let Some(form) = Columnar::of(head) {
        return Kind::Columnar(form);
    }
    match Turning::of(head, len) {
        Some(Ok(turning)) => return Kind::Turned(turning),
        Some(Err(what)) => return Kind::Unsupported(format!("this is {what}")),
        None => {}
    }
    match head {
        [0xff, 0xfe, ..] => return Kind::Utf16(UTF_16LE),
        [0xfe, 0xff, ..] => return Kind::Utf16(UTF_16BE),
        _ => {}
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Kind::Utf16(encoding);
    }
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if [&b"<?xml"[..], b"<log", b"<!--", b"<!DOCTYPE"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        return match Turning::of_xml(text) {
            Some(Ok(turning)) => Kind::Turned(turning),
            Some(Err(what)) => Kind::Unsupported(format!("this is {what}")),
            None => Kind::Unsupported(
                "this is an XML document, and no log of events that is known".to_owned(),
            ),
        };
    }
    if is_dump(text) {
        return Kind::Dump;
    }
    if matches!(text.first(), Some(b'{' | b'[' | 0x1e)) || has_json_line(text) {
        return Kind::Json;
    }
    if text.is_empty() {
        let what = "the file begins with nothing but white space";
        return Kind::Unsupported(what.to_owned());
    }
    if is_padded(text) {
        let what = "a table whose columns are filled up with spaces, as sqlcmd and psql print them: values may be \
                    cut off there; write it with a delimiter, such as with `sqlcmd -W -s \"|\"` or `psql --csv`";
        return Kind::Unsupported(format!("this is {what}"));
    }
    if table_layout(head, head.len() as u64 == len).is_some() {
        return Kind::Csv;
    }
    Kind::Unsupported(name_unknown(head, len))
}

/// The order of bytes of a text in UTF-16 that does not say it, as bcp writes: every other byte is zero.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = head.get(..4096).unwrap_or(head).as_chunks::<2>();
    if pairs.len() < 8 {
        return None;
    }
    let is_text = |byte: u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r');
    let mostly = |fits: &dyn Fn(&[u8; 2]) -> bool| {
        pairs.iter().filter(|pair| fits(pair)).count() * 10 >= pairs.len() * 9
    };
    if mostly(&|[low, high]| *high == 0 && is_text(*low)) {
        return Some(UTF_16LE);
    }
    mostly(&|[high, low]| *high == 0 && is_text(*low)).then_some(UTF_16BE)
}

/// Whether the second line draws the columns with dashes that only spaces, or psql's marks, split.
fn is_padded(text: &[u8]) -> bool {
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let is_drawn = second.iter().all(|byte| matches!(byte, b'-' | b' ' | b'+'));
    let n_runs = second
        .split(|byte| *byte != b'-')
        .filter(|run| !run.is_empty())
        .count();
    is_drawn && n_runs >= 2 && !first.is_empty() && !first.contains(&b'-')
}

/// Whether a text begins as the dump of a database: by its heading, or by what it does first.
fn is_dump(text: &[u8]) -> bool {
    const HEADINGS: [&[u8]; 4] = [
        b"--\n-- PostgreSQL database dump",
        b"-- PostgreSQL database dump",
        b"-- MySQL dump",
        b"-- MariaDB dump",
    ];
    if HEADINGS.iter().any(|heading| text.starts_with(heading))
        || text.starts_with(b"/*M!999999\\- enable the sandbox mode */")
    {
        return true;
    }
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut statements = lines.filter(|line| {
        !line.is_empty()
            && !line.starts_with(b"--")
            && !line.starts_with(b"\\")
            && !line.starts_with(b"/*")
    });
    let Some(first) = statements.next() else {
        return false;
    };
    let first = first.to_ascii_uppercase();
    let begins = |words: &str| first.starts_with(words.as_bytes());
    let copies = begins("COPY ") && memchr::memmem::find(&first, b" FROM STDIN").is_some();
    let inserts = begins("INSERT INTO ") && memchr::memmem::find(&first, b"(").is_some();
    copies
        || inserts
        || begins("CREATE TABLE ")
        || begins("SET STATEMENT_TIMEOUT")
        || begins("PRAGMA FOREIGN_KEYS=OFF;")
        || begins("BEGIN TRANSACTION;")
}

fn has_json_line(text: &[u8]) -> bool {
    let is_object = |line: &[u8]| {
        let line = line.trim_ascii();
        line.starts_with(b"{") && crate::event::json::scan::is_json(line)
    };
    text.split(|byte| *byte == b'\n').take(200).any(is_object)
}

fn name_unknown(head: &[u8], len: u64) -> String {
    let sample = head.get(..4096).unwrap_or(head);
    if len.is_multiple_of(512) && len >= 512 && bits_per_byte(sample) > 7.8 {
        return "this is no SQLite file: its bytes look random and its size is a multiple of a page, \
                so it may be encrypted (SQLCipher, SEE); decrypt it to a plain database first"
            .to_owned();
    }
    let n_zeros = memchr::memchr_iter(0, sample).count();
    let is_text = std::str::from_utf8(sample).is_ok() && n_zeros * 50 < sample.len();
    if is_text || n_zeros == 0 {
        return "this is text without records: neither JSON nor columns were found in its first lines"
            .to_owned();
    }
    let what = "this is neither a SQLite database nor a log that is known";
    if counted_texts(sample) < 2 {
        return what.to_owned();
    }
    format!(
        "{what}; if bcp wrote it with -n or -N, it says nothing of its columns: write it again with -c or -w"
    )
}

/// How many texts stand behind their length in bytes, in UTF-16 or plain, as bcp writes a table in its own
/// form.
fn counted_texts(bytes: &[u8]) -> usize {
    let is_plain = |text: &[u8]| text.iter().all(|byte| (b' '..=b'~').contains(byte));
    let is_wide = |text: &[u8]| {
        let (pairs, rest) = text.as_chunks::<2>();
        rest.is_empty() && pairs.iter().all(|[low, high]| *low >= b' ' && *high == 0)
    };
    let text_at = |at: usize, width: usize| {
        let length = bytes.get(at..at + width)?.iter().rev();
        let length = length.fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
        let length = usize::try_from(length)
            .ok()
            .filter(|length| (6..=8000).contains(length))?;
        let text = bytes.get(at + width..at + width + length)?;
        (is_plain(text) || is_wide(text)).then_some(width + length)
    };
    let (mut at, mut n_texts) = (0, 0);
    while at < bytes.len() {
        // Columns without a limit have a length of eight bytes, others of two.
        match text_at(at, 8).or_else(|| text_at(at, 2)) {
            Some(length) => {
                n_texts += 1;
                at += length;
            }
            None => at += 1,
        }
    }
    n_texts
}

/// Shannon's entropy of bytes.
fn bits_per_byte(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|part| -part * part.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(recognize(b"SQLite format 3\0rest", 4096), Kind::Sqlite);
        assert_eq!(recognize(b"\xef\xbb\xbf \n{\"a\":1}", 11), Kind::Json);
        assert_eq!(recognize(b"INFO start\n{\"a\":1}\n", 19), Kind::Json);
        assert_eq!(recognize(b"a,b\n1,2\n", 8), Kind::Csv);
        assert_eq!(recognize(b"\xff\xfea\0", 4), Kind::Utf16(UTF_16LE));
        let wide: Vec<u8> = b"order-1\t0\tPlaced\r\n"
            .iter()
            .flat_map(|byte| [*byte, 0])
            .collect();
        assert_eq!(recognize(&wide, 36), Kind::Utf16(UTF_16LE));
        for (bytes, word) in [
            (&b"\x89PNG\r\n"[..], "PNG"),
            (
                b"Dear all,\nplease read, mark, and learn\n",
                "text without records",
            ),
            (b" \n\n\n", "white space"),
            (b"PK\x03\x04", "zip"),
            (
                b"\x01\0\0\0\0\0\0\0\x0e\0o\0r\0d\0e\0r\0-\x001\0\x02\0\0\0\x0c\0P\0l\0a\0c\0e\0d\0",
                "bcp",
            ),
            (b"stream  type\n------- ------\norder-1 Placed\n", "sqlcmd"),
        ] {
            let Kind::Unsupported(text) = recognize(bytes, bytes.len() as u64) else {
                panic!("{word} was taken for a log");
            };
            assert!(text.contains(word), "{text}");
        }
        let core: Vec<u8> = (0..3000_u32).map(|n| (n * n % 251) as u8 & 0x9f).collect();
        for bytes in [core.as_slice(), b"\x01\0\0\0\x06\0Placed\x02\0\0\0"] {
            let Kind::Unsupported(text) = recognize(bytes, bytes.len() as u64) else {
                panic!("it was taken for a log");
            };
            assert!(text.contains("neither") && !text.contains("bcp"), "{text}");
        }
    }
}
