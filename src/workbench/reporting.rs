//! The report that is composed: what the user chose of it, and the report itself as far as it is made.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::answer::Answer;
use super::look::Mark;
use super::plotting::PlotSource;
use super::workbench::Workbench;
use crate::event::Zone;
use crate::report::{
    AcceptedFinding, FieldWanted, Form, Noted, Paper, Report, ReportSection, ReportSettings,
    ScriptText, StreamNamed, TableWanted,
};

/// A report that was made, and as it is laid out.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The report.
    pub report: Arc<Report>,
    /// The same laid out.
    pub paper: Paper,
}

/// Which report is asked for: everything but what stands at its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportKey {
    /// Of which history.
    pub generation: u64,
    /// Of which number are the states of the history as recorded.
    pub states: u64,
    /// What is in it.
    pub settings: ReportSettings,
    /// In which zone times are shown.
    pub zone: Zone,
}

/// What the user chose.
#[derive(Clone, Debug, Default)]
pub struct Reporting {
    /// Title, case, note, sections, masking and tables; the rest follows what is shown elsewhere.
    pub settings: ReportSettings,
    /// Who prepares it.
    pub author: String,
    /// The fields to be masked as they are typed, between commas.
    pub mask: String,
    /// The name of the file without its ending; a proposed one where it is empty.
    pub name: String,
    /// The folder in which it is saved.
    pub folder: PathBuf,
    /// In which form it is saved.
    pub form: Form,
    /// Whether it is about the period from marker A to B, and not about everything.
    pub is_period: bool,
    /// The report.
    pub answer: Answer<ReportKey, Result<Arc<Composed>, String>>,
}

/// A change of what is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportEdit {
    /// The title.
    Title(String),
    /// Who prepares it.
    Author(String),
    /// The case.
    Case(String),
    /// The note at its head.
    Note(String),
    /// The fields to be masked, between commas.
    Mask(String),
    /// The name of the file.
    Name(String),
    /// The folder.
    Folder(PathBuf),
    /// The form.
    Form(Form),
    /// Put a section in, or leave it out.
    Section(ReportSection, bool),
    /// Put a table of the states of this category in, or leave it out.
    Table(String, bool),
    /// Put the roll-forward of a field of a category's states in, or leave it out.
    Rolled(String, String, bool),
    /// Only the period from A to B, or everything.
    Period(bool),
}

impl Reporting {
    /// Takes a change in.
    pub fn edit(&mut self, edit: ReportEdit) {
        let settings = &mut self.settings;
        match edit {
            ReportEdit::Title(text) => settings.title = text,
            ReportEdit::Author(text) => self.author = text,
            ReportEdit::Case(text) => settings.case = text,
            ReportEdit::Note(text) => settings.note = text,
            ReportEdit::Name(text) => self.name = text,
            ReportEdit::Folder(folder) => self.folder = folder,
            ReportEdit::Form(form) => self.form = form,
            ReportEdit::Period(is_period) => self.is_period = is_period,
            ReportEdit::Mask(text) => {
                let patterns = text.split(',').map(str::trim);
                settings.mask = patterns
                    .filter(|pattern| !pattern.is_empty())
                    .map(str::to_owned)
                    .collect();
                self.mask = text;
            }
            ReportEdit::Section(section, true) => {
                settings.without.remove(&section);
            }
            ReportEdit::Section(section, false) => {
                settings.without.insert(section);
            }
            ReportEdit::Rolled(category, field, is_in) => {
                let wanted = TableWanted {
                    category,
                    columns: vec![field],
                };
                settings.rolled.retain(|rolled| *rolled != wanted);
                if is_in {
                    settings.rolled.push(wanted);
                }
            }
            ReportEdit::Table(category, is_in) => {
                settings.tables.retain(|table| table.category != category);
                if is_in {
                    settings.tables.push(TableWanted {
                        category,
                        columns: Vec::new(),
                    });
                }
            }
        }
    }
}

impl Workbench {
    /// Begins anew for another history; who prepares reports and where they go stays.
    pub(super) fn forget_report(&mut self) {
        let known = std::mem::take(&mut self.reporting);
        self.reporting = Reporting {
            author: known.author,
            folder: known.folder,
            form: known.form,
            ..Reporting::default()
        };
    }

    /// The first and last position of the period between the markers; `None` without both.
    pub fn report_period(&self) -> Option<(u32, u32)> {
        let look = self.look();
        let (a, b): (Mark, Mark) = (look.marker_a?, look.marker_b?);
        Some((a.from.min(b.from).0, a.to.max(b.to).0))
    }

    /// What is in the report: what was chosen, with bookmarks, plots, scripts and markers as they are.
    pub fn report_settings(&self) -> ReportSettings {
        let reporting = &self.reporting;
        let mut settings = reporting.settings.clone();
        let Some(history) = &self.history else {
            return settings;
        };
        let look = self.look();
        if let Some((from, until)) = self.report_period().filter(|_| reporting.is_period) {
            (settings.from, settings.until) = (Some(from), Some(until));
            settings.explained = self.streams_explained();
        }
        settings.bookmarks = self.noted();
        settings.accepted = look.accepted.iter().map(accepted).collect();
        settings.sample = self.auditing.sample_wanted();
        settings.field = look.field.as_ref().map(|field| FieldWanted {
            stream: named(&history.log, field.stream),
            path: field.path.to_string(),
        });
        settings.projections = self.scripts_that_ran();
        settings
    }

    /// Bookmarks, each with the note on its event, and the other notes, by position.
    fn noted(&self) -> Vec<Noted> {
        let look = self.look();
        let note = |position| self.note_on(position).map(|note| note.text.clone());
        let bookmarks = look.bookmarks.iter().map(|bookmark| Noted {
            position: bookmark.position.0,
            name: bookmark.name.clone(),
            note: note(bookmark.position).unwrap_or_default(),
        });
        let has_bookmark = |position| {
            let mut bookmarks = look.bookmarks.iter();
            bookmarks.any(|bookmark| bookmark.position == position)
        };
        let others = look
            .notes
            .iter()
            .filter(|note| !has_bookmark(note.position));
        let others = others.map(|note| Noted {
            position: note.position.0,
            name: String::new(),
            note: note.text.clone(),
        });
        let mut noted: Vec<Noted> = bookmarks.chain(others).collect();
        noted.sort_by_key(|one| one.position);
        noted
    }

    /// The stream that is chosen and those of bookmarks: what changed in them is explained.
    fn streams_explained(&self) -> Vec<StreamNamed> {
        let look = self.look();
        let Some(history) = &self.history else {
            return Vec::new();
        };
        let bookmarks = look.bookmarks.iter().filter_map(|bookmark| bookmark.stream);
        let mut seen = BTreeSet::new();
        let chosen = look.selection.stream.into_iter().chain(bookmarks);
        chosen
            .filter(|stream| seen.insert(*stream))
            .map(|stream| named(&history.log, stream))
            .collect()
    }

    fn scripts_that_ran(&self) -> Vec<ScriptText> {
        let projecting = &self.projecting;
        let ran = |script: &&super::ScriptText| projecting.answers.contains_key(&script.id);
        let scripts = projecting.scripts.iter().filter(ran);
        // The plot that is shown of it is the one in the report.
        let plotted = |script: &super::ScriptText| {
            let mut plots = projecting.plotting.plots.iter();
            let of_script = |plot: &&super::Plot| plot.source == PlotSource::Script(script.id);
            let path = plots.find(of_script)?.path.as_ref()?;
            Some(path.to_string())
        };
        let text = |script: &super::ScriptText| ScriptText {
            name: script.name.clone(),
            text: script.text.clone(),
            skips_errors: script.on_error == super::OnError::Skip,
            plot: plotted(script),
        };
        scripts.map(text).collect()
    }

    /// The key of the report as it is chosen; `None` where nothing is open.
    pub fn report_key(&self) -> Option<ReportKey> {
        let history = self.history.as_ref()?;
        history.is_complete.then(|| ReportKey {
            generation: self.generation,
            states: self.states,
            settings: self.report_settings().without_head(),
            zone: self.look().zone,
        })
    }

    /// The report as it is chosen, where it is made.
    pub fn report(&self) -> Option<&Arc<Composed>> {
        let key = self.report_key()?;
        self.reporting.answer.for_key(&key).fresh()?.as_ref().ok()
    }

    /// A name for a file made of what is open, without an ending: `annals-report-shop-events`.
    pub fn name_for_file(&self, what: &str) -> String {
        let history = self.history.as_ref();
        let name = history.map_or("history", |history| history.about.name());
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let plain = |c: char| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '-'
            }
        };
        let stem: String = stem.chars().take(80).map(plain).collect();
        format!("{what}-{stem}")
    }
}

/// A finding that somebody accepted, as a report says it.
fn accepted(accepted: &super::Accepted) -> AcceptedFinding {
    AcceptedFinding {
        check: accepted.check.clone(),
        stream: accepted.stream.clone(),
        position: accepted.position.map(|position| position.0),
        finding: accepted.finding.clone(),
        reason: accepted.reason.clone(),
        by: accepted.by.clone(),
    }
}

/// A stream by its name, with its category where the name alone is not enough.
fn named(log: &crate::history::EventLog, stream: crate::event::StreamId) -> StreamNamed {
    let name = log.stream_name(stream);
    let is_one = log.streams_named(name).len() == 1;
    StreamNamed {
        name: name.to_owned(),
        category: (!is_one).then(|| log.category_of(stream).to_owned()),
    }
}
