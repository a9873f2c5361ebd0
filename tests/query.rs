//! The filter language and the questions: what is read, what is found, and the laws they keep.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;

use annals::event::json::{Json, parse};
use annals::event::{Decimal, Position, Timestamp, Zone};
use annals::fold::{Applied, FoldEvent, Folder, Merge, Reducer, Rules};
use annals::query::{
    Clause, Context, Expr, Filter, Flag, Key, Literal, Op, Over, Path, PathStep, Question, Root,
    Search, Span, Stretch, Value, Watch, ask_when, check_names,
};
use history::{Record, history};
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

fn shop() -> Arc<Folder> {
    let mut records = vec![
        record(
            "order-12",
            "OrderPlaced",
            "2024-03-01T08:00:00Z",
            r#"{"total":"150.00","code":"A"}"#,
        ),
        record(
            "order-1220",
            "OrderPlaced",
            "2024-03-02T08:00:00Z",
            r#"{"total":90,"lines":[{"price":501},{"price":3}]}"#,
        ),
        record(
            "order-1220",
            "DiscountApplied",
            "2024-03-03T08:00:00Z",
            r#"{"total":-10,"note":"J. Moreau"}"#,
        ),
        record(
            "payment-1",
            "PaymentReceived",
            "2024-04-01T00:00:00Z",
            r#"{"amount":12345678901234567890.10}"#,
        ),
        record(
            "order-12",
            "OrderShipped",
            "2024-04-02T00:00:00Z",
            r#"{"note":"J\u002e Moreau","due":"2024-05-01T10:00:00Z"}"#,
        ),
        record("order-12", "Noted", "", "no json"),
        record("payment-1", "Refunded", "2024-04-03T00:00:00Z", ""),
    ];
    records[2].metadata = r#"{"headers":{"tenant":"EU-west"}}"#.to_owned();
    Arc::new(Folder::new(history(&records), Arc::new(Merge)))
}

fn context() -> Context {
    let now = Timestamp::parse("2024-04-02T12:00:00Z").unwrap().time;
    let mut context = Context::at(now, Zone::Utc);
    context.marks.playhead = Some(Position(2));
    context.marks.a = Some((Position(1), Position(1)));
    context.marks.b = Some((Position(3), Position(3)));
    context
}

fn found(text: &str) -> Vec<u32> {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let search = Search::new(&filter, &shop(), &context());
    let search = search.unwrap_or_else(|error| panic!("{text}: {error}"));
    search.positions(&never).unwrap()
}

#[track_caller]
fn finds(text: &str, expected: &[u32]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn columns_alone_answer_names_places_and_times() {
    finds("", &[0, 1, 2, 3, 4, 5, 6]);
    finds("type:Order* -type:OrderPlaced", &[4]);
    finds("TYPE:order*,refunded", &[0, 1, 4, 6]);
    finds("stream:order-12 not type:noted", &[0, 1, 2, 4]);
    finds("stream=order-12", &[0, 4, 5]);
    finds("stream!=order-12,order-1220", &[3, 6]);
    finds("category:payment after:2024-04-02 before:2024-05-01", &[6]);
    finds("at:2024-04-01", &[3]);
    finds("at:2024-03-02..2024-03-03T08:00", &[1, 2]);
    finds("at:today or at:-12h", &[4]);
    finds("at:A..B", &[1, 2, 3]);
    finds("pos:2..3 or pos>=6 or pos:playhead", &[2, 3, 6]);
    finds("v:1..2 stream:order", &[2, 4, 5]);
    finds("is:past", &[0, 1, 2]);
    finds("is:future is:last", &[5, 6]);
    finds("(is:first or is:last) -category:payment", &[0, 1, 2, 5]);
    finds("type~\"^order.*ed$\"", &[0, 1, 4]);
}

#[test]
fn payloads_are_compared_exactly() {
    finds("data.total>100", &[0]);
    finds("data.total<=90 data.total>=-10", &[1, 2]);
    finds("data.total:-10..150", &[0, 1, 2]);
    finds("data.total=150", &[0]);
    finds("data.total=\"150.00\"", &[0]);
    finds("data.total!=90", &[0, 2]);
    finds("data.amount=12345678901234567890.1", &[3]);
    finds("data.amount>12345678901234567890.0999", &[3]);
    finds("data.amount>12345678901234567890.1", &[]);
    finds("data.lines[*].price>500", &[1]);
    finds("data.lines[1].price>500", &[]);
    finds("data.lines.length=2", &[1]);
    finds("data.code:a", &[0]);
    finds("data.code=a", &[]);
    finds("has:data.note -has:data.due", &[2]);
    finds("data.due:2024-05-01", &[4]);
    finds("data.due>2024-05-01", &[]);
    finds("meta.headers.tenant~\"^eu-\"", &[2]);
    finds("size:0", &[6]);
    finds("is:unreadable", &[5]);
}

#[test]
fn free_text_is_found_whatever_its_case_and_its_escapes() {
    finds("\"j. moreau\"", &[2, 4]);
    finds("moreau -shipped", &[2]);
    finds("PAYMENT", &[3, 6]);
    finds("eu-west", &[2]);
    finds("json", &[5]);
    finds("m?reau", &[2, 4]);
}

#[test]
fn states_are_asked_after_and_before_an_event() {
    finds("state.total<0 prev.total>=0", &[2]);
    finds("state.code=A", &[0, 4, 5]);
    finds("-has:prev.total has:state.total", &[0, 1]);
    finds("state.total<0 or type:Refunded", &[2, 6]);
    finds("state.total>0 data.note~more", &[4]);
}

#[test]
fn what_cannot_be_read_is_said_in_one_sentence_with_its_place() {
    #[track_caller]
    fn wrong(text: &str, part: &str, said: &str) {
        let read = Filter::parse(text).and_then(|filter| {
            check_names(&filter, shop().history(), &context())?;
            Search::new(&filter, &shop(), &context()).map(|_| ())
        });
        let error = read.unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), &text[error.span.0.clone()]),
            (said, part)
        );
    }
    wrong(
        "data.total>abc",
        "abc",
        "total holds numbers here, abc is text",
    );
    wrong(
        "data.code>abc",
        "abc",
        "> compares numbers and times, abc is text",
    );
    wrong("typ:Order*", "typ", "No such word: typ. Did you mean type?");
    wrong(
        "stream:order-99999999",
        "order-99999999",
        "No stream starts with order-99999999",
    );
    wrong(
        "type:OrderPlacd",
        "OrderPlacd",
        "No type is named OrderPlacd. Did you mean OrderPlaced?",
    );
    wrong("(type:A", "(", "A closing parenthesis is missing");
    wrong(
        "type:A)",
        ")",
        "This closing parenthesis has no opening one",
    );
    wrong("()", "()", "There is nothing between the parentheses");
    wrong(
        "a or",
        "or",
        "or needs something on both sides; to search for it, put it in quotes",
    );
    wrong("is:pst", "pst", "No such word: pst. Did you mean past?");
    wrong("\"open", "\"open", "A closing quote is missing");
    wrong("type:", ":", "type: needs a value after it");
    wrong("v:x", "x", "v holds whole numbers, x is none");
    wrong("after:soon", "soon", "after holds times, soon is none");
    wrong(
        "type>A",
        "type",
        "type holds names, and names have no order",
    );
    wrong(
        "data.a~\"(\"",
        "\"(\"",
        "This is no regular expression: unclosed group",
    );
    wrong("data.total=>5", "=>", "=> is no comparison");
    wrong("pos:..", "..", "A range needs at least one end");
    wrong(
        "data.total>1..2",
        "1..2",
        "A range goes with : and not with >",
    );
    wrong("data..a:1", "..a", "A step of this path has no name");
    wrong("a, b", ",", "A comma stands only between values");
}

#[test]
fn parentheses_and_lengths_have_limits() {
    let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(2000));
    assert!(Filter::parse(&deep).is_err());
    let nots = format!("{}a", "-".repeat(8000));
    assert!(Filter::parse(&nots).is_ok());
    assert!(Filter::parse(&"a ".repeat(2000)).is_err());
    assert!(Filter::parse(&"a".repeat(100_000)).is_err());
    assert!(Question::parse(&format!("a{} < 1", ".b".repeat(3000))).is_err());
}

#[test]
fn questions_are_read_as_the_manual_writes_them() {
    let printed = |text: &str| Question::parse(text).map(|question| question.to_string());
    for (text, expected) in [
        ("balance < 0", "balance < 0"),
        ("balance become < 0", "balance < 0"),
        ("status is = \"Shipped\"", "status = \"Shipped\""),
        ("status becomes Shipped", "status = Shipped"),
        ("discounts.length > 1", "discounts.length > 1"),
        ("shipment appears", "shipment appears"),
        ("total changes by > 40", "total changes by > 40"),
        ("total changes in everything", "total changes in everything"),
        (
            "stock.onHand reaches min in inventory",
            "stock.onHand reaches min in \"inventory\"",
        ),
        ("state.balance<0", "balance < 0"),
        ("\"a b\".c:x*,y", "\"a b\".c : x*,y"),
    ] {
        assert_eq!(printed(text).as_deref(), Ok(expected), "{text}");
    }
    for (text, said) in [
        (
            "balance",
            "What of balance? Write < 0, changes, appears, disappears or reaches max",
        ),
        (
            "balance chnges",
            "No such word: chnges. Did you mean changes?",
        ),
        ("balance <", "balance< needs a value after it"),
        ("balance reaches", "reaches needs max or min after it"),
        (
            "balance changes by > x",
            "changes by compares with one number",
        ),
        ("balance < 0 soon", "soon is not read here"),
        ("< 0", "A question begins with a field: balance < 0"),
    ] {
        assert_eq!(printed(text).unwrap_err().to_string(), said, "{text}");
    }
}

/// Merges like [`Merge`], but is not known to: its states are replayed.
struct Replayed;

impl Reducer for Replayed {
    fn name(&self) -> &'static str {
        "replayed"
    }

    fn is_application_state(&self) -> bool {
        false
    }

    fn start(&self, category: &str) -> Json {
        Merge.start(category)
    }

    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        Merge.apply(state, event)
    }
}

fn when(records: &[Record], reducer: Arc<dyn Reducer>, question: &str) -> Vec<(u32, Option<u32>)> {
    let folder = Folder::new(history(records), reducer);
    let question = Question::parse(question).unwrap();
    let mut watch = Watch {
        cancel: &never,
        partly: &mut |_, _| {},
    };
    let found = ask_when(&question, &folder, Over::Everything, &context(), &mut watch);
    let stretches = found.unwrap().unwrap().stretches;
    let pair = |stretch: &Stretch| (stretch.from.0, stretch.to.map(|to| to.0));
    stretches.iter().map(pair).collect()
}

#[test]
fn stretches_of_one_event_are_found_and_each_change_is_one() {
    let values = ["1", "5", "5", "2", "null", "\"7.0\"", "7"];
    let records: Vec<Record> = values
        .iter()
        .map(|value| record("a-1", "Set", "", &format!("{{\"x\":{value}}}")))
        .collect();
    let when = |question: &str| when(&records, Arc::new(Merge), question);
    assert_eq!(when("x > 4"), [(1, Some(3)), (5, None)]);
    assert_eq!(
        when("x changes"),
        [
            (1, Some(2)),
            (3, Some(4)),
            (4, Some(5)),
            (5, Some(6)),
            (6, None)
        ]
    );
    assert_eq!(when("x changes by >= 4"), [(1, Some(2))]);
    assert_eq!(when("x appears"), [(0, None)]);
    assert_eq!(when("x disappears"), []);
    assert_eq!(when("x reaches max"), [(5, None)]);
    assert_eq!(when("x reaches min"), [(0, Some(1))]);
    assert_eq!(when("x != 5"), [(0, Some(1)), (3, None)]);
    assert_eq!(when("y appears"), []);
}

/// What the manual says of a question, without any cleverness: fold each stream, look at each state.
fn naive(
    records: &[Record],
    holds: &dyn Fn(Option<&Json>, Option<&Json>) -> bool,
) -> Vec<(u32, Option<u32>)> {
    let mut found = Vec::new();
    let mut streams: Vec<&str> = records.iter().map(|record| &*record.stream).collect();
    streams.sort_unstable();
    streams.dedup();
    for stream in streams {
        let (mut state, mut since, mut is_unknown) = (parse(b"{}").unwrap(), None, false);
        for (at, record) in (0_u32..)
            .zip(records)
            .filter(|(_, record)| record.stream == stream)
        {
            let before = state.as_object().unwrap().get("x").cloned();
            let data = parse(record.data.as_bytes()).ok();
            if let (Json::Object(state), Some(Json::Object(data)), false) =
                (&mut state, data, record.is_unreadable)
            {
                is_unknown &= data.get("x").is_none();
                for (key, value) in data {
                    state.insert(&key, value);
                }
            }
            is_unknown |= may_set_x(records, record);
            let now = state.as_object().unwrap().get("x");
            let holds = !is_unknown && holds(now, before.as_ref());
            match (since, holds) {
                (None, true) => since = Some(at),
                (Some(from), false) => {
                    found.push((from, Some(at)));
                    since = None;
                }
                _ => {}
            }
        }
        found.extend(since.map(|from| (from, None)));
    }
    found.sort_unstable();
    found
}

fn is_known(record: &Record) -> bool {
    !record.is_unreadable && !record.data.is_empty()
}

/// Whether nobody knows what an event did to `x`: its payload cannot be had, and events like it set `x`
/// or never said what they set.
fn may_set_x(records: &[Record], record: &Record) -> bool {
    if is_known(record) {
        return false;
    }
    let category = |record: &Record| record.stream.split('-').next().map(str::to_owned);
    let alike = records.iter().filter(|other| {
        other.event_type == record.event_type && category(other) == category(record)
    });
    let (mut names_x, mut names_any) = (false, false);
    for other in alike.take(32).filter(|other| !other.is_unreadable) {
        if let Ok(Json::Object(data)) = parse(other.data.as_bytes()) {
            names_any |= !data.is_empty();
            names_x |= data.get("x").is_some();
        }
    }
    names_x || !names_any && record.is_unreadable
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (-3..4_i32).prop_map(|n| format!("{{\"x\":{n}}}")),
        (-3..4_i32).prop_map(|n| format!("{{\"y\":1,\"x\":\"{n}.50\"}}")),
        Just("{\"x\":null}".to_owned()),
        Just("{\"x\":{\"a\":1}}".to_owned()),
        Just("{\"\\u0078\":2}".to_owned()),
        Just("{\"y\":\"x\"}".to_owned()),
        Just("{\"x\":1,\"x\":3}".to_owned()),
        Just("[1]".to_owned()),
        Just(String::new()),
    ]
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0..4_u8, value(), 0..12_u8, "[AB]").prop_map(|(stream, data, luck, kind)| Record {
        stream: format!("{}-{stream}", if stream < 2 { "a" } else { "b" }),
        event_type: kind,
        data,
        is_unreadable: luck == 0,
        ..Record::default()
    });
    prop::collection::vec(one, 1..40)
}

fn literal() -> impl Strategy<Value = Literal> {
    let word = "[a-zA-Z0-9*?äß_/+-]{1,8}".prop_map(|text| (text, false));
    let quoted = "\\PC{0,8}".prop_map(|text| (text, true));
    prop_oneof![word, quoted].prop_map(|(text, quoted)| Literal {
        text,
        quoted,
        span: Span::default(),
    })
}

fn path() -> impl Strategy<Value = Path> {
    let step = prop_oneof![
        "\\PC{1,6}".prop_map(PathStep::Name),
        (0..20_usize).prop_map(PathStep::Index),
        Just(PathStep::Each),
    ];
    let root = prop::sample::select(vec![Root::Data, Root::Meta, Root::State, Root::Prev]);
    (root, prop::collection::vec(step, 1..4)).prop_map(|(root, steps)| Path {
        root: Some(root),
        steps,
    })
}

fn clause() -> impl Strategy<Value = Expr> {
    let key = prop_oneof![
        prop::sample::select(Key::WORDS.map(|(_, key)| key).to_vec()),
        path().prop_map(Key::Path),
    ];
    let op = prop::sample::select(Op::ALL.map(|(_, op)| op).to_vec());
    let value = (literal(), prop::option::of(prop::option::of(literal()))).prop_map(
        |(first, to)| match to {
            None => Value::One(first),
            Some(to) => Value::Range(Some(first), to),
        },
    );
    (key, op, prop::collection::vec(value, 1..3)).prop_map(|(key, op, mut values)| {
        if op.is_order() || op == Op::Matches {
            for value in &mut values {
                if let Value::Range(Some(first), _) = value {
                    *value = Value::One(first.clone());
                }
            }
        }
        Expr::Clause(Clause {
            key,
            key_span: Span::default(),
            op,
            values,
        })
    })
}

fn expr() -> impl Strategy<Value = Expr> {
    let is_word = |text: &str| !["and", "or", "not"].contains(&text.to_lowercase().as_str());
    let text = literal().prop_filter("a word of the language", move |literal| {
        literal.quoted || (is_word(&literal.text) && !literal.text.starts_with('-'))
    });
    let leaf = prop_oneof![
        4 => clause(),
        1 => path().prop_map(|path| Expr::Has(path, Span::default())),
        1 => prop::sample::select(Flag::WORDS.map(|(_, flag)| flag).to_vec())
            .prop_map(|flag| Expr::Is(flag, Span::default())),
        1 => text.prop_map(Expr::Text),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            some.clone().prop_map(Expr::And),
            some.prop_map(Expr::Or),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

/// Ands in ands and ors in ors are one.
fn flat(expr: Expr) -> Expr {
    let parts = |parts: Vec<Expr>| parts.into_iter().map(flat);
    match expr {
        Expr::And(inner) => Expr::And(
            parts(inner)
                .flat_map(|part| {
                    if let Expr::And(inner) = part {
                        inner
                    } else {
                        vec![part]
                    }
                })
                .collect(),
        ),
        Expr::Or(inner) => Expr::Or(
            parts(inner)
                .flat_map(|part| {
                    if let Expr::Or(inner) = part {
                        inner
                    } else {
                        vec![part]
                    }
                })
                .collect(),
        ),
        Expr::Not(inner) => Expr::Not(Box::new(flat(*inner))),
        leaf => leaf,
    }
}

fn number(value: Option<&Json>) -> Option<Decimal> {
    value?.as_decimal()
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(expr in expr()) {
        let filter = Filter { expr: Some(flat(expr)) };
        let text = filter.to_string();
        prop_assert_eq!(Filter::parse(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn a_clause_added_to_a_filter_narrows_it_and_taken_out_leaves_what_was(expr in expr(), clause in clause()) {
        let filter = Filter { expr: Some(flat(expr)) };
        let (text, added) = (filter.to_string(), clause.to_string());
        let says = |text: &str| Filter::parse(text).unwrap().expr;
        let not = Expr::Not(Box::new(says(&added).unwrap()));
        let is_term = |term: &Expr| match says(&text) {
            Some(Expr::And(terms)) => terms.contains(term),
            whole => whole.as_ref() == Some(term),
        };
        prop_assume!(!is_term(&not));
        let with = annals::query::with_clause(&text, &added);
        prop_assert!(annals::query::has_clause(&with, &added), "{}", with);
        prop_assert_eq!(&annals::query::with_clause(&with, &added), &with);
        if annals::query::has_clause(&text, &added) {
            prop_assert_eq!(with, text);
        } else {
            let both = Expr::And(vec![says(&text).unwrap(), says(&added).unwrap()]);
            prop_assert_eq!(says(&with), Some(flat(both)), "{}", with);
            let without = annals::query::without_clause(&with, &added);
            prop_assert_eq!(says(&without), says(&text), "{}", without);
        }
    }

    #[test]
    fn a_clause_on_a_name_is_read_as_exactly_this_name(name in "\\PC{0,12}|[a-z0-9.\"\\\\*? ,()-]{0,8}") {
        let text = annals::query::clause("type", &name);
        let read = Filter::parse(&text).unwrap().expr;
        let Some(Expr::Clause(Clause { key: Key::Type, op: Op::Equal, values, .. })) = read else {
            panic!("{text}");
        };
        let [Value::One(literal)] = values.as_slice() else {
            panic!("{text}");
        };
        prop_assert_eq!(&literal.text, &name);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,40}|[a-z():=<>~,\" .*\\[\\]-]{0,40}", cursor in 0..60_usize) {
        let shop = shop();
        let log = &shop.history().log;
        for is_question in [false, true] {
            let mut end = 0;
            for (range, _) in annals::query::words(&text, is_question) {
                prop_assert_eq!(range.start, end);
                end = range.end;
            }
            prop_assert_eq!(end, text.len());
            annals::query::complete(&text, cursor, log, &["total".to_owned()], is_question);
        }
        if let Err(error) = Question::parse(&text) {
            prop_assert!(text.get(error.span.0).is_some());
        }
        match Filter::parse(&text) {
            Err(error) => prop_assert!(text.get(error.span.0).is_some()),
            Ok(filter) => prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter)),
        }
    }

    #[test]
    fn when_equals_a_naive_scan(records in records(), limit in -3..4_i32) {
        let limit_number = Decimal::parse(&limit.to_string()).unwrap();
        type Holds = Box<dyn Fn(Option<&Json>, Option<&Json>) -> bool>;
        let asked: [(String, Holds); 3] = [
            (format!("x < {limit}"), Box::new(move |now, _| number(now).is_some_and(|now| now < limit_number))),
            (format!("x != {limit}"), Box::new(move |now, _| now.is_some() && number(now) != Some(limit_number))),
            ("x appears".to_owned(), Box::new(|now, _| now.is_some())),
        ];
        for (question, holds) in &asked {
            let expected = naive(&records, &**holds);
            prop_assert_eq!(&when(&records, Arc::new(Merge), question), &expected, "{}", question);
        }
        // With rules, an event that could not be taken in changes nothing.
        let records: Vec<Record> = records.into_iter().filter(is_known).collect();
        for (question, holds) in asked {
            let expected = naive(&records, &*holds);
            prop_assert_eq!(&when(&records, Arc::new(Replayed), &question), &expected, "{}", question);
        }
        for question in ["x changes", "x changes by > 1", "x reaches max", "x reaches min", "x.a = 1", "x.length > 3", "x disappears"] {
            let quick = when(&records, Arc::new(Merge), question);
            prop_assert_eq!(quick, when(&records, Arc::new(Replayed), question), "{}", question);
        }
    }

    #[test]
    fn a_search_equals_asking_each_event(records in records(), limit in -3..4_i32) {
        let folder = Arc::new(Folder::new(history(&records), Arc::new(Merge)));
        let search = |text: &str| {
            let filter = Filter::parse(text).unwrap();
            Search::new(&filter, &folder, &context()).unwrap().positions(&never).unwrap()
        };
        let limit_number = Decimal::parse(&limit.to_string()).unwrap();
        let x = |record: &Record| {
            let data = parse(record.data.as_bytes()).ok().filter(|_| !record.is_unreadable);
            number(data?.as_object()?.get("x"))
        };
        let naive = |holds: &dyn Fn(&Record) -> bool| -> Vec<u32> {
            let positions = (0_u32..).zip(&records);
            positions.filter(|(_, record)| holds(record)).map(|(at, _)| at).collect()
        };
        let above = |record: &Record| x(record).is_some_and(|x| x > limit_number);
        let is_a = |record: &Record| record.event_type == "A";
        let in_b = |record: &Record| record.stream.starts_with('b');
        prop_assert_eq!(search(&format!("data.x>{limit}")), naive(&above));
        prop_assert_eq!(search(&format!("type:a -data.x>{limit}")), naive(&|r| is_a(r) && !above(r)));
        prop_assert_eq!(search(&format!("data.x>{limit} or category:b")), naive(&|r| above(r) || in_b(r)));
        prop_assert_eq!(search(&format!("-(type:a or data.x>{limit}) stream:b")), naive(&|r| !is_a(r) && !above(r) && in_b(r)));
        let all = search("");
        // A question does not say of what may have been set that it is so; a filter asks the state.
        let known: Vec<Record> = records.iter().filter(|one| is_known(one)).cloned().collect();
        let replayed = Arc::new(Folder::new(history(&known), Arc::new(Merge)));
        let filter = Filter::parse("state.x>0 -prev.x>0").unwrap();
        let found = Search::new(&filter, &replayed, &context()).unwrap().positions(&never).unwrap();
        let after: Vec<u32> = when(&known, Arc::new(Replayed), "x > 0").iter().map(|(from, _)| *from).collect();
        prop_assert_eq!(found, after);
        let both = [search("state.x>0"), search("-state.x>0")].concat();
        prop_assert_eq!(both.len(), all.len());
    }
}

#[test]
fn with_rules_what_an_unreadable_payload_may_have_set_is_neither_so_nor_not_so() {
    let rules = Rules::parse(
        "rules.toml",
        "[category.order.on]\nSet = ['set x to data.x']\nNote = ['set note to data.note']\n",
    )
    .unwrap();
    let record = |event_type: &str, data: &str| Record {
        event_type: event_type.to_owned(),
        data: data.to_owned(),
        is_unreadable: data.is_empty(),
        ..Record::default()
    };
    let records = [
        record("Set", r#"{"x":-1}"#),
        record("Set", ""),
        record("Note", r#"{"note":"a"}"#),
        record("Set", r#"{"x":-2}"#),
        record("Note", ""),
        record("Set", r#"{"x":3}"#),
    ];
    let folder = Folder::new(history(&records), Arc::new(rules));
    let found = |text: &str| {
        let question = Question::parse(text).unwrap();
        let mut watch = Watch {
            cancel: &|| false,
            partly: &mut |_, _| {},
        };
        let context = context();
        let found = ask_when(&question, &folder, Over::Everything, &context, &mut watch);
        let found = found.unwrap().unwrap();
        let ends = |one: &Stretch| (one.from.0, one.to.map(|to| to.0));
        found.stretches.iter().map(ends).collect::<Vec<_>>()
    };
    // Not known after #1 until #3; that of a note may have been anything, but not x.
    assert_eq!(found("x < 0"), [(0, Some(1)), (3, Some(5))]);
    assert_eq!(found("note appears"), [(2, Some(4))]);
}
