//! Reducers whose states do not live as JSON: what a replay asks of them, and what it does where they fail.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "support/history.rs"]
mod history;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use annals::event::json::{Json, Object, parse};
use annals::event::{StreamId, Want};
use annals::fold::{Applied, FoldEvent, Folder, LiveState, Reducer, State};
use history::{Record, history};

fn never() -> bool {
    false
}

/// Counts events in a number of its own; `{"fails": true}` fails after half of the work, `{"cannot": true}`
/// leaves a state that cannot be said, `{"more": true}` needs more of the event than the payload.
#[derive(Default)]
struct Counter {
    needs_more: AtomicBool,
    n_values: AtomicU32,
}

struct Count<'a> {
    counter: &'a Counter,
    n_events: u32,
    cannot: bool,
    value: Json,
}

impl Reducer for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn is_application_state(&self) -> bool {
        true
    }

    fn wants(&self) -> Want {
        if self.needs_more.load(Ordering::Relaxed) {
            Want::Presented
        } else {
            Want::Data
        }
    }

    fn start(&self, _category: &str) -> Json {
        parse(br#"{"count":0}"#).unwrap()
    }

    fn apply(&self, _state: &mut Json, _event: &FoldEvent<'_>) -> Applied {
        Applied::NoRule
    }

    fn live<'a>(&'a self, state: Json, _has_begun: bool) -> Box<dyn LiveState + 'a> {
        let count = state.as_object().unwrap().get("count").unwrap();
        Box::new(Count {
            counter: self,
            n_events: count.to_string().parse().unwrap(),
            cannot: false,
            value: Json::Null,
        })
    }
}

impl LiveState for Count<'_> {
    fn apply(&mut self, event: &FoldEvent<'_>) -> Applied {
        self.n_events += 1;
        let data = event.data.json().unwrap();
        self.cannot = data.contains("cannot");
        if data.contains("more") && event.metadata.json().is_none() {
            self.counter.needs_more.store(true, Ordering::Relaxed);
            return Applied::Stopped("no metadata".to_owned());
        }
        if data.contains("fails") {
            return Applied::Stopped("it fails (line 3)".to_owned());
        }
        Applied::Yes
    }

    fn value(&mut self) -> Result<&Json, String> {
        self.counter.n_values.fetch_add(1, Ordering::Relaxed);
        if self.cannot {
            return Err("the state holds itself".to_owned());
        }
        let mut state = Object::default();
        state.push(
            "count".into(),
            Json::Number(self.n_events.to_string().into()),
        );
        self.value = Json::Object(state);
        Ok(&self.value)
    }

    fn into_value(mut self: Box<Self>) -> Result<Json, String> {
        self.value().cloned()
    }

    fn text(&mut self) -> Result<Box<str>, String> {
        self.value().map(|value| value.to_string().into())
    }
}

/// A stream whose event at `at` carries `data`.
fn folder(n_events: usize, at: &[usize], data: &str) -> (Folder, StreamId, Arc<Counter>) {
    let record = |n: usize| Record {
        data: if at.contains(&n) { data } else { "{}" }.to_owned(),
        metadata: r#"{"user":"ann"}"#.to_owned(),
        ..Record::default()
    };
    let records: Vec<Record> = (0..n_events).map(record).collect();
    let counter = Arc::new(Counter::default());
    let reducer: Arc<dyn Reducer> = counter.clone();
    let folder = Folder::new(history(&records), reducer);
    let stream = folder.history().log.find_stream("order-1", None).unwrap();
    (folder, stream, counter)
}

#[track_caller]
fn is(state: &State, count: u32, applied: u32, not_applied: u32) {
    assert_eq!(state.value.to_string(), format!(r#"{{"count":{count}}}"#));
    assert_eq!(
        (state.events_applied, state.not_applied),
        (applied, not_applied)
    );
}

#[test]
fn a_state_is_made_only_where_somebody_looks() {
    let (folder, stream, counter) = folder(1_000, &[], "");
    is(
        &folder.state_at_end(stream, &never).unwrap(),
        1_000,
        1_000,
        0,
    );
    assert!(counter.n_values.load(Ordering::Relaxed) < 12);
    let mut seen = 0;
    let mut see = |rank: u32, _, state: &Json| {
        seen += 1;
        assert_eq!(state.to_string(), format!(r#"{{"count":{}}}"#, rank + 1));
        true
    };
    folder.walk(stream, 700, 719, &never, &mut see).unwrap();
    assert_eq!(seen, 20);
    assert!(counter.n_values.load(Ordering::Relaxed) < 36);
}

#[test]
fn a_reducer_that_fails_stops_that_stream_at_the_state_before() {
    let (folder, stream, _) = folder(600, &[300, 400], r#"{"fails":true}"#);
    is(&folder.state_at(stream, 299, &never).unwrap(), 300, 300, 0);
    let state = folder.state_at(stream, 300, &never).unwrap();
    is(&state, 300, 300, 1);
    assert_eq!(
        state.failures,
        [(state.position, "it fails (line 3)".to_owned())]
    );
    assert_eq!(state.stopped_at, Some(state.position));
    let later = folder.state_at_end(stream, &never).unwrap();
    is(&later, 300, 300, 300);
    assert_eq!(later.failures.len(), 2, "{:?}", later.failures);
    assert_eq!(later.failures[1].1, "stopped at #300: it fails (line 3)");
    let stepped = folder.step(&folder.step(&state).unwrap()).unwrap();
    assert_eq!(stepped, folder.state_at(stream, 302, &never).unwrap());
    let mut n_seen = 0;
    let mut see = |rank: u32, _, state: &Json| {
        n_seen += 1;
        let count = (rank + 1).min(300);
        assert_eq!(state.to_string(), format!(r#"{{"count":{count}}}"#));
        true
    };
    folder.walk(stream, 0, 599, &never, &mut see).unwrap();
    assert_eq!(n_seen, 600);
}

#[test]
fn checkpoints_change_nothing_where_a_reducer_fails() {
    let (with, stream, _) = folder(600, &[300], r#"{"fails":true}"#);
    let (without, _, _) = folder(600, &[300], r#"{"fails":true}"#);
    let without = without.with_checkpoint_budget(0);
    for rank in [599, 0, 255, 299, 300, 301, 302, 599] {
        assert_eq!(
            with.state_at(stream, rank, &never),
            without.state_at(stream, rank, &never),
            "at {rank}"
        );
    }
}

#[test]
fn a_state_that_cannot_be_said_stops_the_stream_at_its_first_event() {
    let (folder, stream, _) = folder(600, &[10, 11, 12], r#"{"cannot":true}"#);
    let state = folder.state_at(stream, 12, &never).unwrap();
    is(&state, 10, 10, 3);
    assert_eq!(state.failures[0].1, "the state holds itself");
    assert_eq!(state.stopped_at.unwrap().0, 10);
}

#[test]
fn a_reducer_that_needs_more_of_an_event_gets_it() {
    let (folder, stream, counter) = folder(400, &[50, 320], r#"{"more":true}"#);
    is(&folder.state_at_end(stream, &never).unwrap(), 400, 400, 0);
    assert_eq!(counter.wants(), Want::Presented);
}
