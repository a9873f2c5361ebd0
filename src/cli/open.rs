//! What all subcommands share: which file, which format, and how to name a point in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::event::{Position, Timestamp, Zone};
use crate::fold::{Branch, Folder};
use crate::history::{AsOf, History, Point, Which};
use crate::ingest::{open, open_sample};
use crate::source::{MappingOverride, OpenOptions, Source};

/// The options that every subcommand has.
#[derive(Clone, Debug, Default, Args)]
pub struct CommonArgs {
    /// An event store or an exported log; - is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// The embedded sample history instead of a file
    #[arg(long)]
    pub demo: bool,
    /// The format, such as emmett/sqlite; detection is left out
    #[arg(long, value_name = "ID")]
    pub format: Option<String>,
    /// A mapping of your own, as TOML
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Schemas that payloads are read by: a descriptor set of Protobuf, or an Avro schema (NAME-17.avsc for
    /// number 17 of a registry)
    #[arg(long = "descriptors", visible_alias = "schema", value_name = "FILE")]
    pub schemas: Vec<PathBuf>,
    /// The zone in which times are read and shown: UTC, local or AREA/CITY
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    pub tz: Zone,
    /// Only what happened up to a point: #861204, order-1220@7, a time, or words; "recorded
    /// 2024-03-01, occurred 2024-02-28" where events have both times
    #[arg(long, value_name = "POINT")]
    pub as_of: Option<String>,
    /// Only this category
    #[arg(long, value_name = "C")]
    pub category: Option<String>,
    /// Only what the file with this name holds, where there are several
    #[arg(long, value_name = "NAME")]
    pub file: Option<String>,
    /// Streams of the same name in several files are one stream
    #[arg(long)]
    pub join_streams: bool,
    /// The moment from which words such as "yesterday" count
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<Timestamp>,
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::parse(text).ok_or_else(|| "neither UTC, local nor a zone such as Europe/Paris".to_owned())
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let read = Timestamp::parse(text)
        .ok_or_else(|| "not a time such as 2024-03-01T08:00:00Z".to_owned())?;
    Ok(read.time)
}

impl CommonArgs {
    /// Opens the one file that is named.
    pub fn open(&self) -> anyhow::Result<Arc<History>> {
        self.open_with(&self.options()?)
    }

    /// The same, with these options.
    pub fn open_with(&self, options: &OpenOptions) -> anyhow::Result<Arc<History>> {
        let progress = super::stop::progress();
        let progress = progress.reading();
        let history = match self.files.as_slice() {
            [] if self.demo => open_sample(progress).context("the sample history"),
            [] => bail!("name a file, or use --demo for the sample history"),
            files => {
                let paths: Vec<String> = files
                    .iter()
                    .map(|file| file.display().to_string())
                    .collect();
                open(&source_of(files), options, progress)
                    .map_err(|error| anyhow::Error::new(error).context(FilePath(paths.join(", "))))
            }
        };
        let history = history.map_err(path_last)?;
        self.check_file(&history)?;
        Ok(history)
    }

    /// Opens one file by itself, whatever others are named.
    pub fn open_one(&self, file: &Path) -> anyhow::Result<Arc<History>> {
        let progress = super::stop::progress();
        let progress = progress.reading();
        open(&source_of_one(file), &self.options()?, progress)
            .map_err(|error| {
                anyhow::Error::new(error).context(FilePath(file.display().to_string()))
            })
            .map_err(path_last)
    }

    /// `--file` must name one of the files.
    fn check_file(&self, history: &History) -> anyhow::Result<()> {
        let Some(name) = &self.file else {
            return Ok(());
        };
        let names: Vec<String> = self
            .files
            .iter()
            .map(|file| source_of_one(file).name())
            .collect();
        if !names.contains(name) {
            bail!("no file is named {name}; there are {}", names.join(", "));
        }
        if names.len() == 1 && !history.log.is_empty() {
            bail!("--file picks one of several files; there is only {name}");
        }
        Ok(())
    }

    /// What tells streams of the same name apart.
    pub fn which(&self) -> Which<'_> {
        Which {
            category: self.category.as_deref(),
            file: self.file.as_deref(),
        }
    }

    /// Whether the sample history is meant.
    pub fn is_sample(&self) -> bool {
        self.demo && self.files.is_empty()
    }

    /// How the file is to be opened.
    pub fn options(&self) -> anyhow::Result<OpenOptions> {
        let options = options(self.format.as_deref(), self.mapping.as_ref())?;
        Ok(OpenOptions {
            joins_streams: self.join_streams,
            schemas: self.schemas.clone(),
            ..options
        })
    }

    /// The moment from which words count.
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| {
            let since = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
        })
    }

    /// A point as text resolved in a history.
    pub fn position(&self, point: &str, history: &History) -> anyhow::Result<Position> {
        let parsed = Point::parse(point, self.now(), self.tz)?;
        Ok(parsed.resolve(&history.log, self.which())?)
    }

    /// A point that may say by when events occurred too, resolved in a history.
    pub fn as_of(&self, point: &str, history: &History) -> anyhow::Result<AsOf> {
        let parsed = Point::parse(point, self.now(), self.tz)?;
        Ok(parsed.resolve_as_of(&history.log, self.which())?)
    }

    /// What `--as-of` says.
    pub fn known(&self, history: &History) -> anyhow::Result<Option<AsOf>> {
        let point = self.as_of.as_deref();
        point.map(|point| self.as_of(point, history)).transpose()
    }

    /// The last position to be looked at; `None` where there is no limit.
    pub fn until(&self, history: &History) -> anyhow::Result<Option<Position>> {
        self.as_of
            .as_deref()
            .map(|point| self.position(point, history))
            .transpose()
    }
}

/// The same over what had occurred by the moment that a point names, where it names one.
pub(super) fn known_folder(folder: Folder, known: Option<AsOf>) -> Folder {
    match known.and_then(|known| known.occurred) {
        Some(time) => Folder::for_branch(&Arc::new(folder), Arc::new(Branch::known_of(time))),
        None => folder,
    }
}

/// One file, or several as one history.
pub fn source_of(files: &[PathBuf]) -> Source {
    match files {
        [file] => source_of_one(file),
        files => Source::Several(files.iter().map(source_of_one).collect()),
    }
}

fn source_of_one(file: impl AsRef<Path>) -> Source {
    Source::named(file.as_ref().to_owned())
}

/// A format by its id and a mapping from its file, as they are asked for.
pub(super) fn options(
    format: Option<&str>,
    mapping: Option<&PathBuf>,
) -> anyhow::Result<OpenOptions> {
    let mapping = mapping.map(read_mapping).transpose()?;
    Ok(OpenOptions {
        format: format.map(str::to_owned),
        mapping,
        ..OpenOptions::default()
    })
}

fn read_mapping(path: &PathBuf) -> anyhow::Result<MappingOverride> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the mapping {} cannot be read", path.display()))?;
    MappingOverride::parse(&text).map_err(|why| {
        anyhow::anyhow!(
            "the mapping {} cannot be used: {}",
            path.display(),
            why.trim()
        )
    })
}

/// The path of a file that could not be opened; said last.
#[derive(Debug)]
struct FilePath(String);

impl std::fmt::Display for FilePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The sentence first, the path last.
fn path_last(error: anyhow::Error) -> anyhow::Error {
    let Some(FilePath(path)) = error.downcast_ref() else {
        return error;
    };
    let path = path.clone();
    let sentence = error.root_cause().to_string();
    match error.downcast::<crate::source::Error>() {
        Ok(crate::source::Error::Cancelled) => crate::source::Error::Cancelled.into(),
        Ok(crate::source::Error::Unrecognized { why, start }) => {
            anyhow::anyhow!("{why}\nFile: {path}\n\n{}", start.trim_end())
        }
        _ => anyhow::anyhow!("{sentence}\nFile: {path}"),
    }
}
