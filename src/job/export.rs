//! Writes events in the exchange format: to a temporary file beside, then renamed.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use super::progress::Progress;
use super::save::begin_beside;
use crate::event::json::quote;
use crate::event::{EventDetail, Place, Position, ReadError, Want};
use crate::history::{EventLog, History};
use crate::ingest::{Shown, write_exchange};

/// How many events are read at once.
const PAGE: usize = 1024;

/// Writes the events at `positions`, one a line, and says how many; what stood at `path` is replaced
/// only when all is written.
pub fn export_lines(
    history: &History,
    positions: &[u32],
    path: &Path,
    progress: &Progress,
) -> Result<usize, String> {
    let said = |error: std::io::Error| error.to_string();
    progress.expect_records(positions.len() as u64);
    let mut file = begin_beside(path).map_err(said)?;
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
    let (mut line, mut n_done) = (String::new(), 0);
    for page in positions.chunks(PAGE) {
        if progress.is_cancelled() {
            return Err("it was stopped".to_owned());
        }
        let places: Vec<Place> = page
            .iter()
            .map(|at| history.log.place(Position(*at)))
            .collect();
        let (mut n_read, mut written) = (0, Ok(()));
        history
            .reader
            .read(&places, Want::Presented, &mut |_, event| {
                let position = page.get(n_read).copied().unwrap_or_default();
                n_read += 1;
                line.clear();
                exchange_line(&history.log, Position(position), &event, &mut line);
                written = out.write_all(line.as_bytes());
                written.is_ok()
            });
        written.map_err(said)?;
        n_done += n_read;
        progress.note_records(n_done as u64);
    }
    out.flush().map_err(said)?;
    drop(out);
    file.as_file().sync_all().map_err(said)?;
    file.persist(path).map_err(|error| said(error.error))?;
    Ok(n_done)
}

/// An event as a line with its end. One whose record cannot be read any more says what the log knows
/// of it, and why.
fn exchange_line(
    log: &EventLog,
    position: Position,
    event: &Result<EventDetail, ReadError>,
    line: &mut String,
) {
    match event {
        Ok(event) => write_exchange(log, position, event, Shown::Presented, line),
        Err(error) => {
            let empty = EventDetail::default();
            write_exchange(log, position, &empty, Shown::Presented, line);
            line.pop();
            line.push_str(",\"error\":");
            quote(&error.0, line);
            line.push('}');
        }
    }
    line.push('\n');
}
