//! Exports from the window: the question where, then the writing of exactly what is shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::RgbaImage;

use crate::export::{
    RolledBy, Sheet, built_in_sheet, facets_sheet, findings_sheet, plotted_sheet,
    roll_forward_sheet, states_sheet,
};
use crate::fold::TableRow;
use crate::history::{Axis, History};
use crate::job::{ExportBody, ExportTask, Job, Kind, Outcome, Picked, with_ending};
use crate::projection::{Plotted, Slicing, StackedAsk, events_by_type};
use crate::report::{lines_svg, stacked_svg, svg_file};
use crate::ui::part::{Part, picture_of};
use crate::workbench::{Action, Export};

use super::app::App;

/// How many columns a drawing of the timeline has.
const TIMELINE_COLUMNS: usize = 120;

impl App {
    /// Asks where an export goes, if there is something to export.
    pub(super) fn ask_for_export(&mut self, what: Export) {
        if let Err(why) = self.export_body(what, Path::new("")) {
            self.say(why);
            return;
        }
        if !self.runner.is_busy(Kind::Dialog) {
            let name = self.export_name(what);
            self.request(Job::AskExport(what, name), "something is to be exported");
        }
    }

    /// Exports to where the user said, or to the home folder where there is no dialog to ask with.
    fn export_place_was_chosen(&self, what: Export, path: Option<PathBuf>) {
        if let Some(path) = path {
            self.send(Action::ExportAs(what, path));
        } else if !crate::job::has_dialogs() {
            let folder = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
            self.send(Action::ExportAs(what, folder.join(self.export_name(what))));
        }
    }

    /// Writes what is shown now. A picture is taken of the next frame.
    pub(super) fn export_as(&mut self, what: Export, path: &Path) {
        let path = with_ending(path, what.endings());
        if is_png(&path) {
            self.picture_wanted = Some((part_of(what), Some(path)));
            return;
        }
        match self.export_body(what, &path) {
            Ok(body) => self.export(body, path),
            Err(why) => self.say(why),
        }
    }

    fn export(&mut self, body: ExportBody, path: PathBuf) {
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        let task = ExportTask {
            history,
            body,
            zone: self.workbench.look().zone,
            path,
        };
        self.request(Job::Export(Box::new(task)), "something is to be exported");
    }

    /// What goes into the file, as it is shown; or why there is nothing to export.
    fn export_body(&self, what: Export, path: &Path) -> Result<ExportBody, String> {
        let history = self.workbench.history.as_ref();
        let history = history.ok_or("Open a file to export from it")?;
        match what {
            Export::Events => self.events_body(),
            Export::Chosen => self.chosen_body(),
            Export::States => self.states_body(history),
            Export::RollForward => self.rolled_body(history),
            Export::State => self.state_body(),
            Export::Plot if is_svg(path) => self.plot_svg(),
            Export::Plot => self.plot_body(),
            Export::Table => self.table_body(),
            Export::Timeline => self.timeline_body(history),
            Export::Findings => self.findings_body(),
            Export::Facets => self.facets_body(),
        }
    }

    /// The events that the table shows: those of the filter that is applied, once all are known.
    fn events_body(&self) -> Result<ExportBody, String> {
        let look = self.workbench.look();
        let wanted = self.workbench.filter_key((self.wall_clock)());
        if let Some(key) = wanted.filter(|_| !look.only_results) {
            let answer = self.workbench.answers.filter.for_key(&key).fresh();
            if !answer.is_some_and(|answer| answer.is_complete) {
                return Err("The filter is still being applied; export when it is done".to_owned());
            }
        }
        let shown = self.workbench.rows_shown().map(Arc::clone);
        let picked = match (shown, &look.question) {
            (None, _) => Picked::All,
            (Some(rows), Some(question)) if look.only_results => {
                Picked::Question(question.text.clone(), rows)
            }
            // What was answered last, which a filter that cannot be read leaves in force.
            (Some(rows), _) => {
                let answered = self.workbench.answers.filter.known();
                let text = answered.map(|(key, _)| key.text.clone());
                Picked::Filter(text.unwrap_or_default(), rows)
            }
        };
        Ok(ExportBody::Events(picked))
    }

    fn states_body(&self, history: &Arc<History>) -> Result<ExportBody, String> {
        let shown = self.workbench.answers.table.known();
        let shown = shown.and_then(|(ask, answer)| Some((ask, answer.as_ref().ok()?)));
        let (ask, answer) = shown.ok_or("The table of states is not known yet")?;
        if ask.key.generation != self.workbench.states() {
            return Err("The table of states is still being made".to_owned());
        }
        let (history, ask, answer) = (Arc::clone(history), ask.clone(), answer.clone());
        Ok(sheet(move || {
            let rows: Vec<TableRow<'_>> = answer
                .lines
                .iter()
                .map(|line| TableRow {
                    stream: line.stream,
                    version: line.version,
                    position: line.position,
                    cells: line.cells.iter().map(Option::as_deref).collect(),
                })
                .collect();
            states_sheet(&history.log, &ask.key.columns, &rows)
        }))
    }

    fn rolled_body(&self, history: &Arc<History>) -> Result<ExportBody, String> {
        let rolled = &self.workbench.answers.rolled;
        let shown = rolled.known().filter(|_| !rolled.is_asked());
        let shown = shown.filter(|(key, _)| key.generation == self.workbench.states());
        let rolled = shown.and_then(|(_, answer)| answer.as_ref().ok());
        let rolled = Arc::clone(rolled.ok_or("Show a roll-forward to export it")?);
        let history = Arc::clone(history);
        Ok(sheet(move || {
            roll_forward_sheet(&history.log, &rolled, RolledBy::Stream)
        }))
    }

    fn state_body(&self) -> Result<ExportBody, String> {
        let key = self.workbench.state_key().ok_or("No state is shown")?;
        let answer = self.workbench.answers.state.for_key(&key).fresh();
        let answer = answer.and_then(|answer| answer.as_ref().ok());
        let answer = answer.ok_or("The state is not known yet")?;
        let text = format!("{}\n", answer.state.value);
        Ok(ExportBody::Text(text.into()))
    }

    fn plot_body(&self) -> Result<ExportBody, String> {
        let plotting = &self.workbench.projecting.plotting;
        if let Some((key, _)) = self.workbench.lines_key() {
            let answer = plotting.lines.for_key(&key).fresh();
            let plotted = answer.and_then(|answer| answer.as_ref().ok());
            let plotted = plotted.ok_or("The plot is not known yet")?.clone();
            let axis = key.ask.axis;
            return Ok(sheet(move || plotted_sheet(&plotted, axis)));
        }
        let key = self.workbench.built_in_key().ok_or("No plot is shown")?;
        let answer = plotting.built_in.for_key(&key).fresh();
        let answered = answer.and_then(|answer| answer.as_ref().ok());
        let plotted = answered.ok_or("The plot is not known yet")?.plotted.clone();
        Ok(sheet(move || {
            plotted_sheet(&plotted, crate::history::Axis::Time)
        }))
    }

    /// The plot as a drawing.
    fn plot_svg(&self) -> Result<ExportBody, String> {
        let plotting = &self.workbench.projecting.plotting;
        let zone = self.workbench.look().zone;
        let drawn = |plotted: &Plotted, axis, title: &str| {
            ExportBody::Text(svg_file(&lines_svg(plotted, axis, zone, title)).into())
        };
        if let Some((key, _)) = self.workbench.lines_key() {
            let answer = plotting.lines.for_key(&key).fresh();
            let plotted = answer.and_then(|answer| answer.as_ref().ok());
            let plotted = plotted.ok_or("The plot is not known yet")?;
            return Ok(drawn(plotted, key.ask.axis, &key.ask.path.to_string()));
        }
        let key = self.workbench.built_in_key().ok_or("No plot is shown")?;
        let answer = plotting.built_in.for_key(&key).fresh();
        let answered = answer.and_then(|answer| answer.as_ref().ok());
        let answered = answered.ok_or("The plot is not known yet")?;
        Ok(drawn(&answered.plotted, Axis::Time, key.1.what.name()))
    }

    /// The events over time by type in the span that the timeline shows, as a drawing.
    fn timeline_body(&self, history: &Arc<History>) -> Result<ExportBody, String> {
        let look = self.workbench.look();
        if !look.filter.is_empty() {
            return Err(
                "A drawing shows all events; choose .png for what the filter leaves".to_owned(),
            );
        }
        let span = look.span();
        let axis = match look.axis {
            _ if history.log.time_range().is_none() => Axis::Sequence,
            axis => axis,
        };
        let ask = StackedAsk {
            axis,
            range: (span.from, span.to),
            slicing: Slicing::Columns(TIMELINE_COLUMNS),
            zone: look.zone,
        };
        let stacked = events_by_type(&history.log, &ask);
        Ok(ExportBody::Text(svg_file(&stacked_svg(&stacked)).into()))
    }

    fn table_body(&self) -> Result<ExportBody, String> {
        let plotting = &self.workbench.projecting.plotting;
        let key = self.workbench.built_in_key().ok_or("No table is shown")?;
        let answer = plotting.built_in.for_key(&key).fresh();
        let answered = answer.and_then(|answer| answer.as_ref().ok());
        let table = answered.ok_or("The table is not known yet")?.table.clone();
        Ok(sheet(move || built_in_sheet(&table)))
    }

    fn findings_body(&self) -> Result<ExportBody, String> {
        let key = self.workbench.generation;
        let answer = self.workbench.answers.audit.for_key(&key).fresh();
        let audit = answer.and_then(|audit| audit.as_ref().ok());
        let audit = audit.ok_or("Run the audit to export its findings")?.clone();
        Ok(sheet(move || findings_sheet(&audit)))
    }

    fn facets_body(&self) -> Result<ExportBody, String> {
        let key = self.workbench.generation;
        let facets = self.workbench.answers.facets.for_key(&key).fresh();
        let facets = facets.ok_or("The metadata are not counted yet")?.clone();
        Ok(sheet(move || facets_sheet(&facets)))
    }

    /// `annals-events-shop.csv`
    fn export_name(&self, what: Export) -> String {
        let ending = what.endings().first().copied().unwrap_or("txt");
        self.file_name(&format!("annals-{}", what.word()), ending)
    }

    /// Takes in where an export goes, or how it ended.
    pub(super) fn take_export(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::ChosenToExport(what, path) => self.export_place_was_chosen(what, path),
            Outcome::Exported(path, made) => self.export_was_made(&path, made),
            _ => {}
        }
    }

    /// Tells how an export ended.
    fn export_was_made(&mut self, path: &Path, made: Result<String, String>) {
        match made {
            Ok(what) => {
                let text = format!("{what} exported to {}", path.display());
                self.workbench.say(text, false, self.now, None);
            }
            Err(why) => self.complain(format!(
                "The export was not written: {why}\nFile: {}",
                path.display()
            )),
        }
    }

    /// Takes the picture that is wanted of the frame that was just drawn.
    pub(super) fn take_picture(&mut self, ctx: &egui::Context) {
        let Some((part, place)) = self.picture_wanted.take() else {
            return;
        };
        let Some(picture) = picture_of(ctx, part) else {
            self.say("There is no such plot on screen");
            return;
        };
        if let Some(path) = place {
            self.export(ExportBody::Picture(Arc::new(picture)), path);
        } else {
            copy(ctx, &picture);
            self.say("The picture is on the clipboard");
        }
    }
}

fn copy(ctx: &egui::Context, picture: &RgbaImage) {
    let side = |side: u32| usize::try_from(side).unwrap_or(0);
    let size = [side(picture.width()), side(picture.height())];
    ctx.copy_image(egui::ColorImage::from_rgba_unmultiplied(
        size,
        picture.as_raw(),
    ));
}

fn sheet(make: impl Fn() -> Sheet + Send + Sync + 'static) -> ExportBody {
    ExportBody::Sheet(Arc::new(make))
}

fn part_of(what: Export) -> Part {
    if what == Export::Timeline {
        Part::Timeline
    } else {
        Part::Plot
    }
}

fn has_ending(path: &Path, wanted: &str) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
}

fn is_png(path: &Path) -> bool {
    has_ending(path, "png")
}

fn is_svg(path: &Path) -> bool {
    has_ending(path, "svg")
}
