//! What a JSON log holds, for the survey: the keys of its first records, with samples.

use super::{Keys, Layout, Look, N_SAMPLES, bare, document, lines, look_of, values};
use crate::source::bytes::Bytes;
use crate::source::container::HEAD;
use crate::source::error::Error;
use crate::source::format::ContainerKind;
use crate::source::guess::Candidate;
use crate::source::progress::Progress;
use crate::source::survey::{Looked, LookedTable, TableKind};

/// Looks at the first records of a log.
pub(in crate::source::container) fn look_bytes(
    bytes: &Bytes,
    progress: &Progress,
) -> Result<Looked, Error> {
    let keys = keys(bytes, progress)?;
    let log = LookedTable {
        candidate: Candidate {
            columns: keys.columns.clone(),
            ..Candidate::default()
        },
        kind: TableKind::Log,
        n_rows: None,
        declared: Vec::new(),
    };
    Ok(Looked::new(ContainerKind::Json, &keys, vec![log]))
}

fn keys(bytes: &Bytes, progress: &Progress) -> Result<Keys, Error> {
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let look = look_of(&head, head.len() as u64 == len);
    let layout = match look {
        Look::Lines => Layout::Lines,
        // A single object may be a log of one event, or a document with events in it.
        Look::Single | Look::Document => match document::find_array(bytes, progress) {
            Ok(document::Found::Array(at)) => Layout::Array(at),
            Err(_) if look == Look::Single && bare(&head).starts_with(b"{") => Layout::Lines,
            Ok(document::Found::SeveralValues) => Layout::Values,
            Err(error) => return Err(error),
        },
    };
    let mut keys = Keys::default();
    let mut take = |record: &[u8]| {
        keys.add(record);
        keys.n_records < N_SAMPLES
    };
    match layout {
        Layout::Lines => lines::sample(bytes, &mut take)?,
        Layout::Array(at) => document::sample(bytes, at, progress, &mut take)?,
        Layout::Values => values::sample(bytes, progress, &mut take)?,
    }
    Ok(keys)
}
