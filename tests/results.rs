//! Results over time: what is known of all partitions at every position, and the lines made of it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;

use annals::event::json::{JsonPath, parse};
use annals::event::{Decimal, Position, Timestamp, Zone};
use annals::fold::{Folder, LastPayload, Merge};
use annals::history::{Axis, History};
use annals::projection::{
    Ask, Bucket, By, Column, Limits, Line, Measure, Numbers, Of, OnError, PartitionsQuestion,
    Plotted, Recorder, Results, SeriesAsk, StatesOf, Step, Whose, both_versions, compare_versions,
    run_over_time, states_over_time, thin,
};
use annals::query::{Context, RowFilter};
use history::{Record, history};
use proptest::collection::vec;
use proptest::prelude::*;

fn never() -> bool {
    false
}

fn cases(n_cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(n_cases)
    }
}

fn record(stream: &str, time: &str, data: &str) -> Record {
    Record {
        stream: stream.to_owned(),
        time: time.to_owned(),
        data: data.to_owned(),
        ..Record::default()
    }
}

fn results(folder: &Folder, limits: Limits) -> Arc<Results> {
    states_over_time(
        folder,
        StatesOf::Everything,
        None,
        limits,
        (&never, &|_| ()),
    )
    .unwrap()
}

fn merged(records: &[Record]) -> (Arc<History>, Arc<Results>) {
    let history = history(records);
    let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
    let results = results(&folder, Limits::default());
    (history, results)
}

fn path(text: &str) -> JsonPath {
    JsonPath::parse(text).unwrap()
}

fn ask(field: &str) -> SeriesAsk {
    SeriesAsk {
        path: path(field),
        ..SeriesAsk::default()
    }
}

fn of(history: &History, results: &Results, ask: &SeriesAsk) -> Plotted {
    results.series(&history.log, ask, &never).unwrap()
}

/// The values of a line, `-` where there is none.
fn values(lines: &Plotted, nth: usize) -> String {
    let points = lines.lines[nth].points.iter();
    let shown: Vec<String> = points
        .map(|step| {
            step.value
                .map_or_else(|| "-".to_owned(), |value| value.to_string())
        })
        .collect();
    shown.join(" ")
}

/// Three orders in January and February, paid in parts.
fn orders() -> (Arc<History>, Arc<Results>) {
    merged(&order_records())
}

fn order_records() -> Vec<Record> {
    vec![
        record(
            "order-1",
            "2024-01-01T10:00:00Z",
            r#"{"paid":0,"status":"new","country":"DE"}"#,
        ),
        record(
            "order-2",
            "2024-01-03T10:00:00Z",
            r#"{"paid":0.10,"status":"new","country":"FR"}"#,
        ),
        record(
            "order-1",
            "2024-01-09T10:00:00Z",
            r#"{"paid":0.20,"status":"paid"}"#,
        ),
        record(
            "order-2",
            "2024-01-31T23:00:00Z",
            r#"{"paid":100.10,"status":"paid"}"#,
        ),
        record(
            "order-3",
            "2024-02-01T00:00:00Z",
            r#"{"paid":7,"status":"new"}"#,
        ),
        record("order-2", "2024-02-12T00:00:00Z", r#"{"status":"shipped"}"#),
        record("order-1", "2024-02-29T00:00:00Z", r#"{"paid":-0.30}"#),
    ]
}

#[test]
fn a_state_is_known_at_every_position() {
    let (_, results) = orders();
    let two = results.find_partition("order-2").unwrap();
    let at = |position| results.state_at(two, Position(position));
    assert_eq!(at(0), None);
    assert_eq!(
        at(3).unwrap().to_string(),
        r#"{"paid":100.10,"status":"paid","country":"FR"}"#
    );
    assert_eq!(at(4), at(3));
    let country = results
        .field_at(Of::State, &path("country"), two, Position(9))
        .unwrap();
    assert_eq!(country.to_string(), "\"FR\"");
    let known = results.paths(Of::State);
    let names: Vec<(String, bool)> = known
        .iter()
        .map(|info| (info.path.to_string(), info.is_number))
        .collect();
    assert_eq!(
        names,
        [
            ("paid".to_owned(), true),
            ("status".to_owned(), false),
            ("country".to_owned(), false)
        ]
    );
    assert_eq!(
        (
            results.n_partitions(),
            results.n_handled(),
            results.notes().len()
        ),
        (3, 7, 0)
    );
}

#[test]
fn partitions_are_sorted_and_filtered_at_a_position() {
    let (_, results) = orders();
    let question = |position, sort, is_descending| PartitionsQuestion {
        position: Position(position),
        sort,
        is_descending,
        ..PartitionsQuestion::default()
    };
    let names = |question: &PartitionsQuestion, filter: Option<&RowFilter>| {
        let found = results.partitions_at(question, filter, &never).unwrap();
        let rows = found.rows.iter();
        let names = rows.map(|row| {
            let name = results.partition_name(row.partition);
            format!("{name}:{}@{}", row.events, row.last.0)
        });
        (names.collect::<Vec<_>>().join(" "), found.n_all)
    };
    let plain = question(3, Column::Name, false);
    assert_eq!(names(&plain, None).0, "order-1:2@2 order-2:2@3");
    let by_paid = question(6, Column::Field(path("paid")), true);
    assert_eq!(
        names(&by_paid, None).0,
        "order-2:3@5 order-3:1@4 order-1:3@6"
    );
    let by_country = question(6, Column::Field(path("country")), true);
    assert_eq!(
        names(&by_country, None).0,
        "order-2:3@5 order-1:3@6 order-3:1@4"
    );
    let filter = RowFilter::parse("paid<10 status=new,paid", &Context::default()).unwrap();
    let found = names(&question(6, Column::Events, false), Some(&filter));
    assert_eq!(found, ("order-3:1@4 order-1:3@6".to_owned(), 3));
    assert!(results.partitions_at(&plain, None, &|| true).is_none());
}

#[test]
fn sums_over_all_partitions_are_exact_to_the_cent() {
    let (history, results) = orders();
    let lines = of(&history, &results, &ask("paid"));
    assert_eq!(values(&lines, 0), "0 0.10 0.30 100.30 107.30 106.80");
    assert!(lines.lines[0].exact && lines.notes.is_empty());
    let by_month = SeriesAsk {
        measure: Measure::SumOfChanges,
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..ask("paid")
    };
    let lines = of(&history, &results, &by_month);
    assert_eq!(values(&lines, 0), "100.30 6.50");
    // In Berlin the last hour of January is over an hour earlier.
    let in_berlin = SeriesAsk {
        by: By::Bucket(Bucket::Month, Zone::parse("Europe/Berlin").unwrap()),
        ..by_month
    };
    assert_eq!(
        values(&of(&history, &results, &in_berlin), 0),
        "0.30 106.50"
    );
}

#[test]
fn each_measure_of_a_bucket_says_what_its_name_says() {
    let (history, results) = orders();
    let by = |measure| SeriesAsk {
        measure,
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..ask("paid")
    };
    let said = |measure| values(&of(&history, &results, &by(measure)), 0);
    assert_eq!(said(Measure::Value), "100.30 106.80");
    assert_eq!(said(Measure::Count), "4 2");
    assert_eq!(said(Measure::Min), "0 106.80");
    assert_eq!(said(Measure::Max), "100.30 107.30");
    assert_eq!(said(Measure::Sum), "100.70 214.10");
    assert_eq!(said(Measure::Mean), "25.175 107.05");
    let one = SeriesAsk {
        whose: Whose::One("order-1".to_owned()),
        range: Some((
            Timestamp::parse("2024-01-08").unwrap().time.0,
            Timestamp::parse("2024-01-10").unwrap().time.0 - 1,
        )),
        by: By::Bucket(Bucket::Day, Zone::Utc),
        ..by(Measure::MeanOverTime)
    };
    let lines = of(&history, &results, &one);
    // Fourteen of twenty-four hours at 0.20.
    assert_eq!(values(&lines, 0), "0 0.11666667");
    assert!(!lines.lines[0].exact);
}

#[test]
fn a_line_is_split_by_what_a_field_is_at_the_time() {
    let (history, results) = orders();
    let split = SeriesAsk {
        split: Some(path("status")),
        ..ask("paid")
    };
    let lines = of(&history, &results, &split);
    let named = |name: &str| {
        let nth = lines
            .lines
            .iter()
            .position(|line| line.name == name)
            .unwrap();
        values(&lines, nth)
    };
    assert_eq!(named("new"), "0 0.10 - 7");
    assert_eq!(named("shipped"), "100.10");
    let changes = SeriesAsk {
        measure: Measure::SumOfChanges,
        by: By::Bucket(Bucket::Year, Zone::Utc),
        ..split
    };
    let lines = of(&history, &results, &changes);
    let sum: Decimal = lines.lines.iter().fold(Decimal::ZERO, |sum, line| {
        sum.checked_add(line.points[0].value.unwrap()).unwrap()
    });
    assert_eq!(sum.to_string(), "106.80");
}

#[test]
fn texts_are_bands_of_one_partition_and_counts_over_all() {
    let (history, results) = orders();
    let one = SeriesAsk {
        whose: Whose::One("order-2".to_owned()),
        axis: Axis::Sequence,
        ..ask("status")
    };
    let lines = of(&history, &results, &one);
    let bands: Vec<(String, i64, Option<i64>)> = lines.lines[0]
        .bands
        .iter()
        .map(|band| (band.value.clone(), band.from, band.to))
        .collect();
    assert_eq!(
        bands,
        [
            ("new".to_owned(), 1, Some(3)),
            ("paid".to_owned(), 3, Some(5)),
            ("shipped".to_owned(), 5, None)
        ]
    );
    let lines = of(&history, &results, &ask("status"));
    let names: Vec<&str> = lines.lines.iter().map(|line| &*line.name).collect();
    assert_eq!(names, ["new", "paid", "shipped"]);
    assert_eq!(values(&lines, 0), "1 2 1 - 1");
    assert_eq!(values(&lines, 1), "1 2 1");
}

#[test]
fn two_months_lie_over_each_other_week_by_week() {
    let (history, results) = orders();
    let ask = SeriesAsk {
        measure: Measure::SumOfChanges,
        by: By::Bucket(Bucket::Week, Zone::Utc),
        ..ask("paid")
    };
    let month = |from: &str, to: &str| {
        let at = |text: &str| Timestamp::parse(text).unwrap().time.0;
        (at(from), at(to) - 1)
    };
    let (jan, feb) = (
        month("2024-01-01", "2024-02-01"),
        month("2024-02-01", "2024-03-01"),
    );
    let found = results
        .overlay(&history.log, &ask, jan, feb, &never)
        .unwrap();
    let shown: Vec<String> = found[0]
        .pairs
        .iter()
        .map(|pair| {
            let value = |step: Option<Step>| step.and_then(|step| step.value).unwrap();
            format!(
                "{}: {} {} {}",
                pair.nth,
                value(pair.a),
                value(pair.b),
                pair.difference.unwrap()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "1: 0.10 7 6.90",
            "2: 0.20 0 -0.20",
            "3: 0 0 0",
            "4: 0 0 0",
            "5: 100.00 -0.50 -100.50"
        ]
    );
    assert_eq!(found[0].sum_a.unwrap().to_string(), "100.30");
    assert_eq!(found[0].difference.unwrap().to_string(), "-93.80");
}

#[test]
fn a_step_is_explained_by_the_events_that_made_it() {
    let (history, results) = orders();
    let ask = SeriesAsk {
        measure: Measure::SumOfChanges,
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..ask("paid")
    };
    let lines = of(&history, &results, &ask);
    let january = (lines.edges[0], lines.edges[1]);
    let found = results
        .explain(&history.log, &ask, "paid", january, 2, &never)
        .unwrap();
    let causes: Vec<(u32, String)> = found
        .causes
        .iter()
        .map(|cause| (cause.position.0, cause.by.to_string()))
        .collect();
    assert_eq!(causes, [(3, "100.00".to_owned()), (2, "0.20".to_owned())]);
    assert_eq!(found.n_more, 2);
    assert_eq!(found.sum, lines.lines[0].points[0].value);
}

#[test]
fn what_javascript_may_have_rounded_is_marked() {
    let mut recorder = Recorder::new(Numbers::Floating, Limits::default());
    let root = recorder.partition("");
    for (position, state) in [r#"{"n":1,"sum":0.1}"#, r#"{"n":2,"sum":3}"#]
        .iter()
        .enumerate()
    {
        let position = Position(u32::try_from(position).unwrap());
        let state = parse(state.as_bytes()).unwrap();
        recorder.record(root, position, Some(&state), None);
    }
    let results = recorder.finish();
    let history = history(&[Record::default(), Record::default()]);
    let is_exact = |field: &str| {
        let by_position = SeriesAsk {
            axis: Axis::Sequence,
            ..ask(field)
        };
        of(&history, &results, &by_position).lines[0].exact
    };
    assert!(is_exact("n") && !is_exact("sum"));
}

#[test]
fn results_stand_beside_states() {
    let mut recorder = Recorder::new(Numbers::Exact, Limits::default());
    let root = recorder.partition("a");
    recorder.keep_results();
    let value = |text: &str| parse(text.as_bytes()).unwrap();
    recorder.record(
        root,
        Position(0),
        Some(&value("[1,[2]]")),
        Some(&value("7")),
    );
    recorder.record(root, Position(3), Some(&value("[[],{\"a\":1}]")), None);
    recorder.record(root, Position(4), None, None);
    let results = recorder.finish();
    let shown = |of, position| {
        let found = results.value_at(of, root, Position(position));
        found.map(|value| value.to_string())
    };
    assert_eq!(shown(Of::State, 0).unwrap(), "[1,[2]]");
    assert_eq!(shown(Of::Result, 2).unwrap(), "7");
    assert_eq!(shown(Of::State, 3).unwrap(), "[[],{\"a\":1}]");
    assert_eq!((shown(Of::Result, 3), shown(Of::State, 4)), (None, None));
}

#[test]
fn scarce_memory_thins_what_is_kept_and_says_so() {
    let payloads =
        (0..20_000).map(|n| record("order-1", "", &format!(r#"{{"a":{n},"b":{}}}"#, n % 7)));
    let records: Vec<Record> = payloads.collect();
    let history = history(&records);
    let folder = Folder::new(history, Arc::new(Merge));
    let results = results(&folder, Limits { bytes: 400_000 });
    let thinned = results.thinned().unwrap();
    assert!(thinned.every > 1 && thinned.ended.is_none());
    assert!(results.notes()[0].contains("th event of each partition"));
    let one = results.find_partition("order-1").unwrap();
    let at = |position: u32| {
        results
            .state_at(one, Position(position))
            .unwrap()
            .to_string()
    };
    for kept in (0..20_000).step_by(thinned.every as usize).chain([19_999]) {
        assert_eq!(at(kept), format!(r#"{{"a":{kept},"b":{}}}"#, kept % 7));
    }
    let none = states_over_time(
        &folder,
        StatesOf::Everything,
        None,
        Limits { bytes: 0 },
        (&never, &|_| ()),
    );
    assert!(none.unwrap().notes()[0].contains("is not kept"));
}

#[test]
fn very_large_states_are_not_all_looked_at() {
    let limits = Limits::default();
    let mut recorder = Recorder::new(Numbers::Exact, limits).sparing_after(10_000);
    let root = recorder.partition("");
    let state = |n: usize| {
        let members: Vec<String> = (0..1000)
            .map(|key| format!("\"{key}\":{}", (n + key) / 1000))
            .collect();
        parse(format!("{{{}}}", members.join(",")).as_bytes()).unwrap()
    };
    let first = state(0);
    let mut n_looked = 0;
    for position in 0..2000_u32 {
        if recorder.wants(root) {
            n_looked += 1;
            recorder.record(root, Position(position), Some(&first), None);
        } else {
            recorder.pass(root, Position(position));
        }
    }
    assert!((50..500).contains(&n_looked), "{n_looked}");
    recorder.settle(root, Some(&state(1)), None);
    let results = recorder.finish();
    assert!(results.notes()[0].starts_with("The states are very large, so from #"));
    assert_eq!(results.state_at(root, Position(1998)), Some(first));
    assert_eq!(results.state_at(root, Position(1999)), Some(state(1)));
}

#[test]
fn two_versions_are_told_apart_at_the_first_event_that_differs() {
    let (history, a) = orders();
    let other = |text: &str, with: &str| {
        let data = |record: &Record| record.data.replace(text, with);
        let records = order_records().into_iter();
        let changed = records.map(|record| Record {
            data: data(&record),
            ..record
        });
        merged(&changed.collect::<Vec<_>>()).1
    };
    let same = compare_versions(&a, &other("0.20", "0.2"), Of::State, &never).unwrap();
    assert_eq!((same.first(), same.n_same), (None, 3));
    let b = other("100.10", "100.11");
    let found = compare_versions(&a, &b, Of::State, &never).unwrap();
    let first = found.first().unwrap();
    assert_eq!(
        (&*first.partition, first.position, found.n_same),
        ("order-2", Position(3), 2)
    );
    assert_eq!(first.path, path("paid"));
    assert_eq!(first.b.as_ref().unwrap().to_string(), "100.11");
    let lacking = other("status", "state");
    let found = compare_versions(&a, &lacking, Of::State, &never).unwrap();
    let places: Vec<u32> = found.differing.iter().map(|one| one.position.0).collect();
    assert_eq!((places, found.n_same), (vec![0, 1, 4], 0));
    let by_month = SeriesAsk {
        by: By::Bucket(Bucket::Month, Zone::Utc),
        ..ask("paid")
    };
    let [of_a, of_b] = both_versions(&a, &b, &history.log, &by_month, &never).unwrap();
    assert_eq!(of_a.edges, of_b.edges);
    assert_eq!(
        (values(&of_a, 0), values(&of_b, 0)),
        ("100.30 106.80".into(), "100.31 106.81".into())
    );
}

#[test]
fn a_run_of_a_script_is_known_over_time() {
    let records: Vec<Record> = (0..9000)
        .map(|n| {
            record(
                &format!("order-{}", n % 3),
                "2024-01-01T00:00:00Z",
                &format!(r#"{{"n":{n}}}"#),
            )
        })
        .collect();
    let history = history(&records);
    let script = "fromCategory('order').foreachStream().when({
        $init: () => ({ count: 0, half: 0 }),
        Changed: (s, e) => { if (e.data.n === 7) throw new Error('seven'); s.count++; s.half += 0.5; }
    }).transformBy(s => ({ twice: s.count * 2 }))";
    let mut asked = Ask::script("orders.js", script);
    asked.on_error = OnError::Skip;
    let run = |limits: Limits, partial: &mut dyn FnMut(Arc<Results>)| {
        run_over_time(
            &asked,
            &history.log,
            &*history.reader,
            limits,
            &mut (),
            partial,
        )
    };
    let mut partials = Vec::new();
    let (ran, results) = run(Limits::default(), &mut |known| {
        partials.push(known.n_handled());
    });
    assert_eq!((ran.processed, partials), (8999, vec![4096, 8192]));
    assert_eq!(
        results.notes(),
        ["1 events were skipped, as the script failed on them"]
    );
    let one = results.find_partition("order-1").unwrap();
    let shown = |results: &Results, of, position| {
        results
            .value_at(of, one, Position(position))
            .unwrap()
            .to_string()
    };
    assert_eq!(shown(&results, Of::State, 10), r#"{"count":3,"half":1.5}"#);
    assert_eq!(shown(&results, Of::Result, 10), r#"{"twice":6}"#);
    let until = |position: u32| {
        let mut asked = asked.clone();
        asked.until = Some(Position(position));
        let (ran, _) = run_over_time(
            &asked,
            &history.log,
            &*history.reader,
            Limits::default(),
            &mut (),
            &mut |_| (),
        );
        ran.partition("order-1").unwrap().state.clone().unwrap()
    };
    for position in [1, 4, 7, 10, 5000, 8998] {
        assert_eq!(shown(&results, Of::State, position), *until(position));
    }
    let count = SeriesAsk {
        whose: Whose::Each(3),
        ..ask("half")
    };
    assert!(!of(&history, &results, &count).lines[0].exact);
    // With little memory only some states are kept, the last ones among them.
    let (ran, thin) = run(Limits { bytes: 150_000 }, &mut |_| ());
    assert!(thin.thinned().unwrap().every > 1 && thin.notes().len() == 2);
    let last = ran.partition("order-1").unwrap();
    assert_eq!(
        shown(&thin, Of::State, 8999),
        **last.state.as_ref().unwrap()
    );
    assert_eq!(shown(&thin, Of::Result, 8999), last.result().unwrap());
}

#[derive(Clone, Debug)]
struct Happening {
    stream: u8,
    hours: i64,
    data: String,
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let number = prop_oneof![
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,2})?",
        Just("1.10".to_owned())
    ];
    let data = prop_oneof![
        4 => number.clone().prop_map(|n| format!(r#"{{"n":{n}}}"#)),
        1 => number.prop_map(|n| format!(r#"{{"n":{n},"g":"x","o":{{"a":[{n},null]}}}}"#)),
        1 => Just(r#"{"g":"y","o":{"a":[]}}"#.to_owned()),
        1 => Just("{}".to_owned()),
    ];
    (0_u8..4, 0_i64..60, data).prop_map(|(stream, hours, data)| Happening {
        stream,
        hours,
        data,
    })
}

fn made(happenings: &[Happening]) -> Arc<History> {
    let mut time = Timestamp::parse("2024-03-29T00:00:00Z").unwrap().time;
    let records: Vec<Record> = happenings
        .iter()
        .map(|happening| {
            time.0 += happening.hours * 3_600_000_000_000;
            record(
                &format!("s-{}", happening.stream),
                &time.rfc3339(0),
                &happening.data,
            )
        })
        .collect();
    history(&records)
}

fn sum(values: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    values
        .flatten()
        .try_fold(Decimal::ZERO, Decimal::checked_add)
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn the_state_of_results_is_the_state_of_a_replay(
        happenings in vec(any_happening(), 1..40), keeps_last: bool
    ) {
        let history = made(&happenings);
        let folder = if keeps_last {
            Folder::new(history, Arc::new(LastPayload))
        } else {
            Folder::new(history, Arc::new(Merge))
        };
        let results = results(&folder, Limits::default());
        let log = &folder.history().log;
        for stream in log.streams() {
            let partition = results.find_partition(log.stream_name(stream)).unwrap();
            for position in 0..u32::try_from(happenings.len()).unwrap() {
                let replayed = folder.state_as_of(stream, Position(position), &never);
                prop_assert_eq!(
                    results.state_at(partition, Position(position)),
                    replayed.ok().map(|state| state.value)
                );
            }
        }
    }

    #[test]
    fn lines_obey_their_sums(happenings in vec(any_happening(), 1..40)) {
        let history = made(&happenings);
        let folder = Folder::new(Arc::clone(&history), Arc::new(LastPayload));
        let results = results(&folder, Limits::default());
        let by_week = By::Bucket(Bucket::Week, Zone::parse("Europe/Paris").unwrap());
        for (measure, by) in [
            (Measure::SumOfChanges, by_week),
            (Measure::Value, by_week),
            (Measure::Value, By::Event),
            (Measure::SumOfChanges, By::Event),
        ] {
            let summed = SeriesAsk { measure, by, ..ask("n") };
            let all = of(&history, &results, &summed);
            let Some(whole) = all.lines.first() else { continue };
            // All changes together lead to the last value.
            if measure == Measure::SumOfChanges {
                let value = of(&history, &results, &ask("n"));
                let last = value.lines[0].points.last().unwrap().value;
                prop_assert_eq!(sum(whole.points.iter().map(|step| step.value)), Some(last.unwrap_or(Decimal::ZERO)));
            }
            // All partitions together are the sum of each, and so are groups.
            let each = of(&history, &results, &SeriesAsk { whose: Whose::Each(9), range: Some((whole.points[0].x, i64::MAX / 2)), ..summed.clone() });
            let split = of(&history, &results, &SeriesAsk { split: Some(path("g")), ..summed.clone() });
            if by == by_week {
                for (nth, step) in whole.points.iter().enumerate() {
                    let value = |line: &Line| line.points.get(nth)?.value;
                    let at = |lines: &Plotted| sum(lines.lines.iter().map(value));
                    let expected = Some(step.value.unwrap_or(Decimal::ZERO));
                    prop_assert_eq!(at(&each), expected);
                    prop_assert_eq!(at(&split), expected);
                }
            }
        }
    }

    #[test]
    fn the_last_value_of_a_bucket_is_the_value_at_its_end(happenings in vec(any_happening(), 1..30)) {
        let history = made(&happenings);
        let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
        let results = results(&folder, Limits::default());
        let by_day = SeriesAsk {
            by: By::Bucket(Bucket::Day, Zone::Utc),
            whose: Whose::Each(9),
            ..ask("n")
        };
        let lines = of(&history, &results, &by_day);
        for line in &lines.lines {
            let partition = results.find_partition(&line.name).unwrap();
            for (step, end) in line.points.iter().zip(&lines.edges[1..]) {
                let last = history.log.rank_before_time(Timestamp(*end)).checked_sub(1);
                let field = last.and_then(|last| {
                    results.field_at(Of::State, &path("n"), partition, Position(last))
                });
                prop_assert_eq!(step.value, field.and_then(|field| field.as_decimal()));
            }
        }
    }

    #[test]
    fn an_overlay_has_the_sums_of_its_lines(happenings in vec(any_happening(), 1..40), at in 0_i64..40) {
        let history = made(&happenings);
        let folder = Folder::new(Arc::clone(&history), Arc::new(Merge));
        let results = results(&folder, Limits::default());
        let start = Timestamp::parse("2024-03-29T00:00:00Z").unwrap().time.0;
        let middle = start + at * 86_400_000_000_000;
        let by_week = SeriesAsk {
            measure: Measure::SumOfChanges,
            by: By::Bucket(Bucket::Week, Zone::Utc),
            ..ask("n")
        };
        let (a, b) = ((start, middle - 1), (middle, middle + 100 * 86_400_000_000_000));
        let both = SeriesAsk { range: Some((a.0, b.1)), by: By::Bucket(Bucket::Year, Zone::Utc), ..by_week.clone() };
        let whole = of(&history, &results, &both);
        for overlay in results.overlay(&history.log, &by_week, a, b, &never).unwrap() {
            let line = whole.lines.iter().find(|line| line.name == overlay.name).unwrap();
            prop_assert_eq!(sum([overlay.sum_a.filter(|_| at > 0), overlay.sum_b].into_iter()), sum(line.points.iter().map(|step| step.value)));
            for pair in &overlay.pairs {
                let value = |step: Option<Step>| step?.value;
                if let (Some(a), Some(b)) = (value(pair.a), value(pair.b)) {
                    prop_assert_eq!(pair.difference, b.checked_sub(a));
                }
            }
        }
    }

    #[test]
    fn a_thinned_line_keeps_its_extremes(values in vec(-50_i64..50, 1..200), columns in 1_usize..20) {
        let points: Vec<Step> = (0..).zip(&values).map(|(x, value)| Step {
            x,
            position: Position(u32::try_from(x).unwrap()),
            value: Some(Decimal::whole(*value)),
        }).collect();
        let last = i64::try_from(values.len()).unwrap() - 1;
        let kept = thin(&points, 0, last, columns);
        let extremes = |steps: &[Step]| {
            let values = || steps.iter().map(|step| step.value);
            (values().min(), values().max(), steps.first().copied(), steps.last().copied())
        };
        prop_assert_eq!(extremes(&kept), extremes(&points));
        prop_assert!(kept.len() <= 4 * columns);
    }
}
