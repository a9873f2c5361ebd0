//! A made-up log as JSON Lines: eight keys a line, payloads of very different shapes, 540 bytes.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use super::{Numbers, TYPES};

/// How the lines of a log are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The same keys in the same order on every line.
    Shared,
    /// The keys of every line in an order of its own.
    Shuffled,
    /// As `Shared`, with a space after each colon and comma.
    Spaced,
}

/// Writes a log of `n_events` events in 100,000 streams; the same bytes on every run.
pub fn make_log(path: &Path, n_events: u64, layout: Layout) -> std::io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    let mut numbers = Numbers(7);
    let mut versions = vec![0_u32; 100_000];
    let mut time = 1_700_000_000_000_000_i64;
    let mut line = String::new();
    for position in 1..=n_events {
        let stream = usize::try_from(numbers.skewed(100_000)).unwrap_or(0);
        versions[stream] += 1;
        time += i64::try_from(numbers.below(2_000_000)).unwrap_or(0);
        let members = members(&mut numbers, position, stream, versions[stream], time);
        let mut order: [usize; 8] = std::array::from_fn(|at| at);
        if layout == Layout::Shuffled {
            for at in (1..order.len()).rev() {
                let other = usize::try_from(numbers.below(at as u64 + 1)).unwrap_or(0);
                order.swap(at, other);
            }
        }
        line.clear();
        for (n, at) in order.iter().enumerate() {
            let (key, value) = &members[*at];
            let comma = if n == 0 { '{' } else { ',' };
            write!(line, "{comma}\"{key}\":{value}").ok();
        }
        line.push_str("}\n");
        if layout == Layout::Spaced {
            // No text of the made-up payloads holds these pairs.
            line = line.replace("\":", "\": ").replace(",\"", ", \"");
        }
        file.write_all(line.as_bytes())?;
    }
    file.flush()
}

type Member = (&'static str, String);

fn members(
    numbers: &mut Numbers,
    position: u64,
    stream: usize,
    version: u32,
    time: i64,
) -> [Member; 8] {
    let kind = ["order", "account", "sensor"][stream % 3];
    let (a, b) = (numbers.next(), numbers.next());
    let event_type = TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)];
    let data = data(numbers);
    let time = annals::event::Timestamp(time * 1000).rfc3339(6);
    let metadata = format!(
        "{{\"correlation_id\":\"{:016x}{:016x}\",\"user\":\"user-{}\",\"schema\":{}}}",
        numbers.next(),
        numbers.next(),
        numbers.below(9000),
        1 + numbers.below(3)
    );
    [
        ("global_position", position.to_string()),
        ("stream_id", format!("\"{kind}-{stream}\"")),
        ("stream_version", version.to_string()),
        (
            "event_id",
            format!(
                "\"{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}\"",
                a >> 32,
                a & 0xffff,
                (a >> 16) & 0xfff,
                b & 0xfff,
                b >> 16
            ),
        ),
        ("type", format!("\"{event_type}\"")),
        ("data", data),
        ("metadata", metadata),
        ("created_at", format!("\"{time}\"")),
    ]
}

/// A patch of 200 to 260 bytes: nested maps, nulls, arrays, escapes, numbers of all forms.
fn data(numbers: &mut Numbers) -> String {
    let mut text = String::from("{");
    let mut used = 0_u32;
    while text.len() < 224 {
        let mut part = String::new();
        let kind = numbers.below(12);
        if used & (1 << kind) != 0 {
            continue;
        }
        let key = numbers.below(64);
        let n = numbers.below(100_000);
        match kind {
            0 => write!(
                part,
                "\"status\":\"{}\"",
                ["open", "paid", "shipped", "closed"][usize::try_from(n % 4).unwrap_or(0)]
            ),
            1 => write!(
                part,
                "\"items\":{{\"k{key:02}\":{{\"qty\":{},\"price\":{}.{:02}}}}}",
                n % 9,
                n / 100,
                n % 100
            ),
            2 => write!(part, "\"items\":{{\"k{key:02}\":null}}"),
            3 => write!(part, "\"tags\":[\"t{}\",\"t{key}\"]", n % 50),
            4 => write!(part, "\"note\":\"said \\\"{n}\\\" to\\nthe driver\""),
            5 => write!(
                part,
                "\"address\":{{\"street\":\"{n} Long Street\",\"city\":\"Ghent\",\"zip\":null}}"
            ),
            6 => write!(
                part,
                "\"customer\":{{\"name\":\"Customer {n}\",\"vip\":{}}}",
                n.is_multiple_of(2)
            ),
            7 => write!(part, "\"total\":{}.{:02}", n / 10, n % 100),
            8 => write!(part, "\"points\":[{},{},-{}]", n % 10, n % 777, n),
            9 => write!(part, "\"path\":\"C:\\\\data\\\\{n}\",\"ok\":true"),
            10 => write!(
                part,
                "\"field_{key:02}\":\"value {n} of the field, with some words\""
            ),
            _ if n.is_multiple_of(8) => write!(part, "\"place\":\"Zürich, Straße {n}\""),
            _ => write!(part, "\"ratio\":{}.{}e-{}", n % 10, n % 1000, n % 7),
        }
        .ok();
        if text.len() + part.len() > 270 {
            continue;
        }
        if used != 0 {
            text.push(',');
        }
        used |= 1 << kind;
        text.push_str(&part);
    }
    text.push('}');
    text
}
