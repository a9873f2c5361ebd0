//! Makes reports, writes them with their digest beside, and makes one again to verify it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::evidence::audit_history;
use super::job::file_name;
use super::outcome::Outcome;
use super::progress::Progress;
use crate::audit::Audit;
use crate::audit::integrity::hex;
use crate::event::Timestamp;
use crate::export::{self, WholeFile, refuse_evidence};
use crate::fold::{Folder, LastPayload, Merge, MergePatch, Reducer, Rules};
use crate::history::History;
use crate::report::{
    Form, Manifest, Opening, Paper, Report, ReportAsk, ReportSection, ReportSettings, RulesForm,
    RulesUsed, SampleWanted, StreamNamed, Verified, verify,
};
use crate::script::ScriptRules;
use crate::workbench::{Composed, ReportKey};

/// What a report is made of.
#[derive(Clone)]
pub struct ReportTask {
    /// Makes states; holds the history.
    pub folder: Arc<Folder>,
    /// The audit of the history.
    pub audit: Arc<Audit>,
    /// What is asked for.
    pub ask: ReportAsk,
}

/// A report that is to be written.
#[derive(Clone)]
pub struct SaveTask {
    /// What it is made of.
    pub task: ReportTask,
    /// The same as it was made before, perhaps under another title; made anew where there is none.
    pub known: Option<Arc<Report>>,
    /// Where it goes; the ending says in which form.
    pub path: PathBuf,
}

/// This program with its version, as reports name it.
pub fn program() -> String {
    format!("Annals {}", env!("CARGO_PKG_VERSION"))
}

/// Makes a report; `None` where it was stopped.
pub fn make_report(task: &ReportTask, cancel: &dyn Fn() -> bool) -> Option<Report> {
    Report::gather(&task.folder, (*task.audit).clone(), &task.ask, cancel)
}

/// Makes a report to be looked at.
pub(super) fn compose(key: &ReportKey, task: &ReportTask, cancel: &dyn Fn() -> bool) -> Outcome {
    match make_report(task, cancel) {
        None => Outcome::Stopped,
        Some(report) => {
            let paper = Paper::of(&report);
            let report = Arc::new(report);
            let made = Arc::new(Composed { report, paper });
            Outcome::Composed(Box::new(key.clone()), Ok(made))
        }
    }
}

/// Makes a report, or takes the one that is known, and writes it with its SHA-256 beside.
pub fn save_report(task: &SaveTask, cancel: &dyn Fn() -> bool) -> Result<(), String> {
    let inputs = &task.task.folder.history().about.inputs;
    refuse_evidence(&task.path, inputs.iter().map(PathBuf::as_path))
        .map_err(|error| error.to_string())?;
    let known = task.known.as_ref().filter(|known| {
        let (known, asked) = (&known.ask, &task.task.ask);
        known.zone == asked.zone && known.settings.without_head() == asked.settings.without_head()
    });
    let report = match known {
        Some(known) => known.asked(task.task.ask.clone()),
        None => make_report(&task.task, cancel).ok_or("it was stopped")?,
    };
    write_report(&report, &task.path).map_err(|error| export::Error::from(error).to_string())
}

/// Writes a report in the form that the name's ending says, and its digest beside, as `sha256sum -c`
/// reads it.
pub fn write_report(report: &Report, path: &Path) -> std::io::Result<()> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let form = ending.and_then(Form::of_ending).unwrap_or_default();
    let text = form.write(report);
    let digest = hex(&Sha256::digest(text.as_bytes()));
    let line = format!("{digest}  {}\n", file_name(path));
    // Both are whole before either has its name: where the disk is full, neither is there.
    let mut whole = Vec::new();
    for (path, bytes) in [
        (path.to_owned(), text.as_bytes()),
        (digest_path(path), line.as_bytes()),
    ] {
        let mut file = WholeFile::begin(&path)?;
        file.file().write_all(bytes)?;
        whole.push(file);
    }
    whole.into_iter().try_for_each(WholeFile::finish)
}

/// Where the digest of a report lies: `report.html.sha256`.
pub fn digest_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sha256");
    PathBuf::from(name)
}

/// Whether the digest that lies beside a report is that of its bytes; `None` where none lies there.
pub fn digest_holds(path: &Path, bytes: &[u8]) -> Option<bool> {
    let line = std::fs::read_to_string(digest_path(path)).ok()?;
    let digest = line.split_whitespace().next()?.to_lowercase();
    Some(digest == hex(&Sha256::digest(bytes)))
}

/// The command that makes a report, and on the next line the one that verifies it.
pub fn commands(
    history: &History,
    opening: &Opening,
    settings: &ReportSettings,
    rules: Option<&Path>,
    path: &Path,
) -> String {
    let inputs = history.about.inputs.iter().map(|path| quoted_path(path));
    let mut files = inputs.collect::<Vec<_>>().join(" ");
    if files.is_empty() {
        "--demo".clone_into(&mut files);
    }
    let out = quoted_path(path);
    let verify = format!("annals report --verify {out} {files}");
    if opening.joins_streams {
        files.push_str(" --join-streams");
    }
    let mut command = format!("annals report {files} -o {out}");
    let mut option = |name: &str, value: &str| {
        write!(command, " --{name} {}", quoted(value)).ok();
    };
    if let Some(format) = &opening.format {
        option("format", format);
    }
    if let Some(rules) = rules {
        option("rules", &rules.display().to_string());
    }
    for (name, text) in [("title", &settings.title), ("case", &settings.case)] {
        if !text.is_empty() {
            option(name, text);
        }
    }
    for (name, at) in [("from", settings.from), ("to", settings.until)] {
        if let Some(at) = at {
            option(name, &format!("#{at}"));
        }
    }
    if !settings.without.is_empty() {
        option("sections", &sections_text(settings));
    }
    for pattern in &settings.mask {
        option("mask", pattern);
    }
    for table in &settings.tables {
        let columns = table.columns.join(",");
        let colon = if columns.is_empty() { "" } else { ":" };
        option("table", &format!("{}{colon}{columns}", table.category));
    }
    for one in &settings.rolled {
        option(
            "rollforward",
            &format!("{}:{}", one.category, one.columns.join(",")),
        );
    }
    for StreamNamed { name, .. } in &settings.explained {
        option("explain", name);
    }
    for script in &settings.projections {
        option("projection", &script.name);
    }
    let gone_through =
        |sample: &SampleWanted| !sample.looked_at.is_empty() || !sample.remarks.is_empty();
    let gone_through = settings.sample.as_ref().is_some_and(gone_through);
    if let Some(sample) = settings.sample.as_ref().filter(|_| !gone_through) {
        option("sample", &sample.n.to_string());
        option("seed", &sample.seed.to_string());
    }
    if gone_through || !settings.bookmarks.is_empty() || !settings.note.is_empty() {
        option("like", &path.display().to_string());
    }
    format!("{command}\n{verify}")
}

/// The sections of a report by their words, those left out that can be.
fn sections_text(settings: &ReportSettings) -> String {
    let shown = ReportSection::ALL
        .into_iter()
        .filter(|section| settings.has(*section) && !section.is_fixed());
    let words: Vec<&str> = shown.map(ReportSection::id).collect();
    words.join(",")
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A word of a command line.
fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "/._-~,:".contains(c));
    if is_plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// The reducer that a report was made with.
pub fn reducer_of(rules: &RulesUsed) -> Result<Arc<dyn Reducer>, String> {
    match (rules.form, rules.name.as_str()) {
        (Some(RulesForm::Rules), name) => Rules::parse(name, &rules.text)
            .map(|rules| Arc::new(rules) as Arc<dyn Reducer>)
            .map_err(|error| error.to_string()),
        (Some(RulesForm::Script), name) => ScriptRules::parse(name, &rules.text)
            .map(|rules| Arc::new(rules) as Arc<dyn Reducer>)
            .map_err(|error| error.to_string()),
        (None, "merge-patch") => Ok(Arc::new(MergePatch)),
        (None, "last-payload") => Ok(Arc::new(LastPayload)),
        (None, _) => Ok(Arc::new(Merge)),
    }
}

/// Makes a report again from its files and holds it against its text.
///
/// What is no content of the files, their names and the times of their last write, is taken from the
/// report and told of where it is otherwise now.
pub fn verify_again(
    text: &str,
    manifest: &Manifest,
    mut history: Arc<History>,
    progress: &Progress,
) -> Result<Option<Verified>, String> {
    if history.about.files.len() != manifest.files.len() {
        return Err(format!(
            "the report is about {} files, and these are {}",
            manifest.files.len(),
            history.about.files.len()
        ));
    }
    let mut notes = Vec::new();
    let names = as_examined(&mut history, manifest, &mut notes);
    let reducer = reducer_of(&manifest.rules)
        .map_err(|why| format!("the rules of the report cannot be used: {why}"))?;
    let folder = Arc::new(Folder::new(history, reducer));
    let Some(mut audit) = audit_history(&folder, progress)? else {
        return Ok(None);
    };
    for title in manifest.carry(&mut audit) {
        notes.push(format!(
            "\"{title}\" depends on more than the files and was taken over from the report"
        ));
    }
    for found in &mut audit.findings {
        rename(found.place.as_mut(), &names);
    }
    let ask = ReportAsk {
        settings: manifest.settings.clone(),
        zone: manifest
            .zone()
            .ok_or_else(|| format!("this system does not know the zone {}", manifest.zone))?,
        command: manifest.command.clone(),
        program: program(),
        made_at: Timestamp(0),
        made_by: None,
        opening: manifest.opening.clone(),
    };
    let task = ReportTask {
        folder,
        audit: Arc::new(audit),
        ask,
    };
    let Some(mut again) = make_report(&task, &|| progress.is_cancelled()) else {
        return Ok(None);
    };
    for exhibit in &mut again.exhibits {
        rename(Some(&mut exhibit.place), &names);
    }
    let mut verified = verify(text, manifest, &again);
    verified.notes.splice(0..0, notes);
    Ok(Some(verified))
}

/// Names and times of the files as the report has them; the names that are otherwise now, with those of
/// the report.
fn as_examined(
    history: &mut Arc<History>,
    manifest: &Manifest,
    notes: &mut Vec<String>,
) -> Vec<(String, String)> {
    let mut names = Vec::new();
    let Some(history) = Arc::get_mut(history) else {
        return names;
    };
    for (file, was) in history.about.files.iter_mut().zip(&manifest.files) {
        if file.name != was.name {
            notes.push(format!("{} is called {} here", was.name, file.name));
            names.push((file.name.clone(), was.name.clone()));
            file.name.clone_from(&was.name);
        }
        let modified = was.modified.map(Timestamp);
        if file.modified != modified {
            notes.push(format!("{} was last written at another time", was.name));
            file.modified = modified;
        }
    }
    names
}

/// A place in a file as the report names it.
fn rename(place: Option<&mut String>, names: &[(String, String)]) {
    let Some(place) = place else { return };
    for (is, was) in names {
        if let Some(rest) = place.strip_prefix(is.as_str()) {
            *place = format!("{was}{rest}");
            return;
        }
    }
}
