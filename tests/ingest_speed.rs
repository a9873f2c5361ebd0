//! What it costs to index a large store, against a bare scan of the same columns.
//!
//! Slow and a matter of the machine: run by hand, built for release, with `-- --ignored --nocapture`.
#![expect(clippy::unwrap_used, reason = "a test may stop")]
#![expect(clippy::print_stderr, reason = "the numbers are for whoever runs it")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use annals::ingest::{open, open_publishing};
use annals::source::{OpenOptions, Source};
use rusqlite::{Connection, OpenFlags};
use rustix::time::{ClockId, clock_gettime};

const N_EVENTS: i64 = 1_000_000;

fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        now.tv_sec.try_into().unwrap(),
        now.tv_nsec.try_into().unwrap(),
    )
}

fn since(start: Duration) -> Duration {
    cpu().saturating_sub(start)
}

/// A hundred thousand streams, met in an order that defeats every cache, or a few hundred at a time as
/// in a shop's day.
#[derive(Clone, Copy)]
enum Order {
    Scattered,
    Daily,
}

fn make_store(path: &Path, order: Order) {
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE events (global_position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, version INTEGER NOT NULL,
             event_type TEXT NOT NULL, created_at INTEGER NOT NULL, data TEXT NOT NULL)",
        )
        .unwrap();
    let transaction = connection.transaction().unwrap();
    let mut insert = transaction
        .prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .unwrap();
    let types = [
        "OrderPlaced",
        "PaymentReceived",
        "Shipped",
        "Delivered",
        "OrderClosed",
    ];
    for n in 0..N_EVENTS {
        let number = match order {
            Order::Scattered => (n * 7919) % 100_003,
            Order::Daily => n / 2000 * 200 + (n * 7919) % 200,
        };
        let stream = format!("order-{number:08}");
        let event_type = types[usize::try_from(n % 5).unwrap()];
        let data = format!(
            r#"{{"orderId":"{n}","total":{}.50,"status":"placed","note":"{}"}}"#,
            n % 1000,
            "x".repeat(120)
        );
        insert
            .execute((
                n + 1,
                stream,
                n / 100_003,
                event_type,
                1_700_000_000_000_000 + n * 1000,
                data,
            ))
            .unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
}

fn bare_scan(path: &Path) -> Duration {
    let start = cpu();
    let uri = format!("file:{}?immutable=1", path.display());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags).unwrap();
    connection
        .execute_batch("PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;")
        .unwrap();
    let mut statement = connection
        .prepare("SELECT global_position, stream_id, version, event_type, created_at FROM events ORDER BY global_position")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..5 {
            black_box(row.get_ref(column).unwrap());
        }
    }
    since(start)
}

#[test]
#[ignore = "takes a minute and measures the machine"]
fn indexing_a_million_rows_costs_little_more_than_reading_them() {
    let daily = measure(Order::Daily);
    let scattered = measure(Order::Scattered);
    assert!(
        daily <= 1.7 && scattered <= 2.2,
        "{daily:.2} {scattered:.2}"
    );
}

fn measure(order: Order) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("million.db");
    make_store(&path, order);
    let source = Source::File(path.clone());
    let mut best = [Duration::MAX; 3];
    for _ in 0..5 {
        best[0] = best[0].min(bare_scan(&path));
        let start = cpu();
        let history = open(&source, &OpenOptions::default(), &Arc::default()).unwrap();
        best[1] = best[1].min(since(start));
        assert_eq!(history.log.len(), 1_000_000);
        let (start, mut n_pages) = (cpu(), 0);
        open_publishing(
            &source,
            &OpenOptions::default(),
            &Arc::default(),
            &mut |_| n_pages += 1,
        )
        .unwrap();
        best[2] = best[2].min(since(start));
        eprintln!("{n_pages} partial histories");
    }
    let ratio = best[1].as_secs_f64() / best[0].as_secs_f64();
    eprintln!(
        "bare scan {:?}, open {:?} ({ratio:.2}x), publishing {:?}",
        best[0], best[1], best[2]
    );
    ratio
}
