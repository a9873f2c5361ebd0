//! What is kept of every event to compare it: 24 bytes, in the order of positions.

use super::super::run::Watch;
use super::meaning::{Meaning, meaning_of};
use crate::event::{EventDetail, Payload, Place, Position, Want};
use crate::history::History;

/// A history with what is compared of its events.
pub(super) struct Columns<'h> {
    pub(super) history: &'h History,
    /// What each event says.
    pub(super) meanings: Vec<Meaning>,
    /// The fingerprint of each event's id; 0 where it has none.
    pub(super) ids: Vec<u64>,
    /// How many events could not be read.
    pub(super) n_unread: u64,
}

/// How many events are read at a time.
const BATCH: u32 = 4096;

impl<'h> Columns<'h> {
    /// Reads every event once; `None` where it was stopped.
    ///
    /// `side` keeps events that cannot be read on either side from being equal to one another.
    pub(super) fn read(
        history: &'h History,
        with_metadata: bool,
        side: u8,
        n_before: u64,
        watch: &Watch<'_>,
    ) -> Option<Self> {
        let end = u32::try_from(history.log.len()).unwrap_or(u32::MAX);
        let mut columns = Self {
            history,
            meanings: vec![[side; 16]; end as usize],
            ids: vec![0; end as usize],
            n_unread: u64::from(end),
        };
        let want = Want::Presented;
        let mut text = String::new();
        for from in (0..end).step_by(BATCH as usize) {
            if watch.is_cancelled() {
                return None;
            }
            let to = end.min(from.saturating_add(BATCH));
            let places: Vec<Place> = (from..to)
                .map(|at| history.log.place(Position(at)))
                .collect();
            history.reader.read(&places, want, &mut |index, detail| {
                if let Ok(detail) = detail {
                    columns.note(from as usize + index, &detail, with_metadata, &mut text);
                }
                !watch.is_cancelled()
            });
            (watch.records_read)(n_before + u64::from(to));
        }
        (!watch.is_cancelled()).then_some(columns)
    }

    fn note(&mut self, at: usize, detail: &EventDetail, with_metadata: bool, text: &mut String) {
        let mut meaning = meaning_of(&detail.data, text);
        if with_metadata && detail.metadata != Payload::Missing {
            let metadata = meaning_of(&detail.metadata, text);
            // Turned by one place, so that data and metadata cannot stand for each other.
            let turned = metadata.iter().cycle().skip(1);
            meaning.iter_mut().zip(turned).for_each(|(a, b)| *a ^= b);
        }
        if let (Some(to), Some(id)) = (self.meanings.get_mut(at), self.ids.get_mut(at)) {
            *to = meaning;
            *id = detail
                .id
                .as_deref()
                .filter(|id| !id.is_empty())
                .map_or(0, print_of_id);
            self.n_unread -= 1;
        }
    }

    pub(super) fn meaning(&self, position: Position) -> Meaning {
        self.meanings
            .get(position.index())
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn id(&self, position: Position) -> u64 {
        self.ids.get(position.index()).copied().unwrap_or_default()
    }
}

/// Ids differ by case between formats; never 0.
fn print_of_id(id: &str) -> u64 {
    super::super::checks::print_of(&id.to_ascii_lowercase()).max(1)
}
