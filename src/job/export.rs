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

/// Which events are written, and what the file says of that. Positions rise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// All of the history.
    All,
    /// Those that this filter leaves.
    Filter(String, Arc<[u32]>),
    /// Those at which this question is answered.
    Question(String, Arc<[u32]>),
    /// Those that the user selected one by one, whatever a filter leaves.
    Selection(Arc<[u32]>),
}

/// What is written.
#[derive(Clone)]
pub enum ExportBody {
    /// Events; the ending says in which form.
    Events(Picked),
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
            ExportBody::Events(picked) => events(task, picked, progress),
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

fn events(task: &ExportTask, picked: &Picked, progress: &Progress) -> Result<String, Error> {
    let end = u32::try_from(task.history.log.len()).unwrap_or(u32::MAX);
    let all: Vec<u32>;
    let positions = match picked {
        Picked::All => {
            all = (0..end).collect();
            &all
        }
        Picked::Filter(_, some) | Picked::Question(_, some) | Picked::Selection(some) => &**some,
    };
    let mut about = vec![(
        "annals.program".to_owned(),
        format!("Annals {}", env!("CARGO_PKG_VERSION")),
    )];
    about.push((
        "annals.source".to_owned(),
        task.history.about.name().to_owned(),
    ));
    let said = match picked {
        Picked::All => None,
        Picked::Filter(text, _) => Some(("annals.filter", text.clone())),
        Picked::Question(text, _) => Some(("annals.question", text.clone())),
        Picked::Selection(some) => Some(("annals.selection", format!("{} events", some.len()))),
    };
    about.extend(said.map(|(key, value)| (key.to_owned(), value)));
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
