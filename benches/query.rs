//! How long a new filter takes over 10 million events where the columns tell, how long a search for text
//! takes against SQLite's LIKE, and a question over all streams against the fold of them all.

mod support;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use annals::event::{EventDetail, EventReader, Place, Problems, ReadError, Timestamp, Want, Zone};
use annals::fold::{Folder, Merge};
use annals::history::{History, HistoryAbout};
use annals::ingest::open;
use annals::query::{Context, Filter, Over, Question, Search, Watch, ask_when};
use annals::source::{OpenOptions, Progress, Source};
use rusqlite::{Connection, params};
use support::columns::log_of;
use support::{Figure, Numbers, TYPES, percentile, thread_cpu};

/// How often each figure is taken.
const TIMES: usize = 9;

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Reads nothing: a filter over columns must not ask.
struct Nothing;

impl EventReader for Nothing {
    fn read(
        &self,
        _places: &[Place],
        _want: Want,
        _each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        panic!("a filter over columns reads events");
    }
}

fn columns(n_events: u32) -> Arc<Folder> {
    let history = History {
        log: log_of(n_events),
        reader: Arc::new(Nothing),
        problems: Problems::default(),
        about: HistoryAbout::default(),
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    };
    Arc::new(Folder::new(Arc::new(history), Arc::new(Merge)))
}

/// Many short streams of orders; every thousandth event holds the text that is searched for.
fn make_store(path: &Path, n_events: u32) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL,
           type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, created_at INTEGER NOT NULL);",
    )?;
    let mut numbers = Numbers(5);
    let mut versions = vec![0_i64; n_events as usize / 10 + 1];
    let writing = connection.transaction()?;
    {
        let mut insert = writing.prepare("INSERT INTO events VALUES (?,?,?,?,?,?,?)")?;
        for n in 0..n_events {
            let stream = usize::try_from(numbers.below(versions.len() as u64)).unwrap_or(0);
            let note = if n % 1000 == 0 { "J. Moreau" } else { "nobody" };
            let data = format!(
                "{{\"sku\":\"SKU-{:0>8}\",\"note\":\"{note}\",\"lines\":[{{\"qty\":{},\"price\":{}.50}}],\"balance\":{},\"text\":\"{:0>60}\"}}",
                numbers.next() % 100_000_000,
                numbers.below(9),
                numbers.below(1000),
                i64::try_from(numbers.below(2000)).unwrap_or(0) - 100,
                numbers.next()
            );
            insert.execute(params![
                n + 1,
                format!("order-{stream}"),
                versions[stream],
                TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)],
                data,
                format!("{{\"user\":\"u-{}\"}}", numbers.below(100)),
                1_700_000_000_000_000_i64 + i64::from(n) * 1_000_000
            ])?;
            versions[stream] += 1;
        }
    }
    writing.commit()
}

fn context() -> Context {
    Context::at(Timestamp(1_700_000_000_000_000_000), Zone::Utc)
}

/// The median of some runs, in milliseconds of this thread.
fn median(mut work: impl FnMut()) -> f64 {
    let mut took: Vec<f64> = (0..TIMES)
        .map(|_| {
            let start = thread_cpu();
            work();
            (thread_cpu() - start) * 1000.0
        })
        .collect();
    percentile(&mut took, 0.5)
}

fn search(folder: &Arc<Folder>, text: &str) -> usize {
    let filter = Filter::parse(text).expect("a filter");
    let search = Search::new(&filter, folder, &context()).expect("a search");
    search.positions(&|| false).expect("an answer").len()
}

fn filters(figures: &mut Vec<Figure>) {
    let folder = columns(setting("ANNALS_BENCH_EVENTS", 10_000_000));
    let log = &folder.history().log;
    let last = log.last().expect("events");
    let floor = median(|| {
        let wanted = annals::event::TypeId(3);
        let found =
            (0..=last.0).filter(|at| log.event_type(annals::event::Position(*at)) == wanted);
        black_box(found.count());
    });
    for (name, text) in [
        ("type, against a walk", format!("type:{}", TYPES[3])),
        (
            "type but one stream, against a walk",
            format!("type:{} -stream=order-3", TYPES[3]),
        ),
        (
            "beginning of a stream, against a walk",
            "stream:order-12".to_owned(),
        ),
        (
            "category and time, against a walk",
            "category:order after:2020-10-01".to_owned(),
        ),
    ] {
        figures.push(Figure {
            name,
            ours: median(|| {
                black_box(search(&folder, &text));
            }),
            floor,
            unit: "ms",
        });
    }
}

fn texts(figures: &mut Vec<Figure>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store.db");
    let n_events = setting("ANNALS_BENCH_ROWS", 500_000);
    make_store(&path, n_events).expect("a store");
    let connection = Connection::open(&path).expect("the store");
    let like = median(|| {
        let sql = "SELECT count(*) FROM events WHERE data LIKE '%moreau%' OR metadata LIKE '%moreau%' \
                   OR type LIKE '%moreau%' OR stream_id LIKE '%moreau%'";
        let found: i64 = connection
            .query_row(sql, [], |row| row.get(0))
            .expect("a count");
        assert_eq!(found, i64::from(n_events.div_ceil(1000)));
    });
    let source = Source::File(path);
    let progress = Arc::new(Progress::default());
    let history = open(&source, &OpenOptions::default(), &progress).expect("it opens");
    let folder = Arc::new(Folder::new(history, Arc::new(Merge)));
    figures.push(Figure {
        name: "text, against LIKE",
        ours: median(|| {
            let found = search(&folder, "moreau");
            assert_eq!(found, n_events.div_ceil(1000) as usize);
        }),
        floor: like,
        unit: "ms",
    });
    let log = &folder.history().log;
    let fold = median(|| {
        for stream in log.streams() {
            black_box(folder.state_at_end(stream, &|| false).expect("a state"));
        }
    });
    let question = Question::parse("balance < 0").expect("a question");
    figures.push(Figure {
        name: "when over all streams, against the fold of each",
        ours: median(|| {
            let mut watch = Watch {
                cancel: &|| false,
                partly: &mut |_, _| {},
            };
            let found = ask_when(&question, &folder, Over::Everything, &context(), &mut watch);
            black_box(found.expect("a question").expect("an answer"));
        }),
        floor: fold,
        unit: "ms",
    });
}

fn main() {
    let mut figures = Vec::new();
    filters(&mut figures);
    texts(&mut figures);
    support::write("query", &figures);
}
