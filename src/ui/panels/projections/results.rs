//! The plot of what a projection gave, under its tabs and tools: as lines, as a table of points, or as two
//! periods over each other.

use egui::Ui;

use super::{head, overlay, periods, plot, points, side, waiting_ui};
use crate::event::Timestamp;
use crate::history::EventLog;
use crate::projection::{Bucket, BuiltInAsk};
use crate::ui::View;
use crate::ui::widgets::empty::Empty;
use crate::workbench::{Freshness, Plot};

/// The plot of results.
#[derive(Default)]
pub(super) struct ResultsPart {
    lines: plot::LinesPlot,
    points: points::Points,
    overlay: overlay::OverlayPlot,
}

impl ResultsPart {
    /// Shows it in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, plot: &Plot) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let plotting = &view.workbench.projecting.plotting;
        let key = view.workbench.lines_key().map(|(key, _)| key);
        let answer = || key.as_ref().map(|key| plotting.lines.for_key(key));
        let lines = answer().and_then(Freshness::value);
        let lines = lines.and_then(|lines| lines.as_ref().ok());
        let counted = view.workbench.built_in_key();
        let counted = counted.and_then(|key| plotting.built_in.for_key(&key).value());
        let counted = counted.and_then(|answer| Some(&answer.as_ref().ok()?.plotted));
        head::tabs_ui(ui, view, log, lines.or(counted));
        if let Some(key) = view.workbench.built_in_key() {
            self.built_in_ui(ui, view, log, (plot, &key));
            return;
        }
        let known = view.workbench.results_of(plot.source);
        head::tools_ui(ui, view, plot, known.as_ref());
        if self.overlay_ui(ui, view, log, plot) {
            return;
        }
        let why = known.and_then(|known| known.results.err());
        let title = side::title(view, log, plot);
        match (why, answer()) {
            (Some(why), _) => {
                Empty::new("There is nothing to plot")
                    .why(&why)
                    .failed()
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Err(why)))) => {
                Empty::new("There is no line to draw")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Ok(lines)))) if lines.lines.is_empty() => {
                Empty::new("No state has this field")
                    .why("Choose another one under Value.")
                    .show(ui);
            }
            (None, Some(Freshness::Fresh(Ok(lines)) | Freshness::Stale(Ok(lines)))) => {
                let partial = view.workbench.partial_key();
                let partial = partial.map(|(key, _)| plotting.partial.for_key(&key));
                let partial = partial.and_then(Freshness::fresh);
                let drawn = plot::Drawn {
                    plot,
                    title: &title,
                    lines,
                    answer: (false, plotting.lines.n_taken()),
                    partial: partial.and_then(|partial| partial.as_ref().ok()),
                };
                self.drawn_ui(ui, view, log, &drawn);
            }
            _ => waiting_ui(ui),
        }
    }

    /// The lines, or their points as a table.
    fn drawn_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, drawn: &plot::Drawn<'_>) {
        if self.points.is_shown {
            self.points.ui(ui, view, drawn.lines);
        } else if self.lines.ui(ui, view, log, drawn) {
            self.points.is_shown = true;
        }
    }

    /// A projection without code.
    fn built_in_ui(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        log: &EventLog,
        (plot, key): (&Plot, &(u64, BuiltInAsk)),
    ) {
        head::tools_ui(ui, view, plot, None);
        let answer = view.workbench.projecting.plotting.built_in.for_key(key);
        let title = side::title(view, log, plot);
        match answer.value() {
            Some(Err(why)) => {
                Empty::new("This cannot be counted")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Some(Ok(answered)) if answered.plotted.lines.is_empty() => {
                let notes = answered.plotted.notes.join(". ");
                Empty::new("There is no line over time")
                    .why(&notes)
                    .show(ui);
            }
            Some(Ok(answered)) => {
                let drawn = plot::Drawn {
                    plot,
                    title: &title,
                    lines: &answered.plotted,
                    answer: (true, view.workbench.projecting.plotting.built_in.n_taken()),
                    partial: None,
                };
                self.drawn_ui(ui, view, log, &drawn);
            }
            None => waiting_ui(ui),
        }
    }

    /// Two periods over each other, where that is wanted and known.
    fn overlay_ui(&mut self, ui: &mut Ui, view: &View<'_>, log: &EventLog, plot: &Plot) -> bool {
        let Some((key, _)) = view.workbench.overlay_key() else {
            return false;
        };
        let overlays = &view.workbench.projecting.plotting.overlay;
        let answer = overlays.for_key(&key);
        let Some(Ok(overlays)) = answer.value() else {
            waiting_ui(ui);
            return true;
        };
        let Some((overlay, bucket)) = overlays.first().zip(plot.by) else {
            Empty::new("Neither period has a value").show(ui);
            return true;
        };
        let [a, b] = key.periods.map(|period| period_name(period, view));
        let names = overlay::Names {
            a,
            b,
            bucket,
            title: side::title(view, log, plot),
        };
        self.overlay.ui(ui, view, overlay, &names);
        true
    }
}

/// What a period is called: `February 2024`, or from when to when it is.
fn period_name((from, to): (i64, i64), view: &View<'_>) -> String {
    let zone = view.look().zone;
    let start = Timestamp(from);
    let units = [Bucket::Year, Bucket::Quarter, Bucket::Month, Bucket::Day];
    let is_it = |unit: &Bucket| {
        let edges = unit.edges((start, start), zone, 1);
        let ends = edges.first().zip(edges.get(1));
        ends.is_some_and(|(a, b)| a.0 == from && b.0.saturating_sub(1) == to)
    };
    let wall = |at: i64| zone.wall(Timestamp(at)).date_time(' ', 0);
    let text = wall(from);
    match units.iter().find(|unit| is_it(unit)) {
        Some(Bucket::Year) => text.get(..4).unwrap_or_default().to_owned(),
        Some(Bucket::Month | Bucket::Quarter) => periods::short_name(zone.wall(start)),
        Some(_) => text.get(..10).unwrap_or_default().to_owned(),
        None => {
            let to = wall(to);
            let day = |text: &str| text.get(..10).unwrap_or_default().to_owned();
            format!("{} to {}", day(&text), day(&to))
        }
    }
}
