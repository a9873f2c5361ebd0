//! A question over merged payloads: only one member of each payload counts, so that no state is made
//! and the file is read in its order.

use std::collections::HashMap;

use super::text::may_hold;
use super::when::{Asked, Over, Sight, Tally, Track, Watch};
use crate::event::json::{self, Json};
use crate::event::{Payload, Place, Position, Want};
use crate::fold::{FieldsByType, FoldError, Folder};

/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: usize = 1024;

/// Reads the events asked about, in their order.
pub(super) fn scan(
    asked: &Asked,
    folder: &Folder,
    over: Over,
    tally: &mut Tally,
    watch: &mut Watch<'_>,
) -> Result<(), FoldError> {
    let history = folder.history();
    let log = &history.log;
    let name = asked.path.first_name().unwrap_or_default();
    let mut tracks: HashMap<u32, Track> = HashMap::new();
    let mut types = FieldsByType::default();
    let positions = positions(folder, over);
    let mut searched = 0;
    for page in positions.chunks(BATCH) {
        if (watch.cancel)() {
            return Err(FoldError::Cancelled);
        }
        let places: Vec<Place> = page.iter().map(|at| log.place(Position(*at))).collect();
        let mut seen = Vec::with_capacity(page.len());
        history.reader.read(&places, Want::Data, &mut |_, event| {
            seen.push(event.map_or(Seen::Sealed, |event| Seen::of(&event.data, name)));
            true
        });
        // A reader that keeps its promise leaves nothing out.
        seen.resize_with(page.len(), || Seen::Sealed);
        for (at, seen) in page.iter().copied().map(Position).zip(&seen) {
            let stream = log.stream(at);
            // A stream without the member so far has nothing to be asked.
            if !matches!(seen, Seen::Member(_)) && !tracks.contains_key(&stream.0) {
                continue;
            }
            let sight = match seen {
                Seen::Member(member) => Sight::Member(member),
                Seen::Nothing => Sight::Same,
                Seen::Missing if !types.may_set(folder, at, name, true) => Sight::Same,
                Seen::Sealed if !types.may_set(folder, at, name, false) => Sight::Same,
                Seen::Missing | Seen::Sealed => Sight::Unknown,
            };
            let track = tracks.entry(stream.0).or_default();
            asked.step(track, tally, (stream, at), sight);
        }
        searched += page.len();
        (watch.partly)(&tally.found, u32::try_from(searched).unwrap_or(u32::MAX));
    }
    for stream in over.streams(log) {
        if let Some(track) = tracks.get(&stream.0) {
            track.finish(tally, stream);
        }
    }
    Ok(())
}

fn positions(folder: &Folder, over: Over) -> Vec<u32> {
    let log = &folder.history().log;
    let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
    match over {
        Over::Stream(stream) => log.events_of(stream).to_vec(),
        Over::Everything => (0..n_events).collect(),
        Over::Category(category) => (0..n_events)
            .filter(|at| log.stream_info(log.stream(Position(*at))).category == category)
            .collect(),
    }
}

/// What an event does to the member asked about.
enum Seen {
    /// It sets it to this.
    Member(Json),
    /// It leaves it alone.
    Nothing,
    /// It has no payload.
    Missing,
    /// Its payload cannot be read.
    Sealed,
}

impl Seen {
    fn of(data: &Payload, name: &str) -> Self {
        match data {
            Payload::Json(text) => member(text, name).map_or(Self::Nothing, Self::Member),
            Payload::Missing => Self::Missing,
            Payload::Text(_) | Payload::Bytes(_) => Self::Sealed,
        }
    }
}

/// What an event sets the member to, where it does.
fn member(text: &str, name: &str) -> Option<Json> {
    if !may_hold(text, name) {
        return None;
    }
    let raw = json::scan::find(text.as_bytes(), &[name])?;
    // A payload nested too deep to be held is not merged, and so sets nothing.
    let may_be_deep = text.len() > 2 * json::MAX_DEPTH;
    if may_be_deep && raw.len() + 2 * json::MAX_DEPTH < text.len() {
        let brackets = |byte: &u8| matches!(byte, b'[' | b'{');
        let n_open = text.bytes().filter(|byte| brackets(byte)).count();
        if n_open >= json::MAX_DEPTH && json::parse(text.as_bytes()).is_err() {
            return None;
        }
    }
    json::parse(raw).ok()
}
