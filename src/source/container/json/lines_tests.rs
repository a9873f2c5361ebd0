//! All lines, the quick ones included, against each line read the long way.

use proptest::prelude::*;

use super::*;
use crate::event::TimeUnit;
use crate::source::bound::LOG_ROLES;
use crate::source::cell::Cell;
use crate::source::{OpenOptions, StoreFormat};

/// Lines of one layout, one with another, and many kinds of lines that are none.
const LINES: &[&str] = &[
    r#"{"n":1,"stream":"order-1","version":1,"type":"Placed","data":{"a":[1,{"b":null}],"note":"x \"y\""},"time":"2024-03-01T08:00:00Z"}"#,
    r#"{"n":2,"stream":"order-2","version":1,"type":"Paid","data":{},"time":"2024-03-01T08:00:01Z"}"#,
    r#"{"n":3,"stream":"order-1","version":2,"type":"Größe","data":{"é":1},"time":"2024-03-01T08:00:02Z"}"#,
    r#"{"type":"Paid","time":1709280000,"stream":"a\u0062c","data":[],"version":3}"#,
    r#"{ "n": 5, "stream": "order-3" , "version": 1, "type": "Paid", "data": {"a": 1}, "time": null }"#,
    r#"{"n":6,"stream":"order-1","stream":"order-9","version":2,"type":"Paid"}"#,
    r#"{"n":7,"s\u0074ream":"order-1","version":2,"type":"Paid"}"#,
    r#"{"n":7,"s\u0074ream":"order-1","stream":"order-2","version":2,"type":"Paid"}"#,
    r#"{"n":8,"\"stream":"no","a\\":1,"x,\"stream":3,"stream":"order-4","type":"Paid"}"#,
    r#"{"n":9,"stream":"order-1","version":2,"type":"Paid","data":{"x":NaN}}"#,
    r#"{"n":9,"stream":"order-1","version":2,"type":"Paid","data":{"x":1}} x"#,
    r#"{"n":9,"stream":"order-1","version":2,"type":"Paid","data":{"x":1}"#,
    r#"{"n":9,"stream":"order-1"}{"n":9,"stream":"order-1"}"#,
    "",
    " \t ",
    "[]",
    "17",
    "\u{feff}{\"stream\":\"s\",\"type\":\"T\"}",
    "\u{1e}{\"stream\":\"s\",\"type\":\"T\"}\r",
    "{\"stream\":\"s\",\"type\":\"T\"}\r",
    "{\"stream\":\"s\",\"type\":\"T\"} ",
    "{\"stream\":\"s\",\"type\":\"T\",\t\"data\":1}",
    "{}",
];

fn format() -> StoreFormat {
    let bytes = Bytes::Memory(LINES[..2].join("\n").as_bytes().into());
    let options = OpenOptions::default();
    let progress = Progress::default();
    let keys = super::super::sampled(&bytes, super::super::Layout::Lines, &progress);
    let found = keys.and_then(|keys| super::super::format_of(&keys, &options));
    found.unwrap().0
}

/// An item with what its cells mean.
fn shown(item: &Item<'_>) -> String {
    let Item::Record(outline) = item else {
        return format!("{item:?}");
    };
    let cells = [
        outline.stream,
        outline.category,
        outline.version,
        outline.event_type,
        outline.time,
    ];
    let mean = |cell: Cell<'_>| {
        let mut name = Vec::new();
        let name = cell.name(&mut name).map(<[u8]>::to_vec);
        (
            cell.is_null(),
            name,
            cell.version(),
            cell.time(TimeUnit::Auto),
        )
    };
    format!(
        "{} {:?} {:?}",
        outline.ordinal,
        outline.place,
        cells.map(mean)
    )
}

/// What the scan hands over, and how many records it counts.
fn scanned(text: &[u8], bound: &Bound, chunk: usize) -> (Vec<String>, u64) {
    let bytes = Bytes::Memory(text.into());
    let mut items = Vec::new();
    let mut sink = |item: Item<'_>| {
        items.push(shown(&item));
        ControlFlow::Continue(())
    };
    let (index, progress) = (LineIndex::default(), Arc::new(Progress::default()));
    let mut lines = Lines::new(&bytes, chunk);
    let count = scan_lines(&mut lines, bound, &index, &progress, &mut sink).unwrap();
    (items, count)
}

/// The same, each line read the long way.
fn the_long_way(text: &[u8], bound: &Bound) -> (Vec<String>, u64) {
    let mut items = Vec::new();
    let mut sink = |item: Item<'_>| {
        items.push(shown(&item));
        ControlFlow::Continue(())
    };
    let (mut count, mut offset, mut number) = (0, 0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        number += 1;
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let record = bare(text);
        if !record.is_empty() {
            count += 1;
            let is_ended = text.len() < line.len();
            let flow = take_record(record, is_ended, number, place_at(offset), bound, &mut sink);
            assert!(flow.is_continue());
        }
        offset += line.len() as u64;
    }
    (items, count)
}

#[track_caller]
fn agrees(text: &[u8], bound: &Bound, chunk: usize) {
    let shown = String::from_utf8_lossy(text);
    assert_eq!(
        scanned(text, bound, chunk),
        the_long_way(text, bound),
        "{shown} by {chunk}"
    );
}

#[test]
fn lines_are_the_same_wherever_chunks_end() {
    let format = format();
    let bound = Bound::new(&format, &LOG_ROLES);
    let text = LINES.join("\n");
    for chunk in 1..text.len() + 2 {
        agrees(text.as_bytes(), &bound, chunk);
    }
}

#[test]
fn each_line_is_read_the_same_after_each_other() {
    let format = format();
    let bound = Bound::new(&format, &LOG_ROLES);
    for first in LINES {
        for second in LINES {
            let text = format!("{first}\n{second}\n{first}\n{second}\n");
            agrees(text.as_bytes(), &bound, CHUNK);
        }
    }
}

#[test]
fn more_keys_than_are_kept_in_mind_are_read_all_the_same() {
    let format = format();
    let bound = Bound::new(&format, &LOG_ROLES);
    let line = |n: usize| {
        let keys: Vec<_> = (0..n % 90)
            .map(|key| format!("\"k{}\":{n}", key * n))
            .collect();
        format!(
            "{{{}{}\"type\":\"T\",\"stream\":\"s-{n}\"}}\n",
            keys.join(","),
            if keys.is_empty() { "" } else { "," }
        )
    };
    let text: String = (0..400).map(line).collect();
    agrees(text.as_bytes(), &bound, 4096);
}

#[test]
fn the_nasty_files_are_read_the_same() {
    let format = format();
    let bound = Bound::new(&format, &LOG_ROLES);
    let nasty = [
        &b"{\"stream\":\"a\",\"type\":\"\xff\"}\n{\"stream\":\"\xc3\xa9\",\"type\":\"T\"}\n"[..],
        b"{\"stream\":\"a\",\"type\":\"T\",\"data\":{\"x\":Infinity}}\n{\"stream\":\"a\",\"type\":\"T\",\"data\":-NaN}\n",
        b"{\"stream\":\"a\",\"type\":\"T\",\"data\":\"\x00\"}\n\x00\n{\"stream\":\"a\"\n,\"type\":\"T\"}\n",
        b"{\"stream\":12345678901234567890.10,\"type\":1e400,\"version\":1}\n{\"stream\":null,\"type\":[]}\n",
    ];
    for text in nasty {
        agrees(text, &bound, CHUNK);
    }
    let deep = |n: usize| {
        format!(
            "{{\"stream\":\"a\",\"type\":\"T\",\"data\":{}{}}}\n",
            "[".repeat(n),
            "]".repeat(n)
        )
    };
    let text: String = [10, 60, 61, 62, 63, 64, 9_000, 11_000].map(deep).concat();
    agrees(text.as_bytes(), &bound, CHUNK);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn changed_lines_are_read_the_same(
        lines in proptest::collection::vec(0..LINES.len(), 1..12),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..5_u8), 0..6),
        chunk in 1..400_usize,
    ) {
        let mut text: Vec<u8> = lines.iter().flat_map(|at| [LINES[*at].as_bytes(), b"\n"].concat()).collect();
        for (at, byte, how) in changes {
            if text.is_empty() {
                break;
            }
            let at = at.index(text.len());
            match how {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                2 => drop(text.remove(at)),
                3 => text[at] = b"\"\\{}[],: \n"[usize::from(byte) % 10],
                _ => text.truncate(at + 1),
            }
        }
        let format = format();
        agrees(&text, &Bound::new(&format, &LOG_ROLES), chunk);
    }
}
