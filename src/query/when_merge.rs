//! A question over merged payloads: only one member of each payload counts, so that no state is made
//! and the file is read in its order.

use std::collections::HashMap;

use super::text::may_hold;
use super::when::{Asked, Over, Sight, Tally, Track, Watch};
use crate::event::json::{self, Json};
use crate::event::{Payload, Place, Position, Want};
use crate::fold::{FoldError, Folder};

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
    let positions = positions(folder, over);
    let mut searched = 0;
    for page in positions.chunks(BATCH) {
        if (watch.cancel)() {
            return Err(FoldError::Cancelled);
        }
        let places: Vec<Place> = page.iter().map(|at| log.place(Position(*at))).collect();
        let mut n_read = 0;
        folder.reader().read(&places, Want::Data, &mut |_, event| {
            let Some(at) = page.get(n_read).copied().map(Position) else {
                return false;
            };
            n_read += 1;
            let member = event.ok().and_then(|event| member(&event.data, name));
            let stream = log.stream(at);
            // A stream without the member so far has nothing to be asked.
            if member.is_some() || tracks.contains_key(&stream.0) {
                let sight = member.as_ref().map_or(Sight::Same, Sight::Member);
                let track = tracks.entry(stream.0).or_default();
                asked.step(track, tally, (stream, at), sight);
            }
            true
        });
        // An event that cannot be read changes nothing, but it is the next one of its stream.
        for at in page.iter().skip(n_read).copied().map(Position) {
            let stream = log.stream(at);
            if let Some(track) = tracks.get_mut(&stream.0) {
                asked.step(track, tally, (stream, at), Sight::Same);
            }
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

/// What an event sets the member to, where it does.
fn member(data: &Payload, name: &str) -> Option<Json> {
    let text = data.json()?;
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
