//! State at a point: given events, at a place, this state.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;

use annals::event::json::{Json, JsonPath, parse};
use annals::event::{Decimal, Position, Timestamp, Version};
use annals::fold::{
    At, FoldError, Folder, Merge, Reducer, Rules, StateQuestion, field_series, numeric_leaves,
};
use annals::history::History;
use history::{Record, history};

fn never() -> bool {
    false
}

fn json(text: &str) -> Json {
    parse(text.as_bytes()).unwrap()
}

/// Events of `order-1`, folded.
struct Given(Folder);

fn given(events: &[(&str, &str)]) -> Given {
    given_by(Merge, events)
}

fn given_by(reducer: impl Reducer + 'static, events: &[(&str, &str)]) -> Given {
    let record = |(event_type, data): &(&str, &str)| Record {
        event_type: (*event_type).to_owned(),
        data: (*data).to_owned(),
        ..Record::default()
    };
    let records: Vec<Record> = events.iter().map(record).collect();
    Given(Folder::new(history(&records), Arc::new(reducer)))
}

fn rules(on: &str) -> Rules {
    Rules::parse("shop.toml", &format!("[category.order.on]\n{on}")).unwrap()
}

impl Given {
    fn stream(&self) -> annals::event::StreamId {
        self.0.history().log.find_stream("order-1", None).unwrap()
    }

    #[track_caller]
    fn at(&self, rank: u32) -> annals::fold::State {
        self.0.state_at(self.stream(), rank, &never).unwrap()
    }

    /// Digits and the order of members count here.
    #[track_caller]
    fn state_is(self, rank: u32, expected: &str) -> Self {
        assert_eq!(self.at(rank).value.to_string(), expected, "at {rank}");
        self
    }

    #[track_caller]
    fn counts_are(self, rank: u32, applied: u32, not_applied: u32) -> Self {
        let state = self.at(rank);
        assert_eq!(
            (state.events_applied, state.not_applied),
            (applied, not_applied)
        );
        self
    }

    #[track_caller]
    fn fails_with(self, rank: u32, reason: &str) -> Self {
        let failures = self.at(rank).failures;
        assert!(
            failures.iter().any(|(_, why)| why.contains(reason)),
            "{failures:?}"
        );
        self
    }
}

#[test]
fn payloads_are_merged_at_the_top_level_and_later_keys_win_in_place() {
    given(&[
        ("A", r#"{"a":1.10,"b":{"x":1}}"#),
        ("B", r#"{"b":{"y":2},"c":null,"a":2,"a":3}"#),
    ])
    .state_is(0, r#"{"a":1.10,"b":{"x":1}}"#)
    .state_is(1, r#"{"a":3,"b":{"y":2},"c":null}"#)
    .counts_are(1, 2, 0);
}

#[test]
fn a_payload_that_is_no_object_replaces_nothing_and_is_counted() {
    given(&[
        ("A", r#"{"a":1}"#),
        ("B", "[2]"),
        ("C", ""),
        ("D", "plain"),
        ("E", r#"{"b":2}"#),
    ])
    .state_is(4, r#"{"a":1,"b":2}"#)
    .counts_are(4, 2, 3)
    .fails_with(4, "the payload is an array and no object")
    .fails_with(4, "the payload is missing")
    .fails_with(4, "the payload is text and no JSON");
}

#[test]
fn a_merge_of_payloads_is_labelled_so() {
    let state = given(&[("A", r#"{"a":1}"#)]).at(0);
    assert_eq!(&*state.label, "payload merge");
    assert!(!Merge.is_application_state());
    let rules = rules("A = ['merge data']");
    assert!(rules.is_application_state());
    assert_eq!((rules.name(), rules.label()), ("shop.toml", "shop.toml"));
}

#[test]
fn sums_are_exact_decimals_and_begin_at_zero() {
    given_by(
        rules("In = ['add data.amount to a.sum']\nOut = ['subtract data.amount from a.sum']"),
        &[
            ("In", r#"{"amount":0.1}"#),
            ("In", r#"{"amount":"0.20"}"#),
            ("Out", r#"{"amount":9007199254740993}"#),
            ("In", r#"{"other":1}"#),
        ],
    )
    .state_is(0, r#"{"a":{"sum":0.1}}"#)
    .state_is(1, r#"{"a":{"sum":0.30}}"#)
    .state_is(2, r#"{"a":{"sum":-9007199254740992.70}}"#)
    .state_is(3, r#"{"a":{"sum":-9007199254740992.70}}"#)
    .counts_are(3, 4, 0);
}

#[test]
fn a_sum_that_cannot_be_made_leaves_the_whole_event_out() {
    let list = "A = ['set status to \"In\"', 'append data to seen', 'delete first', 'merge data', 'add data.amount to sum']";
    given_by(
        rules(list),
        &[
            ("A", r#"{"first":1,"amount":5,"z":{}}"#),
            ("A", r#"{"second":2,"amount":"five"}"#),
            ("A", r#"{"third":3,"amount":99999999999999999999999999999999999999}"#),
            ("A", r#"{"third":3,"amount":99999999999999999999999999999999999999}"#),
            ("A", r#"{"amount":null,"first":7}"#),
        ],
    )
    .state_is(
        1,
        r#"{"status":"In","seen":[{"first":1,"amount":5,"z":{}}],"first":1,"amount":5,"z":{},"sum":5}"#,
    )
    .state_is(
        4,
        r#"{"status":"In","seen":[{"first":1,"amount":5,"z":{}}],"first":1,"amount":5,"z":{},"sum":5}"#,
    )
    .counts_are(4, 1, 4)
    .fails_with(4, "data.amount is a text and no number")
    .fails_with(4, "sum would have over 38 digits")
    .fails_with(4, "data.amount is null and no number");
}

#[test]
fn each_sentence_does_what_it_says() {
    let on = r#"
Set = ['set a.b to data.x', 'set n to 1.50', 'set who to metadata.user', 'set "first name" to data."first name"']
Words = ['set w.stream to stream', 'set w.type to type', 'set w.version to version', 'set w.time to time', 'set w.position to position']
List = ['append 1 to list', 'append 1.0 to list', 'append 2 to list', 'append {"a": [1]} to list']
Less = ['remove 1 from list', 'remove data.gone from list', 'remove 5 from nowhere', 'delete list[1].a', 'delete nowhere.x']
Into = ['merge data into a', 'merge data into fresh.deep', 'set copy to state.a.b', 'set copy2 to state.nothing']
"#;
    let text = format!("[category.order]\nstart = '{{\"n\": 0}}'\n[category.order.on]\n{on}");
    let record = |event_type: &str, data: &str| Record {
        event_type: event_type.to_owned(),
        data: data.to_owned(),
        metadata: r#"{"user":"anna"}"#.to_owned(),
        time: "2024-03-01T08:00:00.5Z".to_owned(),
        ..Record::default()
    };
    let records = [
        record("Set", r#"{"x":1,"first name":"Ada"}"#),
        record("Words", ""),
        record("List", ""),
        record("Less", ""),
        record("Into", r#"{"b":2,"c":3}"#),
    ];
    let reducer = Rules::parse("shop.toml", &text).unwrap();
    let states = Given(Folder::new(history(&records), Arc::new(reducer)));
    let first = r#"{"n":1.50,"a":{"b":1},"who":"anna","first name":"Ada""#;
    let words = r#","w":{"stream":"order-1","type":"Words","version":1,"time":"2024-03-01T08:00:00.5Z","position":1}"#;
    states
        .state_is(0, &format!("{first}}}"))
        .state_is(1, &format!("{first}{words}}}"))
        .state_is(
            2,
            &format!(r#"{first}{words},"list":[1,1.0,2,{{"a":[1]}}]}}"#),
        )
        .state_is(3, &format!(r#"{first}{words},"list":[2,{{}}]}}"#))
        .state_is(
            4,
            &format!(
                r#"{}{words},"list":[2,{{}}],"fresh":{{"deep":{{"b":2,"c":3}}}},"copy":2}}"#,
                first.replace(r#"{"b":1}"#, r#"{"b":2,"c":3}"#)
            ),
        )
        .counts_are(4, 5, 0);
}

#[test]
fn what_stands_in_the_way_keeps_the_event_out() {
    let on = "A = ['set x to 1', 'append 1 to list']\nB = ['set list.deep to 1']\nC = ['append 1 to x']\nD = ['merge data.a']\nE = ['set x to data.a']";
    given_by(
        rules(on),
        &[
            ("A", ""),
            ("B", ""),
            ("C", ""),
            ("D", r#"{"a":1}"#),
            ("E", "plain"),
        ],
    )
    .state_is(4, r#"{"x":1,"list":[1]}"#)
    .fails_with(4, "list is an array: list.deep cannot be in it")
    .fails_with(4, "x is a number and no array")
    .fails_with(4, "data.a is a number and no object")
    .fails_with(4, "data is text and no JSON")
    .counts_are(4, 1, 4);
}

#[test]
fn a_state_cannot_be_made_to_double_itself_for_ever() {
    let events = vec![("A", ""); 200];
    let rules = rules("A = ['append state to a', 'append state to b']");
    let state = given_by(rules, &events).at(199);
    assert!(state.not_applied > 100 && state.value.to_string().len() < 1 << 20);
}

#[test]
fn types_and_categories_without_rules_fall_back_to_the_star() {
    let text = "[category.cart.on]\nA = ['set cart to 1']\n[category.\"*\"]\nstart = '{\"any\": true}'\n[category.\"*\".on]\nA = ['set a to 1']\n\"*\" = ['set last to type']";
    given_by(
        Rules::parse("x.toml", text).unwrap(),
        &[("A", ""), ("B", "")],
    )
    .state_is(1, r#"{"any":true,"a":1,"last":"B"}"#);
    given_by(rules("A = ['set a to 1']"), &[("B", ""), ("A", "")])
        .state_is(0, "{}")
        .counts_are(1, 1, 1);
}

#[test]
fn a_fault_in_the_rules_is_one_sentence_with_its_line() {
    #[track_caller]
    fn fault(text: &str, line: usize, says: &str) {
        let error = Rules::parse("r.toml", text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.message.contains(says), "{error}");
    }
    fault("", 1, "there are no rules here");
    fault("[category.a\n", 1, "this is no TOML");
    fault("\n[categories]\n", 2, "\"categories\" is not known");
    fault("[category.a]\nstart = '[]'", 2, "no object");
    fault("[category.a]\nbegin = '[]'", 2, "\"begin\" is not known");
    let on =
        |sentence: &str| format!("[category.a.on]\nA = [\n  'set a to 1',\n  '{sentence}',\n]");
    fault(&on("put a to b"), 4, "\"put\" is no verb");
    fault(&on("set a = 1"), 4, "\"=\" stands where \"to\" should");
    fault(&on("set a to"), 4, "ends where a value should stand");
    fault(&on("set a to b"), 4, "\"b\" is no value");
    fault(&on("set a to {x"), 4, "is no JSON");
    fault(&on("set a..b to 1"), 4, "\"a..b\" is no path");
    fault(&on("add 1 to a b"), 4, "\"b\" stands behind the end");
    fault(&on("delete"), 4, "ends where a path should stand");
    fault(
        &on("when data.a set a to 1"),
        4,
        "\"set\" stands where one of =",
    );
    fault(&on("when data.a > 1: set a to 1"), 4, "is no JSON");
    fault(
        &on("when data.a > 1 set a to 1"),
        4,
        "\"and\" or \"then\" should",
    );
    fault(&on("set lines[sku=].qty to 1"), 4, "is no path");
    fault(&on("set lines[sku]qty to 1"), 4, "is no path");
    fault(&on("set lines[data.sku]qty to 1"), 4, "is no path");
    fault(&on("set lines[sku=data.sku to 1"), 4, "is no path");
}

#[test]
fn an_event_that_cannot_be_read_is_a_failure_and_the_fold_goes_on() {
    let mut records = vec![
        Record {
            data: r#"{"a":1}"#.into(),
            ..Record::default()
        };
        3
    ];
    records[1].is_unreadable = true;
    let states = Given(Folder::new(history(&records), Arc::new(Merge)));
    let state = states.at(2);
    assert_eq!((state.events_applied, state.not_applied), (2, 1));
    assert_eq!(
        state.failures,
        [(Position(1), "row 7 cannot be read".to_owned())]
    );
}

#[test]
fn states_are_found_by_version_and_by_position() {
    let mut records = vec![
        Record {
            data: r#"{"a":1}"#.into(),
            ..Record::default()
        };
        4
    ];
    for (record, (version, stream)) in records.iter_mut().zip([
        (5, "order-2"),
        (5, "order-1"),
        (6, "order-1"),
        (9, "order-1"),
    ]) {
        (record.version, record.stream) = (Some(version), stream.to_owned());
    }
    let given = Given(Folder::new(history(&records), Arc::new(Merge)));
    let (folder, stream) = (&given.0, given.stream());
    let by_version = |version| folder.state_at_version(stream, Version(version), &never);
    assert_eq!(by_version(9).unwrap().position, Position(3));
    assert!(matches!(by_version(7), Err(FoldError::Point(_))));
    assert_eq!(
        folder
            .state_as_of(stream, Position(2), &never)
            .unwrap()
            .rank,
        1
    );
    let early = folder.state_as_of(stream, Position(0), &never).unwrap_err();
    assert_eq!(
        early.to_string(),
        "order-1 had no event by #0: its first is #1"
    );
    assert!(matches!(
        folder.state_at(stream, 3, &never),
        Err(FoldError::BeyondEnd { .. })
    ));
    assert_eq!(
        folder.state_at(stream, 2, &|| true),
        Err(FoldError::Cancelled)
    );
    let mut state = given.at(0);
    while let Some(next) = folder.step(&state) {
        state = next;
        assert_eq!(state, given.at(state.rank));
    }
    assert_eq!(state.rank, 2);
}

#[test]
fn a_difference_names_the_events_that_made_it() {
    let on = "A = ['merge data']\nAdd = ['add data.n to sum', 'set last to type']\nNew = ['append data to list']";
    let given = given_by(
        rules(on),
        &[
            ("A", r#"{"x":1,"sum":10,"gone":true}"#),
            ("Add", r#"{"n":1.0}"#),
            ("A", r#"{"x":1.0,"y":{"z":[]}}"#),
            ("Add", r#"{"n":2}"#),
            ("New", "7"),
            ("A", r#"{"x":2}"#),
            ("A", r#"{"x":3}"#),
            ("New", "8"),
        ],
    );
    let (old, new) = (given.at(0), given.at(7));
    let explained = given.0.explain(Some(&old), &new, &never).unwrap();
    let shown: Vec<String> = explained
        .iter()
        .map(|one| {
            let by: Vec<u32> = one.by.iter().map(|at| at.0).collect();
            format!("{} {} {by:?}", one.change.path, one.change.kind.name())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "x changed [6]",
            "sum changed [1, 3]",
            "last added [1]",
            "y added [2]",
            "list added [4, 7]",
        ]
    );
    let back = given.0.explain(Some(&new), &old, &never).unwrap();
    assert_eq!(back[1].by, explained[1].by);
    assert_eq!(
        given.0.changed_by(given.stream(), 5, &never).unwrap().len(),
        1
    );
    assert_eq!(
        given.0.changed_by(given.stream(), 0, &never).unwrap().len(),
        3
    );
}

#[test]
fn a_number_is_followed_over_the_events_of_its_stream() {
    let given = given(&[
        ("A", r#"{"t":"x"}"#),
        ("A", r#"{"t":1.5}"#),
        ("A", r#"{"u":[2,{"v":3}]}"#),
        ("A", r#"{"t":"1.50"}"#),
        ("A", r#"{"t":null}"#),
    ]);
    let path = JsonPath::parse("t").unwrap();
    let series = field_series(&given.0, given.stream(), &path, &never).unwrap();
    let values: Vec<_> = series
        .iter()
        .map(|point| (point.rank, point.value))
        .collect();
    assert_eq!(values, [(1, Decimal::parse("1.5")), (4, None)]);
    let leaves = numeric_leaves(&given.at(3).value);
    let leaves: Vec<String> = leaves
        .iter()
        .map(|(path, n)| format!("{path}={n}"))
        .collect();
    assert_eq!(leaves, ["u[0]=2", "u[1].v=3"]);
}

/// The sample history, read by a test's own few lines.
fn sample() -> Arc<History> {
    let line = |line: &str| {
        let event = json(line);
        let member = |name: &str| event.as_object().unwrap().get(name).unwrap();
        let text = |name: &str| member(name).as_text().unwrap().to_owned();
        Record {
            stream: text("stream"),
            event_type: text("type"),
            time: text("time"),
            version: member("version").to_string().parse().ok(),
            data: member("data").to_string(),
            metadata: member("metadata").to_string(),
            is_unreadable: false,
        }
    };
    let records: Vec<Record> = std::fs::read_to_string("assets/demo/events.jsonl")
        .unwrap()
        .lines()
        .map(line)
        .collect();
    history(&records)
}

fn sample_rules() -> Arc<Rules> {
    let text = include_str!("../assets/demo/rules.toml");
    Arc::new(Rules::parse("rules.toml", text).unwrap())
}

#[test]
fn the_balance_of_the_sample_order_becomes_negative_and_recovers() {
    let folder = Folder::new(sample(), sample_rules());
    let stream = folder
        .history()
        .log
        .find_stream("order-1220", None)
        .unwrap();
    for (version, balance) in [
        (0, "200.00"),
        (6, "0.00"),
        (7, "-50.00"),
        (8, "-50.00"),
        (9, "0.00"),
    ] {
        let state = folder
            .state_at_version(stream, Version(version), &never)
            .unwrap();
        let found = state.value.as_object().unwrap().get("balance").unwrap();
        assert_eq!(found.to_string(), balance, "v{version}");
    }
    let changed: Vec<String> = folder
        .changed_by(stream, 7, &never)
        .unwrap()
        .iter()
        .map(|change| change.path.to_string())
        .collect();
    assert_eq!(
        changed,
        [
            "discounts[1]",
            "total",
            "balance",
            "discountTotal",
            "pendingCoupon"
        ]
    );
}

#[test]
fn every_snapshot_of_the_sample_but_one_equals_a_replay() {
    let folder = Folder::new(sample(), sample_rules());
    let mut disagreeing = Vec::new();
    for line in include_str!("../assets/demo/snapshots.jsonl").lines() {
        let snapshot = json(line);
        let member = |name: &str| snapshot.as_object().unwrap().get(name).unwrap();
        let name = member("stream").as_text().unwrap();
        let version = Version(member("version").to_string().parse().unwrap());
        let stream = folder.history().log.find_stream(name, None).unwrap();
        let state = folder.state_at_version(stream, version, &never).unwrap();
        assert!(state.failures.is_empty(), "{:?}", state.failures);
        if state.value.to_string() != member("state").to_string() {
            disagreeing.push(format!("{name} {version}"));
        }
    }
    assert_eq!(disagreeing, ["inventory-2208 v29"]);
}

#[test]
fn every_event_of_the_sample_is_applied() {
    let folder = Folder::new(sample(), sample_rules());
    for stream in folder.history().log.streams() {
        let state = folder.state_at_end(stream, &never).unwrap();
        assert_eq!((state.not_applied, state.failures), (0, Vec::new()));
    }
}

#[test]
fn the_answer_of_annals_state_has_the_promised_fields_in_order() {
    let folder = Folder::new(sample(), sample_rules());
    let stream = folder
        .history()
        .log
        .find_stream("order-1220", None)
        .unwrap();
    let question = StateQuestion {
        stream,
        at: At::Version(Version(8)),
        diff: Some(At::Version(Version(7))),
        blame: false,
    };
    let answer = question.ask(&folder, &never).unwrap().to_json();
    let keys: Vec<&str> = answer
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(
        keys,
        [
            "stream",
            "version",
            "position",
            "time",
            "state",
            "events_applied",
            "not_applied",
            "rules",
            "diff"
        ]
    );
    let text = answer.to_string();
    assert!(text.starts_with(r#"{"stream":"order-1220","version":8,"position":244,"time":"2023-02-04T12:48:33.050Z","state":{"discounts":"#));
    assert!(text.ends_with(
        r#""events_applied":9,"not_applied":0,"rules":"rules.toml","diff":[{"path":"/status","change":"changed","old":"Shipped","new":"Delivered","by":[244]},{"path":"/shipment/signedBy","change":"added","new":"J. Moreau","by":[244]}]}"#
    ));
    let early = StateQuestion {
        diff: Some(At::AsOf(Position(0))),
        ..question
    };
    let diff = early.ask(&folder, &never).unwrap().diff.unwrap();
    assert!(diff.iter().all(|one| one.change.old.is_none()));
}

#[test]
fn a_long_stream_is_sought_by_way_of_checkpoints() {
    let record = |n: u32| Record {
        data: format!(r#"{{"k{}":{n},"text":"{}"}}"#, n % 40, "x".repeat(40)),
        ..Record::default()
    };
    let records: Vec<Record> = (0..5_000).map(record).collect();
    let history = history(&records);
    let with = Folder::new(Arc::clone(&history), Arc::new(Merge));
    let without = Folder::new(history, Arc::new(Merge)).with_checkpoint_budget(0);
    let stream = with.history().log.find_stream("order-1", None).unwrap();
    with.state_at_end(stream, &never).unwrap();
    let bytes = with.checkpoint_bytes();
    assert!(bytes > 2_000 && bytes < 40_000, "packed, not {bytes}");
    for rank in [0, 255, 256, 257, 511, 3_333, 4_999] {
        let expected = without.state_at(stream, rank, &never).unwrap();
        let looked = std::cell::Cell::new(0);
        let state = with.state_at(stream, rank, &|| {
            looked.set(looked.get() + 1);
            false
        });
        assert_eq!(state.unwrap(), expected);
        assert!(
            looked.get() <= 2,
            "at most one batch or two, not {}",
            looked.get()
        );
    }
    assert_eq!(without.checkpoint_bytes(), 0);
    assert_eq!(Timestamp::parse(&records[0].time), None);
}

#[test]
fn conditions_hold_a_sentence_back() {
    let on = r#"A = [
  'when data.amount > 0 then add data.amount to in',
  'when data.amount < 0 and data.note exists then append data.note to notes',
  'when data.note is missing then set plain to true',
  'when data.kind = "late" and meta.user != "anna" then set late to type',
  'when data.at >= "2024-02" then set recent to data.at',
  'when state.in >= 10.50 then set rich to true',
  'when data.nothing != 5 then set never to true',
]"#;
    given_by(
        rules(on),
        &[
            ("A", r#"{"amount":10.5}"#),
            ("A", r#"{"amount":-1,"note":"x"}"#),
            ("A", r#"{"amount":"0.00","kind":"late","at":"2024-03-01"}"#),
            ("A", r#"{"amount":{},"note":1}"#),
        ],
    )
    .state_is(0, r#"{"in":10.5,"plain":true,"rich":true}"#)
    .state_is(1, r#"{"in":10.5,"plain":true,"rich":true,"notes":["x"]}"#)
    .state_is(
        2,
        r#"{"in":10.5,"plain":true,"rich":true,"notes":["x"],"recent":"2024-03-01"}"#,
    )
    .fails_with(3, "an object cannot be compared with a number")
    .counts_are(3, 3, 1);
}

#[test]
fn elements_are_found_by_key_and_members_by_name() {
    let on = r#"Add = [
  'add data.qty to lines[sku=data.sku].qty',
  'set lines[sku=data.sku].price to data.price',
  'add data.qty to stock[data.sku].out',
  'count state.lines into n',
]
Drop = ['delete lines[sku=data.sku]', 'delete stock[data.sku]', 'count state.lines into n']
First = ['set lines[sku="a"].first to true', 'count data.tags into tags', 'set lines[0].at to version']
Bad = ['set mark to 1', 'append 1 to lines[sku=data.sku].qty']
Worse = ['append 1 to lines[sku="new"].list', 'set n[sku=1].x to 1']"#;
    let line = |sku: &str, qty: u32| format!(r#"{{"sku":"{sku}","qty":{qty},"price":1.10}}"#);
    given_by(
        rules(on),
        &[
            ("Add", &line("a", 1)),
            ("Add", &line("b", 2)),
            ("Add", &line("a", 4)),
            ("Drop", r#"{"sku":"b"}"#),
            ("First", r#"{"tags":[1,2,3]}"#),
            ("Drop", r#"{"sku":"gone"}"#),
            ("Add", r#"{"qty":1}"#),
            ("Bad", r#"{"sku":"a"}"#),
            ("Worse", "{}"),
        ],
    )
    .state_is(0, r#"{"lines":[{"sku":"a","qty":1,"price":1.10}],"stock":{"a":{"out":1}},"n":1}"#)
    .state_is(
        2,
        r#"{"lines":[{"sku":"a","qty":5,"price":1.10},{"sku":"b","qty":2,"price":1.10}],"stock":{"a":{"out":5},"b":{"out":2}},"n":2}"#,
    )
    .state_is(3, r#"{"lines":[{"sku":"a","qty":5,"price":1.10}],"stock":{"a":{"out":5}},"n":1}"#)
    .state_is(
        8,
        r#"{"lines":[{"sku":"a","qty":5,"price":1.10,"first":true,"at":4}],"stock":{"a":{"out":5}},"n":1,"tags":3}"#,
    )
    .fails_with(8, "lines[0].qty is a number and no array")
    .fails_with(8, "n is a number and no array")
    .counts_are(8, 7, 2);
}

#[test]
fn old_payloads_are_brought_into_shape_before_rules_see_them() {
    let text = r#"
[category.order.on]
Placed = ['merge data', 'set seen to type']

[[upcast.OrderPlaced]]
type = "Placed"
rename = { customer = "customer.name", sum = "total" }
default = { currency = '"EUR"' }
"#;
    let parsed = Rules::parse("shop.toml", text).unwrap();
    assert_eq!(
        Rules::parse("shop.toml", &parsed.to_string()).unwrap(),
        parsed
    );
    given_by(
        parsed,
        &[
            ("OrderPlaced", r#"{"customer":"Ann","sum":1.50}"#),
            ("Placed", r#"{"total":2}"#),
            ("OrderPlaced", r#"{"total":3,"currency":"CHF"}"#),
            ("OrderPlaced", "no json"),
        ],
    )
    .state_is(
        0,
        r#"{"customer":{"name":"Ann"},"total":1.50,"currency":"EUR","seen":"Placed"}"#,
    )
    .state_is(
        1,
        r#"{"customer":{"name":"Ann"},"total":2,"currency":"EUR","seen":"Placed"}"#,
    )
    .state_is(
        2,
        r#"{"customer":{"name":"Ann"},"total":3,"currency":"CHF","seen":"Placed"}"#,
    )
    .counts_are(3, 3, 1);
    let fault = |text: &str, says: &str| {
        let error = Rules::parse("r.toml", text).unwrap_err();
        assert!(error.message.contains(says), "{error}");
    };
    let with = |upcast: &str| format!("[category.a.on]\nA = ['merge data']\n{upcast}");
    fault(&with("[upcast.A]\nbelow = 2"), "two brackets");
    fault(
        &with("[[upcast.A]]\nrenames = {}"),
        "\"renames\" is not known",
    );
    fault(
        &with("[[upcast.A]]\nrename = { a = 'b..c' }"),
        "\"b..c\" is no path",
    );
    fault(&with("[[upcast.A]]\ndefault = { a = 'EUR' }"), "no JSON");
}
