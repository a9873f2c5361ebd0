//! Projections without code: what they say of small histories, and laws of their counts.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::collections::BTreeMap;
use std::sync::Arc;

use annals::event::json::JsonPath;
use annals::event::{Decimal, Position, Timestamp, Zone};
use annals::fold::{Folder, Merge};
use annals::history::History;
use annals::projection::{
    Answered, Bucket, BuiltIn, BuiltInAsk, By, FieldAsk, Limits, Measure, SeriesAsk, StatesOf,
    TableCell, states_over_time, time_in_state,
};
use history::{Record, history};
use proptest::collection::vec;
use proptest::prelude::*;

fn never() -> bool {
    false
}

fn record(stream: &str, event_type: &str, time: &str, data: &str) -> Record {
    Record {
        stream: stream.to_owned(),
        event_type: event_type.to_owned(),
        time: time.to_owned(),
        data: data.to_owned(),
        ..Record::default()
    }
}

/// Two orders and an account in two months.
fn shop() -> Arc<History> {
    history(&[
        record(
            "order-1",
            "Placed",
            "2024-01-01T00:00:00Z",
            r#"{"s":"new"}"#,
        ),
        record(
            "order-2",
            "Placed",
            "2024-01-01T12:00:00Z",
            r#"{"s":"new"}"#,
        ),
        record("account-1", "Opened", "2024-01-02T00:00:00Z", "{}"),
        record("order-1", "Paid", "2024-01-03T00:00:00Z", r#"{"s":"paid"}"#),
        record("order-1", "Paid", "2024-01-03T06:00:00Z", r#"{"s":"paid"}"#),
        record(
            "order-2",
            "Cancelled",
            "2024-02-01T12:00:00Z",
            r#"{"s":"off"}"#,
        ),
        record(
            "order-1",
            "Shipped",
            "2024-02-04T06:00:00Z",
            r#"{"s":"gone"}"#,
        ),
    ])
}

fn by_month(what: BuiltIn) -> BuiltInAsk {
    BuiltInAsk {
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..BuiltInAsk::of(what)
    }
}

fn answer(history: &History, ask: &BuiltInAsk) -> Answered {
    BuiltIn::answer(history, ask, &never, &|_| ()).unwrap()
}

/// Lines as `name: 1 2 3`.
fn lines(answered: &Answered) -> Vec<String> {
    let shown = |value: Option<Decimal>| value.map_or_else(|| "-".to_owned(), |v| v.to_string());
    answered
        .plotted
        .lines
        .iter()
        .map(|line| {
            let values: Vec<String> = line.points.iter().map(|step| shown(step.value)).collect();
            format!("{}: {}", line.name, values.join(" "))
        })
        .collect()
}

fn rows(answered: &Answered) -> Vec<String> {
    let shown = |cell: &TableCell| match cell {
        TableCell::Text(text) => text.clone(),
        TableCell::Count(n) | TableCell::Bytes(n) => n.to_string(),
        TableCell::Percent(share) => format!("{share}%"),
        TableCell::Nanos(nanos) => format!("{}h", nanos / 3_600_000_000_000),
        TableCell::Moment(time) => time.rfc3339(0)[..10].to_owned(),
        TableCell::Missing => "-".to_owned(),
    };
    answered
        .table
        .rows
        .iter()
        .map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn events_are_counted_by_type_category_and_in_all() {
    let shop = shop();
    let types = answer(&shop, &by_month(BuiltIn::EventsByType));
    assert_eq!(
        lines(&types),
        [
            "Paid: 2 0",
            "Placed: 2 0",
            "Cancelled: 0 1",
            "Opened: 1 0",
            "Shipped: 0 1"
        ]
    );
    assert_eq!(rows(&types)[0], "Paid 2 28.571429%");
    let until = BuiltInAsk {
        until: Some(Position(2)),
        ..by_month(BuiltIn::EventsByCategory)
    };
    assert_eq!(
        lines(&answer(&shop, &until)),
        ["order: 2 0", "account: 1 0"]
    );
    let all = answer(&shop, &by_month(BuiltIn::Throughput));
    assert_eq!(
        (lines(&all), rows(&all)),
        (vec!["events: 5 2".into()], vec!["7 2 2 5 3.5".into()])
    );
    let one = BuiltInAsk {
        category: Some(shop.log.stream_info(shop.log.stream(Position(2))).category),
        ..by_month(BuiltIn::Throughput)
    };
    assert_eq!(lines(&answer(&shop, &one)), ["events: 1 0"]);
}

#[test]
fn streams_are_counted_where_they_live_and_by_length() {
    let shop = shop();
    let active = answer(&shop, &by_month(BuiltIn::ActiveStreams));
    assert_eq!(lines(&active), ["active: 3 2", "begun: 3 0"]);
    assert_eq!(rows(&active), ["3 3 3"]);
    let length = answer(&shop, &by_month(BuiltIn::StreamLength));
    assert_eq!(lines(&length), ["mean: 1.666667 2.333333", "longest: 3 4"]);
    assert!(!length.plotted.lines[0].exact && length.plotted.lines[1].exact);
    assert_eq!(
        rows(&length),
        [
            "1 1 33.333333% 1 account-1",
            "2 1 33.333333% 2 order-2",
            "3 to 4 1 33.333333% 4 order-1"
        ]
    );
}

#[test]
fn times_between_events_are_those_of_each_stream() {
    let gaps = answer(&shop(), &by_month(BuiltIn::TimeBetweenEvents));
    // 48 h and 6 h in January; 744 h and 768 h in February.
    assert_eq!(
        lines(&gaps),
        [
            "mean, seconds: 97200.000000000 2721600.000000000",
            "longest, seconds: 172800.000000000 2764800.000000000"
        ]
    );
    assert_eq!(rows(&gaps), ["order 4 6h 48h 744h 768h"]);
}

#[test]
fn a_funnel_says_how_many_streams_came_how_far() {
    let funnel = answer(&shop(), &by_month(BuiltIn::FunnelOfTypes));
    assert_eq!(
        rows(&funnel),
        [
            "Placed 2 100% 0h",
            "Paid 1 50% 48h",
            "Cancelled 1 50% 744h",
            "Shipped 1 50% 822h"
        ]
    );
    assert_eq!(
        lines(&funnel),
        ["Placed: 2 2", "Paid: 1 1", "Cancelled: 0 1", "Shipped: 0 1"]
    );
}

#[test]
fn bytes_are_those_of_payloads_as_presented() {
    let shop = shop();
    let by_type = answer(&shop, &by_month(BuiltIn::BytesByType));
    assert_eq!(rows(&by_type)[0], "Paid 2 24 33.802817% 12");
    let months = answer(&shop, &BuiltInAsk::of(BuiltIn::BytesByMonth));
    assert_eq!(
        rows(&months),
        [
            "2024-01-01 5 48 67.605634% 9.6",
            "2024-02-01 2 23 32.394366% 11.5"
        ]
    );
    assert_eq!(lines(&months), ["bytes: 48 23"]);
}

#[test]
fn time_in_a_state_is_until_the_next_one_or_the_end() {
    let shop = shop();
    let folder = Folder::new(Arc::clone(&shop), Arc::new(Merge));
    let never: &dyn Fn() -> bool = &never;
    let results = states_over_time(
        &folder,
        StatesOf::Everything,
        None,
        Limits::default(),
        (never, &|_| ()),
    )
    .unwrap();
    let ask = SeriesAsk {
        path: JsonPath::parse("s").unwrap(),
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..SeriesAsk::default()
    };
    let found = time_in_state(&results, &shop.log, &ask, never).unwrap();
    assert_eq!(
        rows(&found),
        [
            "new 2 0 48h 744h 792h",
            "gone 1 1 - - 0h",
            "off 1 1 - - 66h",
            "paid 1 0 774h 774h 774h"
        ]
    );
    let mut shown = lines(&found);
    shown.sort();
    assert_eq!(shown, ["gone: - 1", "new: 1 -", "off: - 1", "paid: 1 -"]);
}

#[test]
fn a_history_without_times_says_so() {
    let untimed = history(&[Record::default()]);
    for what in BuiltIn::ALL {
        let found = answer(&untimed, &BuiltInAsk::of(what));
        assert_eq!(found.plotted.notes.len(), 1, "{what}");
        assert!(!what.sentence().is_empty());
    }
    assert!(
        BuiltIn::answer(
            &shop(),
            &by_month(BuiltIn::ActiveStreams),
            &|| true,
            &|_| ()
        )
        .is_none()
    );
}

#[derive(Clone, Debug)]
struct Happening {
    stream: u8,
    event_type: u8,
    hours: Option<i64>,
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let hours = prop_oneof![9 => (-3_i64..30).prop_map(Some), 1 => Just(None)];
    (0_u8..5, 0_u8..20, hours).prop_map(|(stream, event_type, hours)| Happening {
        stream,
        event_type,
        hours,
    })
}

fn made(happenings: &[Happening]) -> Arc<History> {
    let mut time = Timestamp::parse("2024-03-29T00:00:00Z").unwrap().time;
    let of = |happening: &Happening| {
        time.0 += happening.hours.unwrap_or(0) * 3_600_000_000_000;
        let shown = happening
            .hours
            .map_or_else(String::new, |_| time.rfc3339(0));
        let stream = format!("{}-1", happening.stream);
        record(&stream, &format!("T{}", happening.event_type), &shown, "{}")
    };
    let records: Vec<Record> = happenings.iter().map(of).collect();
    history(&records)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn counts_are_those_of_a_walk_over_all_events(
        happenings in vec(any_happening(), 1..80), until in prop::option::of(0_u32..80)
    ) {
        let history = made(&happenings);
        let log = &history.log;
        let ask = BuiltInAsk {
            by: By::Bucket(Bucket::Day, Zone::parse("Europe/Paris").unwrap()),
            until: until.map(Position),
            ..BuiltInAsk::of(BuiltIn::EventsByType)
        };
        let found = answer(&history, &ask);
        let mut expected: BTreeMap<String, u64> = BTreeMap::new();
        for position in (0..u32::try_from(log.len()).unwrap()).map(Position) {
            if log.time(position).is_some() && ask.until.is_none_or(|until| position <= until) {
                *expected.entry(log.type_name(log.event_type(position)).to_owned()).or_default() += 1;
            }
        }
        let in_table: BTreeMap<String, u64> = found.table.rows.iter().map(|row| match &row[..2] {
            [TableCell::Text(name), TableCell::Count(n)] => (name.clone(), *n),
            _ => panic!("no count"),
        }).collect();
        prop_assert_eq!(&in_table, &expected);
        // Each day has its own events.
        let edges = &found.plotted.edges;
        for nth in 0..edges.len().saturating_sub(1) {
            let of_lines: Decimal = found.plotted.lines.iter().fold(Decimal::ZERO, |sum, line| {
                sum.checked_add(line.points[nth].value.unwrap()).unwrap()
            });
            let counted = (0..u32::try_from(log.len()).unwrap()).map(Position).filter(|position| {
                let time = log.time(*position);
                ask.until.is_none_or(|until| *position <= until)
                    && time.is_some_and(|time| edges[nth] <= time.0 && time.0 < edges[nth + 1])
            });
            prop_assert_eq!(of_lines, Decimal::whole(i64::try_from(counted.count()).unwrap()));
        }
        // Types and categories are two ways to cut the same.
        for what in [BuiltIn::EventsByCategory, BuiltIn::Throughput] {
            let other = answer(&history, &BuiltInAsk { what, ..ask.clone() });
            let total = |found: &Answered| found.plotted.lines.iter().flat_map(|line| &line.points).fold(Decimal::ZERO, |sum, step| {
                sum.checked_add(step.value.unwrap()).unwrap()
            });
            prop_assert_eq!(total(&other), total(&found));
        }
    }
}

#[test]
fn a_field_of_payloads_is_added_up_each_event_counted_once() {
    let paid = |stream: &str, time: &str, data: &str| record(stream, "Paid", time, data);
    let history = history(&[
        paid("order-1", "2024-01-03T00:00:00Z", r#"{"amount":0.1}"#),
        // Equal to the one before: still one of its own.
        paid("order-1", "2024-01-04T00:00:00Z", r#"{"amount":0.1}"#),
        paid("order-2", "2024-01-05T00:00:00Z", r#"{"amount":"0.2"}"#),
        paid("order-2", "2024-02-05T00:00:00Z", r#"{"amount":"later"}"#),
        record(
            "order-2",
            "Refunded",
            "2024-02-06T00:00:00Z",
            r#"{"amount":-0.4}"#,
        ),
        record("order-2", "Closed", "2024-02-07T00:00:00Z", "{}"),
    ]);
    let asked = |measure: Measure, by_type: bool| BuiltInAsk {
        field: Some(FieldAsk {
            path: JsonPath::parse("amount").unwrap(),
            measure,
            by_type,
        }),
        ..by_month(BuiltIn::PayloadField)
    };
    let sums = answer(&history, &asked(Measure::Sum, false));
    assert_eq!(lines(&sums), ["data.amount: 0.4 -0.4"]);
    assert!(sums.plotted.lines[0].exact);
    assert_eq!(
        rows(&sums),
        [
            "Paid 4 0.4 0.1333333 0.1 0.2",
            "Refunded 1 -0.4 -0.4 -0.4 -0.4"
        ]
    );
    assert!(
        sums.plotted
            .notes
            .iter()
            .any(|note| note.starts_with("1 values are no numbers"))
    );
    let by_type = answer(&history, &asked(Measure::Count, true));
    assert_eq!(lines(&by_type), ["Paid: 3 1", "Refunded: 0 1"]);
    let least = answer(&history, &asked(Measure::Min, false));
    assert_eq!(lines(&least), ["data.amount: 0.1 -0.4"]);
    let mean = answer(&history, &asked(Measure::Mean, false));
    assert!(!mean.plotted.lines[0].exact);
}
