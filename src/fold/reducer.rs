//! What a reducer is: a pure function from a state and an event to the next state.
//!
//! Reducers do not read events and keep nothing between them; see [`super::Folder`] for replaying.

use crate::event::json::{self, Json, JsonPath, Object};
use crate::event::{Payload, Position, Timestamp, Version, Want};

/// One event as a reducer sees it.
#[derive(Clone, Copy, Debug)]
pub struct FoldEvent<'a> {
    /// The stream's name.
    pub stream: &'a str,
    /// The category's name, empty where the stream has none.
    pub category: &'a str,
    /// The type's name.
    pub event_type: &'a str,
    /// The version as the store says it.
    pub version: Option<Version>,
    /// How many events of the stream stand before it.
    pub rank: u32,
    /// The recorded time with the number of its fraction digits.
    pub time: Option<(Timestamp, u8)>,
    /// Place in the whole history.
    pub position: Position,
    /// What happened, as presented.
    pub data: &'a Payload,
    /// What is known about the recording; filled where [`Reducer::wants`] asks for it.
    pub metadata: &'a Payload,
    /// The event's id as text; filled where [`Reducer::wants`] asks for [`Want::Presented`].
    pub id: Option<&'a str>,
    /// Which shape of its type the payload has; filled where [`Reducer::wants`] asks for
    /// [`Want::Presented`].
    pub schema_version: Option<&'a str>,
}

/// An event in today's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcast {
    /// The type's name today, where it is another one.
    pub event_type: Option<Box<str>>,
    /// The payload as it would be written today.
    pub data: Payload,
}

/// What became of an event.
#[expect(
    clippy::enum_variant_names,
    reason = "the words of the answer: applied, not applied"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The reducer took it in, whether or not that changed the state.
    Yes,
    /// The reducer has nothing to do for events of this type; counted as not applied, no failure.
    NoRule,
    /// The event could not be applied and left the state as it was; one sentence says why.
    NotApplied(String),
    /// The reducer failed at this event and can apply no later one of this stream; one sentence says
    /// why. Only after [`LiveState::apply`], and what that state is now is not to be looked at.
    Stopped(String),
}

/// Applies events to a state.
///
/// Pure: the same events from the same start give the same state, wherever and how often it runs.
/// An event that is not applied leaves the state untouched.
///
/// ```
/// use annals::event::{Payload, Position};
/// use annals::fold::{Applied, FoldEvent, Merge, Reducer};
/// let data = Payload::Json(r#"{"status":"Paid"}"#.into());
/// let event = FoldEvent {
///     stream: "order-1", category: "order", event_type: "PaymentReceived", version: None, rank: 0,
///     time: None, position: Position(0), data: &data, metadata: &Payload::Missing, id: None,
///     schema_version: None,
/// };
/// let mut state = Merge.start("order");
/// assert_eq!(Merge.apply(&mut state, &event), Applied::Yes);
/// assert_eq!(state.to_string(), r#"{"status":"Paid"}"#);
/// ```
pub trait Reducer: Send + Sync {
    /// `merge`, or the name of the file that holds the rules; what `annals state` prints as `rules`.
    fn name(&self) -> &str;

    /// What everything it makes is labelled with: `payload merge`, or the file's name.
    fn label(&self) -> &str {
        self.name()
    }

    /// Whether somebody who knows the application said how its state follows from its events.
    ///
    /// `false` for a mere merge of payloads: then nothing may be called the application's state.
    fn is_application_state(&self) -> bool;

    /// How much of each event must be read: [`Want::Presented`] for metadata, ids or a time with
    /// exactly the digits of its source.
    ///
    /// A reducer may find out on the way that it needs more: then it stops, and says more here from
    /// then on. A replay that notices begins again.
    fn wants(&self) -> Want {
        Want::Data
    }

    /// The event in today's shape, as [`Self::apply`] is to see it; `None` where it has that already.
    ///
    /// An error is what becomes of an event that cannot be brought into it: not applied, or the stream
    /// is stopped.
    fn upcast(&self, event: &FoldEvent<'_>) -> Result<Option<Upcast>, Applied> {
        let _ = event;
        Ok(None)
    }

    /// The state before a stream's first event: nothing, where the reducer says nothing else.
    fn start(&self, category: &str) -> Json {
        let _ = category;
        Json::Object(Object::default())
    }

    /// Applies one event.
    fn apply(&self, state: &mut Json, event: &FoldEvent<'_>) -> Applied;

    /// A state that goes on being changed, from `state`; `has_begun` says whether any event was
    /// applied to it yet. What a replay runs on: reducers whose states do not live as [`Json`] give
    /// their own.
    fn live<'a>(&'a self, state: Json, has_begun: bool) -> Box<dyn LiveState + 'a> {
        let _ = has_begun;
        Box::new(Tree {
            reducer: self,
            state,
        })
    }

    /// As [`Self::live`], from a text that [`LiveState::text`] gave; `None` where it cannot be read
    /// back, as it is nested deeper than what is read.
    fn live_from_text<'a>(
        &'a self,
        text: &str,
        has_begun: bool,
    ) -> Option<Box<dyn LiveState + 'a>> {
        let state = json::parse(text.as_bytes()).ok()?;
        Some(self.live(state, has_begun))
    }

    /// Whether an event of this type makes the value at `path` out of the one that was there, as a
    /// sum does; then the events before it are responsible for the value too.
    fn builds_on(&self, category: &str, event_type: &str, path: &JsonPath) -> bool {
        let _ = (category, event_type, path);
        false
    }

    /// Whether an event can be applied where others before it were left out, so that it can be found
    /// out which events a value needs.
    fn applies_alone(&self) -> bool {
        false
    }

    /// Whether all it does is to set the members that a payload object names, at the state's top: then
    /// nothing else can have changed, and nothing else is looked at.
    fn merges_at_top(&self) -> bool {
        false
    }

    /// What was written to make it, to be shown and changed; `None` for what is built in.
    fn written(&self) -> Option<Written> {
        None
    }
}

/// The text that somebody wrote to say how states follow from events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Rules without code, as TOML.
    Rules(String),
    /// A script.
    Script(String),
}

/// A state under way: events are applied to it one after another, and what it is now is made on demand.
pub trait LiveState {
    /// Applies one event.
    fn apply(&mut self, event: &FoldEvent<'_>) -> Applied;

    /// The state as it is now; an error is one sentence on why it cannot be said.
    ///
    /// May cost a copy of the whole state, so it is asked for only where somebody looks.
    fn value(&mut self) -> Result<&Json, String>;

    /// The state as it is now, for good.
    fn into_value(self: Box<Self>) -> Result<Json, String>;

    /// The state as JSON text. Afterwards it is as if it had been read back from that text.
    ///
    /// A replay asks for it at places that depend on nothing but the events, so that one that begins
    /// at a checkpoint gives the same as one from the start, whatever a reducer keeps beside the text.
    fn text(&mut self) -> Result<Box<str>, String>;
}

/// The live state of a reducer whose states are trees.
struct Tree<'a, R: ?Sized> {
    reducer: &'a R,
    state: Json,
}

impl<R: Reducer + ?Sized> LiveState for Tree<'_, R> {
    fn apply(&mut self, event: &FoldEvent<'_>) -> Applied {
        self.reducer.apply(&mut self.state, event)
    }

    fn value(&mut self) -> Result<&Json, String> {
        Ok(&self.state)
    }

    fn into_value(self: Box<Self>) -> Result<Json, String> {
        Ok(self.state)
    }

    fn text(&mut self) -> Result<Box<str>, String> {
        Ok(self.state.to_string().into())
    }
}
