//! Rules in the projection language: what a script may say, what it leaves as state, and what stops it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;
use std::time::{Duration, Instant};

use annals::event::{StreamId, Want};
use annals::fold::{Folder, Reducer as _, State};
use annals::script::{Phase, ScriptRules};
use history::{Record, history};

fn never() -> bool {
    false
}

fn record(event_type: &str, data: &str) -> Record {
    Record {
        event_type: event_type.to_owned(),
        data: data.to_owned(),
        time: "2024-05-06T07:08:09.123456Z".to_owned(),
        metadata: r#"{"user":"ann"}"#.to_owned(),
        ..Record::default()
    }
}

fn folder(script: &str, records: &[Record]) -> (Folder, StreamId) {
    let rules = ScriptRules::parse("shop.js", script).unwrap();
    let folder = Folder::new(history(records), Arc::new(rules));
    let stream = folder.history().log.find_stream("order-1", None).unwrap();
    (folder, stream)
}

/// The state of `order-1` after these events.
fn folded(when: &str, events: &[(&str, &str)]) -> State {
    let script = format!("fromAll().foreachStream().when({{ {when} }})");
    let records: Vec<Record> = events
        .iter()
        .map(|(name, data)| record(name, data))
        .collect();
    let (folder, stream) = folder(&script, &records);
    folder.state_at_end(stream, &never).unwrap()
}

#[track_caller]
fn gives(when: &str, events: &[(&str, &str)], expected: &str) {
    let state = folded(when, events);
    assert_eq!(state.failures, []);
    assert_eq!(state.value.to_string(), expected);
}

#[track_caller]
fn fails(when: &str, events: &[(&str, &str)], reason: &str) {
    let state = folded(when, events);
    let found = state.failures.first().map(|(_, reason)| reason.clone());
    let found = found.unwrap_or_else(|| panic!("it gave {}", state.value));
    assert!(found.contains(reason), "{found}");
    assert!(state.stopped_at.is_some());
}

#[track_caller]
fn refused(script: &str, phase: Phase, line: Option<u32>, message: &str) {
    let error = ScriptRules::parse("shop.js", script).unwrap_err();
    assert_eq!((error.phase, error.line), (phase, line), "{error}");
    assert!(error.message.contains(message), "{error}");
}

#[test]
fn handlers_change_or_replace_the_state_and_types_without_one_do_not_apply() {
    let when = "$init: () => ({ n: 0, seen: [] }),
      A: (s, e) => { s.n += e.data.by; },
      B: function (s, e) { return { ...s, seen: [...s.seen, e.body.name] }; }";
    let events = [
        ("A", r#"{"by":2}"#),
        ("X", "{}"),
        ("B", r#"{"name":"é"}"#),
        ("A", r#"{"by":-5}"#),
    ];
    gives(when, &events, r#"{"n":-3,"seen":["é"]}"#);
    let state = folded(when, &events);
    assert_eq!((state.events_applied, state.not_applied), (3, 1));
    assert_eq!(&*state.label, "shop.js");
    gives(
        "$any: (s, e) => { s[e.eventType] = (s[e.eventType] || 0) + 1; }",
        &events,
        r#"{"A":2,"X":1,"B":1}"#,
    );
}

#[test]
fn a_new_stream_is_begun_by_init_and_created_once() {
    let when = "$init: () => ({ log: ['init'] }), $created: (s, e) => { s.log.push('created by ' + e.eventType + e.category); return 5; },
      A: (s, e) => { s.log.push('A'); }";
    gives(
        when,
        &[("X", "{}"), ("A", "{}"), ("A", "{}")],
        r#"{"log":["init","created by A","A","A"]}"#,
    );
    gives(
        "A: s => { s.keys = Object.keys(s).length; }",
        &[("A", "{}")],
        r#"{"keys":0}"#,
    );
    // Before its first event that has a handler a stream is as $init says.
    gives(when, &[("X", "{}")], r#"{"log":["init"]}"#);
    gives(
        "$init: () => ({ n: 0 }), A: (s, e) => e.data",
        &[("A", "null"), ("A", r#"{"n":7}"#)],
        r#"{"n":7}"#,
    );
}

#[test]
fn an_event_shows_its_fields_and_none_can_be_written() {
    let when = "A: (s, e) => ({ id: e.streamId, n: e.sequenceNumber, t: e.eventType, j: e.isJson, same: e.body === e.data, b: e.bodyRaw,
      m: e.metadata, r: e.metadataRaw, l: [e.linkMetadata, e.linkMetadataRaw], p: e.partition, c: e.category, at: e.created })";
    gives(
        when,
        &[("A", r#"{"v": 1}"#)],
        concat!(
            r#"{"id":"order-1","n":0,"t":"A","j":true,"same":true,"b":"{\"v\": 1}","m":{"user":"ann"},"r":"{\"user\":\"ann\"}","#,
            r#""l":[null,null],"p":"order-1","c":null,"at":"2024-05-06T07:08:09.1234560Z"}"#
        ),
    );
    gives(
        "A: (s, e) => { e.streamId = 'x'; e.body.v++; s.got = [e.streamId, e.data.v, e.bodyRaw]; }",
        &[("A", r#"{"v":1}"#)],
        r#"{"got":["order-1",2,"{\"v\":1}"]}"#,
    );
    fails(
        "A: function (s, e) { 'use strict'; e.eventType = 'B'; }",
        &[("A", "{}")],
        "eventType",
    );
    gives(
        "A: (s, e) => ({ j: e.isJson, d: e.data === undefined, b: e.bodyRaw })",
        &[("A", "no json")],
        r#"{"j":false,"d":true,"b":"no json"}"#,
    );
    gives(
        "A: (s, e) => ({ keys: Object.keys(e).length, d: e.data !== null, later: Object.keys(e).length })",
        &[("A", "{}")],
        r#"{"keys":11,"d":true,"later":12}"#,
    );
}

#[test]
fn what_of_an_event_was_not_read_is_read_when_a_script_finds_a_way_to_it() {
    let script = "fromAll().foreachStream().when({ A: (s, e) => { s.n = (s.n || 0) + 1; if (s.n > 3) s.by = e['meta' + 'data'].user; } })";
    let records: Vec<Record> = (0..300).map(|_| record("A", "{}")).collect();
    let (folder, stream) = folder(script, &records);
    assert_eq!(folder.reducer().wants(), Want::Data);
    let state = folder.state_at_end(stream, &never).unwrap();
    assert_eq!(state.value.to_string(), r#"{"n":300,"by":"ann"}"#);
    assert_eq!(
        (state.events_applied, folder.reducer().wants()),
        (300, Want::Presented)
    );
    // An event kept as it is shows all that it has.
    let state = folded("A: (s, e) => { s.last = e; }", &[("A", r#"{"v":1}"#)]);
    let last = state.value.to_string();
    for part in [
        r#""data":{"v":1}"#,
        r#""metadata":{"user":"ann"}"#,
        r#""metadataRaw""#,
    ] {
        assert!(last.contains(part), "{last}");
    }
}

#[test]
fn states_are_json_as_the_server_writes_it() {
    let when = "A: () => ({ gone: undefined, kept: null, list: [1, undefined, , 'x'], big: 20000000000000000000n, text: 'a \"q\" \\u20ac',
      nan: NaN, zero: -0, d: new Date(0), m: new Map([[1, 2]]), r: /x/g, tiny: 1e-7, sum: 0.1 + 0.2, huge: 1e21, odd: 'x\\ud800' })";
    gives(
        when,
        &[("A", "{}")],
        concat!(
            r#"{"kept":null,"list":[1,null,null,"x"],"big":"20000000000000000000","text":"a \"q\" €","nan":null,"zero":0,"#,
            r#""d":{},"m":{},"r":{"lastIndex":0},"tiny":1e-7,"sum":0.30000000000000004,"huge":1e+21,"odd":"x\\ud800"}"#
        ),
    );
    gives(
        "A: (s, e) => e.data",
        &[(
            "A",
            r#"{"b":1,"a":[{}],"__proto__":{"x":1},"n":12345678901234567890}"#,
        )],
        r#"{"b":1,"a":[{}],"__proto__":{"x":1},"n":12345678901234567000}"#,
    );
    gives("A: () => 'text'", &[("A", "{}")], r#""text""#);
    fails("A: s => { s.me = s; }", &[("A", "{}")], "holds itself");
    fails(
        "A: s => ({ f: function () {} })",
        &[("A", "{}")],
        "holds itself",
    );
    fails("A: s => ({ x: Symbol('x') })", &[("A", "{}")], "a symbol");
    fails(
        "A: s => ({ get x() { return 1; } })",
        &[("A", "{}")],
        "a getter",
    );
    fails(
        "A: s => { s.x = 'y'.repeat(20000000); }",
        &[("A", "{}")],
        "16 MiB",
    );
}

#[test]
fn a_rule_that_throws_stops_only_its_stream_and_says_where() {
    let script = "fromAll().foreachStream().when({\n  A: (s, e) => {\n    s.n = (s.n || 0) + 1;\n    if (e.data.bad) throw new Error('bad value ' + e.data.bad);\n  }\n})";
    let mut records = vec![
        record("A", "{}"),
        record("A", r#"{"bad":13}"#),
        record("A", "{}"),
        record("A", "{}"),
    ];
    records.push(Record {
        stream: "order-2".to_owned(),
        ..record("A", "{}")
    });
    let (folder, stream) = folder(script, &records);
    let state = folder.state_at_end(stream, &never).unwrap();
    assert_eq!(state.value.to_string(), r#"{"n":1}"#);
    assert_eq!((state.events_applied, state.not_applied), (1, 3));
    let said: Vec<&str> = state.failures.iter().map(|(_, reason)| &**reason).collect();
    assert_eq!(
        said,
        [
            "bad value 13 (line 4)",
            "stopped at #1: bad value 13 (line 4)"
        ]
    );
    let other = folder.history().log.find_stream("order-2", None).unwrap();
    let other = folder.state_at_end(other, &never).unwrap();
    assert_eq!(
        (other.value.to_string().as_str(), other.failures.len()),
        (r#"{"n":1}"#, 0)
    );
    fails("A: () => { throw 'a text'; }", &[("A", "{}")], "a text");
    fails(
        "A: () => { throw { toString() { throw 1; } }; }",
        &[("A", "{}")],
        "no text",
    );
    fails("A: s => s.missing.field", &[("A", "{}")], "(line 1)");
}

#[test]
fn what_never_ends_is_stopped() {
    let start = Instant::now();
    let too_long = "took longer than 250 ms";
    fails("A: () => { for (;;) {} }", &[("A", "{}")], too_long);
    fails(
        "A: () => { try { for (;;) {} } catch { return 1; } finally { for (;;) {} } }",
        &[("A", "{}")],
        too_long,
    );
    fails(
        "A: () => /^(a+)+$/.test('a'.repeat(40) + 'b')",
        &[("A", "{}")],
        too_long,
    );
    fails(
        "A: () => { try { /^(a+)+$/.test('a'.repeat(40) + 'b'); } catch {} return 1; }",
        &[("A", "{}")],
        too_long,
    );
    fails(
        "A: () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
        &[("A", "{}")],
        too_long,
    );
    fails(
        "A: () => { new Array(4294967295).forEach(() => 0); }",
        &[("A", "{}")],
        too_long,
    );
    fails(
        "A: () => [...function* () { for (;;) yield 1; }()]",
        &[("A", "{}")],
        "",
    );
    fails(
        "A: s => { const f = () => f(); f(); }",
        &[("A", "{}")],
        "stack",
    );
    fails(
        "A: s => { let x = []; for (;;) x.push('y'.repeat(1e6) + x.length); }",
        &[("A", "{}")],
        "",
    );
    refused(
        "for (;;) {}",
        Phase::Compile,
        None,
        "took longer than 500 ms",
    );
    assert!(
        start.elapsed() < Duration::from_mins(1),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn code_is_not_made_of_text_and_nothing_outside_is_reached() {
    for code in [
        "eval('1')",
        "Function('return 1')()",
        "new Function('return 1')()",
        "(() => {}).constructor('return 1')()",
        "(function* () {}).constructor('yield 1')()",
        "(async () => {}).constructor('return 1')()",
        "Reflect.construct((() => {}).constructor, ['return 1'])()",
    ] {
        let when = format!("A: () => {code}");
        let state = folded(&when, &[("A", "{}")]);
        assert!(state.stopped_at.is_some(), "{code} gave {}", state.value);
    }
    for name in [
        "eval",
        "setTimeout",
        "require",
        "process",
        "fetch",
        "console",
        "WeakRef",
        "Atomics",
        "performance",
        "std",
        "os",
        "fromAll",
        "fromStream",
        "options",
        "on_event",
        "on_any",
        "queueMicrotask",
        "navigator",
        "print",
        "gc",
    ] {
        gives(
            &format!("A: () => typeof {name}"),
            &[("A", "{}")],
            r#""undefined""#,
        );
    }
    gives(
        "A: () => [typeof emit, typeof linkTo, typeof linkStreamTo, typeof copyTo, typeof log, (() => 1) instanceof Function]",
        &[("A", "{}")],
        r#"["function","function","function","function","function",true]"#,
    );
    gives(
        "A: (s, e) => { emit('x', 'Y', {}); linkTo('x', e); log('z'); s.done = true; }",
        &[("A", "{}")],
        r#"{"done":true}"#,
    );
    gives(
        "A: (s, e) => { import('x').catch(() => { s.x = 1; }); return s; }",
        &[("A", "{}")],
        "{}",
    );
}

#[test]
fn the_time_is_that_of_the_event_and_chance_depends_on_it_alone() {
    gives(
        "A: () => [Date.now(), new Date().toISOString(), new Date().getHours(), new Date(2024, 0, 1).toISOString(), Date()]",
        &[("A", "{}")],
        r#"[1714979289123,"2024-05-06T07:08:09.123Z",7,"2024-01-01T00:00:00.000Z","Mon May 06 2024 07:08:09 GMT+0000 (UTC)"]"#,
    );
    gives(
        "A: () => [new Date('2024-05-06T10:00:00').getTime(), new Date('2024-05-06T10:00:00+02:00').getTime(), new Date('2024-05-06').getTimezoneOffset(), new Date(5) instanceof Date, new Date(new Date(7)).getTime(), `${new Date(NaN)}`]",
        &[("A", "{}")],
        r#"[1714989600000,1714982400000,0,true,7,"Invalid Date"]"#,
    );
    let when = "A: (s, e) => { (s.r = s.r || []).push(Math.random(), Math.random()); }";
    let [one, other] = [(); 2].map(|()| folded(when, &[("A", "{}"), ("A", "{}")]));
    assert_eq!(one.value, other.value);
    let text = one.value.to_string();
    let numbers = text
        .trim_start_matches(r#"{"r":["#)
        .trim_end_matches("]}")
        .split(',');
    let mut numbers: Vec<f64> = numbers.map(|n| n.parse().unwrap()).collect();
    assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
    numbers.dedup();
    assert_eq!(numbers.len(), 4);
    let mut untimed = record("A", "{}");
    untimed.time = String::new();
    let (folder, stream) = folder(
        "fromAll().foreachStream().when({ A: (s, e) => [Date.now(), e.created] })",
        &[untimed],
    );
    assert_eq!(
        folder
            .state_at_end(stream, &never)
            .unwrap()
            .value
            .to_string(),
        "[null,null]"
    );
}

#[test]
fn checkpoints_change_nothing_whatever_a_script_keeps_in_its_state() {
    let scripts = [
        "fromAll().foreachStream().when({ $init: () => ({ n: 0, list: [] }), A: (s, e) => { s.n += e.data.n; s.list.push(e.sequenceNumber); if (s.list.length > 30) s.list.shift(); } })",
        // A date is a date until the state is read back from its text.
        "fromAll().foreachStream().when({ A: (s, e) => { s.n = (s.n || 0) + 1; if (!(s.d instanceof Date)) { s.d = new Date(s.n); s.made = (s.made || 0) + 1; } } })",
        "fromAll().foreachStream().when({ A: (s, e) => { if (e.sequenceNumber === 700) throw new Error('no'); s.n = (s.n || 0) + 1; } })",
        "fromAll().foreachStream().when({ A: (s, e) => e.sequenceNumber % 400 === 399 ? null : { n: ((s && s.n) || 0) + 1 }, $created: s => { s.n = 100; } })",
    ];
    let records: Vec<Record> = (0..1500)
        .map(|n| record("A", &format!(r#"{{"n":{n}}}"#)))
        .collect();
    let history = history(&records);
    for script in scripts {
        let rules = || Arc::new(ScriptRules::parse("shop.js", script).unwrap());
        let with = Folder::new(Arc::clone(&history), rules());
        let without = Folder::new(Arc::clone(&history), rules()).with_checkpoint_budget(0);
        let stream = with.history().log.find_stream("order-1", None).unwrap();
        with.state_at_end(stream, &never).unwrap();
        assert!(with.checkpoint_bytes() > 0);
        for rank in [
            0, 127, 128, 300, 511, 699, 700, 701, 798, 799, 800, 1_300, 1_499,
        ] {
            let expected = without.state_at(stream, rank, &never).unwrap();
            assert_eq!(
                with.state_at(stream, rank, &never).unwrap(),
                expected,
                "{script} at {rank}"
            );
        }
    }
}

#[test]
fn rules_about_a_category_leave_other_streams_alone() {
    let script =
        "fromCategory('order').foreachStream().when({ A: (s, e) => { s.c = e.category; } })";
    let other = Record {
        stream: "cart-1".to_owned(),
        ..record("A", "{}")
    };
    let (folder, stream) = folder(script, &[record("A", "{}"), other]);
    assert_eq!(
        folder
            .state_at_end(stream, &never)
            .unwrap()
            .value
            .to_string(),
        r#"{"c":"order"}"#
    );
    let cart = folder.history().log.find_stream("cart-1", None).unwrap();
    let state = folder.state_at_end(cart, &never).unwrap();
    assert_eq!(
        (state.value.to_string().as_str(), state.not_applied),
        ("{}", 1)
    );
}

#[test]
fn a_script_that_is_no_rules_is_refused_in_one_sentence() {
    let definition = |script, message| refused(script, Phase::Definition, None, message);
    definition(
        "fromAll().when({ A: s => s })",
        "write fromAll().foreachStream()",
    );
    definition(
        "fromStream('x').when({ A: s => s })",
        "write fromAll().foreachStream()",
    );
    definition(
        "fromAll().partitionBy(e => 'x').when({ A: s => s })",
        "write fromAll().foreachStream()",
    );
    definition(
        "fromAll().foreachStream().when({ $initShared: () => ({}), A: s => s })",
        "share no state",
    );
    definition(
        "fromAll().foreachStream().when({ A: s => s, $any: s => s })",
        "Both AllEvents and specific event filters cannot be set",
    );
    definition("1 + 1", "None of streams and categories are included");
    definition(
        "fromCategories('a', 'b').foreachStream().when({ A: s => s })",
        "foreachStream projections are not supported on stream based sources",
    );
    definition(
        "fromCategory('a'); fromCategory('b').foreachStream().when({})",
        "Specified method is not supported.",
    );
    definition(
        "fromAll().when({ $deleted: s => s })",
        "Deleted stream notifications are only supported with foreachStream()",
    );
    let compile = |script, line, message| refused(script, Phase::Compile, line, message);
    compile(
        "fromAll()\n  .when({\n    A: function ( { }\n  })",
        Some(4),
        "SyntaxError",
    );
    compile("fromStream(5)", Some(1), "stream");
    compile(
        "fromAll().outputState().when({})",
        Some(1),
        "not a function",
    );
    compile("\nemit('x', 'X', {}); fromAll().when({})", Some(2), "emit");
    compile(
        "options({ resultsStreamName: 'x' })",
        Some(1),
        "Unrecognized option: resultsStreamName",
    );
    compile("options({ biState: 1 })", Some(1), "Invalid value");
    compile(
        "fromAll(); on_event('A', s => s); on_event('A', s => s)",
        Some(1),
        "An item with the same key has already been added. Key: A",
    );
    compile(
        "options({ biState: true }); fromAll().foreachStream().when({ $deleted: s => s })",
        Some(1),
        "Cannot handle deletes in bi-state projections",
    );
    compile("throw 5", None, "5");
    ScriptRules::parse("ok.js", "function add(s) { s.n = 1; }\nfromAll().foreachStream().when({ A: add, B: 5, C: null, D: add.bind(null), E: Math.max })").unwrap();
}

#[test]
fn many_states_of_one_script_stand_beside_each_other() {
    let rules = ScriptRules::parse(
        "shop.js",
        "fromAll().foreachStream().when({ $init: () => ({ n: 0 }), A: s => { s.n++; } })",
    )
    .unwrap();
    let payload = annals::event::Payload::Json("{}".into());
    let event = annals::fold::FoldEvent {
        stream: "order-1",
        category: "order",
        event_type: "A",
        version: None,
        rank: 0,
        time: None,
        position: annals::event::Position(0),
        data: &payload,
        metadata: &payload,
        id: None,
        schema_version: None,
    };
    let start = rules.start("order");
    let mut states: Vec<_> = (0..2_000)
        .map(|_| rules.live(start.clone(), false))
        .collect();
    for (n, state) in states.iter_mut().enumerate() {
        for _ in 0..=n % 3 {
            assert_eq!(state.apply(&event), annals::fold::Applied::Yes);
        }
    }
    for (n, state) in states.iter_mut().enumerate() {
        assert_eq!(
            state.value().unwrap().to_string(),
            format!(r#"{{"n":{}}}"#, n % 3 + 1)
        );
    }
    let text = states[2].text().unwrap();
    let mut again = rules.live_from_text(&text, true).unwrap();
    again.apply(&event);
    assert_eq!(again.into_value().unwrap().to_string(), r#"{"n":4}"#);
}

#[test]
fn old_events_are_brought_into_the_shape_of_today_before_handlers_see_them() {
    let script = "const upcast = (e, version) => e.eventType === 'Old' ? { eventType: 'A', data: { by: e.data.amount } }
        : e.data.fails ? missing.field : version === undefined && e.data.by === undefined ? { data: { by: 100 } } : undefined;
      fromAll().foreachStream().when({ $init: () => ({ n: 0 }), A: (s, e) => { s.n += e.data.by; s.last = e.bodyRaw; } })";
    let records = [
        record("Old", r#"{"amount":2}"#),
        record("A", r#"{"by": 5}"#),
        record("A", "{}"),
        record("A", r#"{"fails":true}"#),
    ];
    let (folder, stream) = folder(script, &records);
    let state = folder.state_at(stream, 1, &never).unwrap();
    assert_eq!(state.value.to_string(), r#"{"n":7,"last":"{\"by\": 5}"}"#);
    let state = folder.state_at_end(stream, &never).unwrap();
    assert_eq!(
        state.value.to_string(),
        r#"{"n":107,"last":"{\"by\":100}"}"#
    );
    let (at, reason) = &state.failures[0];
    assert!(
        at.0 == 3 && reason.contains("missing") && reason.contains("(line 2)"),
        "{reason}"
    );
    let place = folder.history().log.place(annals::event::Position(0));
    let detail = folder
        .history()
        .reader
        .read_one(place, Want::Presented)
        .unwrap();
    let upcast = folder
        .upcast(annals::event::Position(0), &detail)
        .unwrap()
        .unwrap();
    assert_eq!(upcast.event_type.as_deref(), Some("A"));
    assert_eq!(upcast.data.json(), Some(r#"{"by":2}"#));
    assert_eq!(
        detail.data.json(),
        Some(r#"{"amount":2}"#),
        "what was recorded stays as it is"
    );
}
