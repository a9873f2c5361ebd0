//! Writes what the window shows into a file the user named.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::RgbaImage;

use super::progress::Progress;
use crate::event::Zone;
use crate::export::{
    Error, EventsAsk, Form, Sheet, Watch, export_events, refuse_evidence, write_events,
    write_sheet, write_whole,
};
use crate::history::History;

/// Makes a table off the frame.
pub type MakeSheet = Arc<dyn Fn() -> Sheet + Send + Sync>;

/// What is written.
#[derive(Clone)]
pub enum ExportBody {
    /// These events, all where none are named; the ending says in which form.
    Events(Option<Arc<[u32]>>),
    /// A table.
    Sheet(MakeSheet),
    /// A text.
    Text(Arc<str>),
    /// A picture.
    Picture(Arc<RgbaImage>),
}

/// A file that is to be written.
#[derive(Clone)]
pub struct ExportTask {
    /// The history that is looked at, whose files are never written over.
    pub history: Arc<History>,
    /// What goes into it.
    pub body: ExportBody,
    /// The zone of times where they are text.
    pub zone: Zone,
    /// What the applied filter is, for the file to say; empty where there is none.
    pub filter: String,
    /// Where it goes.
    pub path: PathBuf,
}

/// Writes the file, and says what it holds, for a sentence: `24 events are`.
pub(super) fn export(task: &ExportTask, progress: &Progress) -> Result<String, String> {
    let about = &task.history.about;
    let files = about.files.iter().filter_map(|file| file.path.as_deref());
    let inputs = about.inputs.iter().map(|path| path.as_path());
    let written =
        refuse_evidence(&task.path, files.chain(inputs)).and_then(|()| match &task.body {
            ExportBody::Events(positions) => events(task, positions.as_deref(), progress),
            ExportBody::Sheet(make) => {
                let sheet = make();
                let n_rows = sheet.rows.len();
                write_sheet(sheet, task.zone, &task.path)?;
                Ok(format!("{n_rows} rows are"))
            }
            ExportBody::Text(text) => {
                write_whole(&task.path, text.as_bytes())?;
                Ok("The file is".to_owned())
            }
            ExportBody::Picture(picture) => {
                write_whole(&task.path, &png(picture)?)?;
                Ok("The picture is".to_owned())
            }
        });
    written.map_err(|error| error.to_string())
}

fn events(
    task: &ExportTask,
    positions: Option<&[u32]>,
    progress: &Progress,
) -> Result<String, Error> {
    let end = u32::try_from(task.history.log.len()).unwrap_or(u32::MAX);
    let all: Vec<u32>;
    let positions = if let Some(positions) = positions {
        positions
    } else {
        all = (0..end).collect();
        &all
    };
    let mut about = vec![(
        "annals.program".to_owned(),
        format!("Annals {}", env!("CARGO_PKG_VERSION")),
    )];
    about.push((
        "annals.source".to_owned(),
        task.history.about.name().to_owned(),
    ));
    if !task.filter.is_empty() {
        about.push(("annals.filter".to_owned(), task.filter.clone()));
    }
    let ask = EventsAsk {
        positions,
        form: Form::of(&task.path).unwrap_or(Form::Csv),
        zone: task.zone,
        partition: None,
        mask: None,
        about: &about,
    };
    progress.expect_records(positions.len() as u64);
    let watch = Watch {
        cancel: &|| progress.is_cancelled(),
        done: &|n| progress.note_records(n),
    };
    let n_events = export_events(&task.history, &ask, &task.path, watch)?;
    Ok(format!("{n_events} events are"))
}

/// The most that goes on the clipboard, in bytes.
const MAX_CLIP: usize = 16 << 20;

/// Takes bytes until they are too many for a clipboard.
struct Clip(Vec<u8>);

impl std::io::Write for Clip {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_CLIP {
            let why = "these events are too large for the clipboard; export them instead";
            return Err(std::io::Error::other(why));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Events as JSON Lines, at most 16 MiB of them.
pub(super) fn lines(
    history: &History,
    positions: &[u32],
    progress: &Progress,
) -> Result<String, String> {
    let ask = EventsAsk {
        positions,
        form: Form::JsonLines,
        zone: Zone::Utc,
        partition: None,
        mask: None,
        about: &[],
    };
    progress.expect_records(positions.len() as u64);
    let watch = Watch {
        cancel: &|| progress.is_cancelled(),
        done: &|n| progress.note_records(n),
    };
    let mut clip = Clip(Vec::new());
    write_events(history, &ask, &mut clip, watch).map_err(|error| error.to_string())?;
    String::from_utf8(clip.0).map_err(|error| error.to_string())
}

/// A picture as PNG.
fn png(picture: &RgbaImage) -> Result<Vec<u8>, Error> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(|error| Error::Form(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// The name with the first of these endings, where it has none of them.
pub fn with_ending(path: &Path, endings: &[&str]) -> PathBuf {
    let known = path.extension().and_then(|ending| ending.to_str());
    let is_known = known.is_some_and(|known| {
        endings
            .iter()
            .any(|ending| ending.eq_ignore_ascii_case(known))
            || Form::of(path).is_some_and(|form| endings.contains(&form.name()))
    });
    if is_known {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(endings.first().copied().unwrap_or("txt"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_known_ending_gets_the_usual_one() {
        let named = |name: &str| with_ending(Path::new(name), &["csv", "sqlite"]);
        assert_eq!(named("out"), Path::new("out.csv"));
        assert_eq!(named("out.db"), Path::new("out.db"));
        assert_eq!(named("out.CSV"), Path::new("out.CSV"));
        assert_eq!(named("shop.events"), Path::new("shop.events.csv"));
    }
}
