//! Rules in the projection language: a script with `foreachStream()` as a reducer.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use rquickjs::{Persistent, Value};

use super::envelope::Envelope;
use super::error::{Fault, Phase, ScriptError};
use super::ready::Script;
use super::sandbox::{Held, Sandbox};
use crate::event::json::{self, Json, Object};
use crate::event::{Payload, Want};
use crate::fold::{Applied, FoldEvent, LiveState, Reducer, Upcast, Written};

/// What a script mentions that can look at more of an event than its payload. Where none of it stands
/// in the text, only payloads are read; one that finds another way is read again with everything.
const LOOKS_FURTHER: [&str; 7] = [
    "etadata",
    "eventId",
    "...",
    "Object.",
    "Reflect",
    "stringify",
    " in ",
];

/// Rules in the projection language, such as `fromAll().foreachStream().when({ … })`.
///
/// A stream's state begins with `$init`; each event goes to the handler of its type, or to `$any`.
/// `fromCategory` makes them rules for streams of that category only. What a handler leaves as state
/// must be JSON, as the state of a stream is nothing but that: what else a script keeps, in variables
/// of its own, belongs to no point in time. Numbers are those of JavaScript.
///
/// A handler that throws, or takes over 250 ms, stops that stream there: see [`Applied::Stopped`].
/// `emit`, `linkTo`, `log` and transforms do nothing here.
///
/// A function `upcast(event, schemaVersion)` brings old events into today's shape before handlers see
/// them: it gives `{ data, eventType }`, either of them or both, or nothing for an event as it stands.
///
/// ```
/// use annals::fold::Reducer as _;
/// use annals::script::ScriptRules;
/// let text = "fromAll().foreachStream().when({ $init: () => ({ n: 0 }), Paid: s => { s.n++ } })";
/// let rules = ScriptRules::parse("shop.js", text).unwrap();
/// assert_eq!(rules.start("order").to_string(), r#"{"n":0}"#);
/// assert!(ScriptRules::parse("shop.js", "fromAll().when({})").is_err());
/// ```
#[derive(Debug)]
pub struct ScriptRules {
    script: Script,
    /// The one category that they are about.
    category: Option<String>,
    has_upcast: bool,
    wants_all: AtomicBool,
}

impl ScriptRules {
    /// Reads a script; `name` is the file's name.
    ///
    /// A script that is a projection and no rules is refused with a sentence that says what to write.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScriptError> {
        let script = Script::new(name, text);
        let sandbox = script
            .sandbox()
            .map_err(|fault| script.error(Phase::Compile, &fault))?;
        let definition = &sandbox.definition;
        let refused = |message: &str| script.error(Phase::Definition, &Fault::thrown(message));
        definition.check().map_err(refused)?;
        if !definition.by_streams {
            return Err(refused(
                "rules are about each stream by itself: write fromAll().foreachStream().when({…})",
            ));
        }
        if definition.bi_state {
            return Err(refused(
                "rules are about each stream by itself and share no state: leave out biState and $initShared",
            ));
        }
        let category = definition.categories.first().cloned();
        let has_upcast = sandbox.has_upcast();
        let wants_all = AtomicBool::new(has_upcast || script.mentions(&LOOKS_FURTHER));
        Ok(Self {
            script,
            category,
            has_upcast,
            wants_all,
        })
    }

    /// Whether they are about streams of this category.
    fn are_about(&self, category: &str) -> bool {
        self.category.as_ref().is_none_or(|own| own == category)
    }
}

impl Reducer for ScriptRules {
    fn name(&self) -> &str {
        &self.script.name
    }

    fn is_application_state(&self) -> bool {
        true
    }

    fn written(&self) -> Option<Written> {
        Some(Written::Script(self.script.text.clone()))
    }

    fn wants(&self) -> Want {
        if self.wants_all.load(Ordering::Relaxed) {
            Want::Presented
        } else {
            Want::Data
        }
    }

    fn upcast(&self, event: &FoldEvent<'_>) -> Result<Option<Upcast>, Applied> {
        if !self.has_upcast || !self.are_about(event.category) {
            return Ok(None);
        }
        let envelope = self.envelope(event);
        let given = self
            .script
            .sandbox()
            .and_then(|sandbox| sandbox.upcast(&envelope, event.schema_version));
        let given = given.map_err(|fault| Applied::Stopped(format!("upcast: {fault}")))?;
        Ok(given.map(|given| Upcast {
            event_type: given.event_type.map(Into::into),
            data: match given.data {
                Some(data) => Payload::Json(data.into()),
                None => event.data.clone(),
            },
        }))
    }

    /// What `$init` gives; null where it fails, which the first event then says.
    fn start(&self, category: &str) -> Json {
        if !self.are_about(category) {
            return Json::Object(Object::default());
        }
        let start = self.script.sandbox().and_then(|sandbox| sandbox.start());
        start.unwrap_or_default()
    }

    /// As one step of [`Self::live`]; makes a copy of the state, so a replay does not use it.
    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied {
        let mut live = self.live_state(event.rank > 0);
        live.json = Some(state.clone());
        let applied = live.apply(event);
        match (applied, live.value()) {
            (Applied::Yes, Ok(value)) => {
                *state = value.clone();
                Applied::Yes
            }
            (Applied::Yes, Err(reason)) | (Applied::Stopped(reason), _) => {
                Applied::NotApplied(reason)
            }
            (other, _) => other,
        }
    }

    fn live<'a>(&'a self, state: Json, has_begun: bool) -> Box<dyn LiveState + 'a> {
        let mut live = self.live_state(has_begun);
        live.json = Some(state);
        Box::new(live)
    }

    fn live_from_text<'a>(
        &'a self,
        text: &str,
        has_begun: bool,
    ) -> Option<Box<dyn LiveState + 'a>> {
        let mut live = self.live_state(has_begun);
        live.text = Some(text.into());
        Some(Box::new(live))
    }
}

impl ScriptRules {
    /// The event as the script sees it.
    fn envelope<'a>(&'a self, event: &FoldEvent<'a>) -> Envelope<'a> {
        let has_all = self.wants() == Want::Presented;
        Envelope {
            stream: event.stream,
            number: Some(
                event
                    .version
                    .map_or_else(|| i64::from(event.rank), |version| version.0),
            ),
            event_type: event.event_type,
            is_json: event.data.json().is_some(),
            data: Some(event.data),
            rest: has_all.then_some((event.id, event.metadata)),
            link_metadata: None,
            partition: event.stream,
            category: self.category.as_deref(),
            time: event.time.map(|(time, _)| time),
            seed: event.position.0,
        }
    }

    fn live_state(&self, has_begun: bool) -> Live<'_> {
        Live {
            rules: self,
            has_begun,
            value: None,
            json: None,
            text: None,
            sandbox: None,
        }
    }
}

/// A state under way: in the engine, as a tree, as text, or in several of these forms.
struct Live<'a> {
    rules: &'a ScriptRules,
    /// Whether any event was applied to it.
    has_begun: bool,
    // What is kept of an engine must be gone before the engine: fields are dropped in this order.
    value: Option<Persistent<Value<'static>>>,
    json: Option<Json>,
    text: Option<Box<str>>,
    sandbox: Option<Rc<Sandbox>>,
}

impl Live<'_> {
    fn sandbox(&mut self) -> Result<Rc<Sandbox>, Fault> {
        if let Some(sandbox) = &self.sandbox {
            return Ok(Rc::clone(sandbox));
        }
        let sandbox = self.rules.script.sandbox()?;
        self.sandbox = Some(Rc::clone(&sandbox));
        Ok(sandbox)
    }

    fn handle(&mut self, event: &FoldEvent<'_>) -> Result<Applied, Fault> {
        let sandbox = self.sandbox()?;
        let Some(handler) = sandbox.handler(event.event_type) else {
            return Ok(Applied::NoRule);
        };
        let envelope = self.rules.envelope(event);
        let as_text = match &self.json {
            Some(json) if self.value.is_none() && self.text.is_none() => Some(json.to_string()),
            _ => None,
        };
        let held = match (
            self.value.take(),
            self.text.as_deref().or(as_text.as_deref()),
        ) {
            (_, Some("null")) => Held::Nothing,
            _ if !self.has_begun => Held::Nothing,
            (Some(value), _) => Held::Live(value),
            (None, Some(text)) => Held::Text(text),
            (None, None) => Held::Nothing,
        };
        let value = sandbox.apply(handler, held, &envelope)?;
        self.has_begun = true;
        self.text = value.is_none().then(|| "null".into());
        self.json = None;
        self.value = value;
        Ok(Applied::Yes)
    }

    /// What a fault says; one for want of more than the payload makes the rules ask for more.
    fn reason(&self, fault: &Fault) -> String {
        if *fault == Fault::NeedsMore {
            self.rules.wants_all.store(true, Ordering::Relaxed);
        }
        fault.to_string()
    }

    fn make_json(&mut self) -> Result<Json, String> {
        if let Some(json) = self.json.take() {
            return Ok(json);
        }
        if let Some(text) = &self.text {
            return Ok(json::parse(text.as_bytes()).unwrap_or_default());
        }
        let Some(value) = self.value.clone() else {
            return Ok(Json::Null);
        };
        let text = self.sandbox().and_then(|sandbox| sandbox.text(&value));
        let text = text.map_err(|fault| self.reason(&fault))?;
        Ok(json::parse(text.as_bytes()).unwrap_or_default())
    }
}

impl LiveState for Live<'_> {
    fn apply(&mut self, event: &FoldEvent<'_>) -> Applied {
        if !self.rules.are_about(event.category) {
            return Applied::NoRule;
        }
        match self.handle(event) {
            Ok(applied) => applied,
            Err(fault) => Applied::Stopped(self.reason(&fault)),
        }
    }

    fn value(&mut self) -> Result<&Json, String> {
        let json = self.make_json()?;
        Ok(self.json.insert(json))
    }

    fn into_value(mut self: Box<Self>) -> Result<Json, String> {
        self.make_json()
    }

    fn text(&mut self) -> Result<Box<str>, String> {
        if self.text.is_none() {
            self.text = Some(self.value()?.to_string().into());
        }
        self.value = None;
        Ok(self.text.clone().unwrap_or_default())
    }
}
