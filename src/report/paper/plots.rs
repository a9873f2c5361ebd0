//! The sections Activity and State over time.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Block, Cell, Column, Figure, Paper, Sheet};
use crate::audit::counted;
use crate::audit::integrity::hex;
use crate::event::{Decimal, Zone};
use crate::history::Axis;
use crate::projection::{Stacked, Step};
use crate::report::plots::FieldPlot;
use crate::report::report::Report;
use crate::report::text::{capital, moment};

/// Events over time by type.
pub(super) fn activity(paper: &mut Paper, report: &Report) -> Vec<Block> {
    let Some(plot) = &report.plots.by_type else {
        return Vec::new();
    };
    let unit = plot
        .bucket
        .map_or_else(|| "slice of positions".to_owned(), |bucket| bucket.label());
    let axis = match plot.ask.axis {
        Axis::Time => format!("Recorded time, {}.", report.zone_name()),
        Axis::Sequence => "By position.".to_owned(),
    };
    paper.digest("activity", "events over time by type", |text| {
        counts(plot, text);
    });
    vec![
        Block::Heading(format!("Events per {unit}")),
        Block::Stacked(Box::new(plot.clone())),
        Block::Note(format!("{axis} {}", plot.summary())),
    ]
}

fn counts(plot: &Stacked, text: &mut String) {
    for column in 0..plot.n_columns() {
        writeln!(text, "{} {:?}", plot.edge_text(column), plot.column(column)).ok();
    }
}

/// A number of a stream's state.
pub(super) fn state(paper: &mut Paper, report: &Report) -> Vec<Block> {
    let Some(plot) = &report.plots.field else {
        return Vec::new();
    };
    let made = if plot.is_application_state {
        format!("State by the rules {}", plot.label)
    } else {
        format!(
            "{}: each payload laid over the one before, no state of the application",
            capital(&plot.label)
        )
    };
    let mut blocks = vec![Block::Heading(format!("{} of {}", plot.path, plot.stream))];
    blocks.extend(line(paper, plot, "state", report.ask.zone));
    let changes = counted(plot.n_changes as u64, "change");
    blocks.push(Block::Note(format!("{made}. {changes}.")));
    blocks
}

/// A plot of a number, with its least, greatest and last value.
pub(super) fn line(paper: &mut Paper, plot: &FieldPlot, id: &str, zone: Zone) -> Vec<Block> {
    let what = format!("{} of {} over time", plot.path, plot.stream);
    paper.digest(id, &what, |text| {
        for step in &plot.series.points {
            let value = step.value.map(|value| value.to_string());
            writeln!(text, "{} {}", step.position.0, value.unwrap_or_default()).ok();
        }
    });
    let mut sheet = Sheet::new(vec![
        Column::text("Point"),
        Column::number("Value"),
        Column::number("Event"),
        Column::number("Time"),
    ]);
    let last = plot.series.points.last().copied();
    let points = [
        ("Lowest", "least", plot.series.least),
        ("Highest", "greatest", plot.series.greatest),
        ("Last", "last", last),
    ];
    for (name, word, step) in points {
        let Some(step) = step else { continue };
        let [value, at, time] = cells(paper, step, plot.series.axis, zone);
        let value = value.figure(format!("{id}.{word}"), format!("{word} value of {what}"));
        sheet.row(vec![Cell::text(name), value, at, time]);
    }
    vec![Block::Line(Box::new(plot.clone())), Block::Table(sheet)]
}

fn cells(paper: &Paper, step: Step, axis: Axis, zone: Zone) -> [Cell; 3] {
    let value = step.value.map(number);
    let time = match axis {
        Axis::Time => moment(crate::event::Timestamp(step.x), zone),
        Axis::Sequence => String::new(),
    };
    [
        value.unwrap_or_else(|| Cell::text("no value")),
        paper.event(step.position.0),
        Cell::code(time),
    ]
}

/// An exact number; one below zero is told apart.
fn number(value: Decimal) -> Cell {
    shown_number(&value.to_string())
}

/// A value as it is written; a number below zero is told apart.
pub(super) fn shown_number(text: &str) -> Cell {
    let is_negative = text.starts_with('-') && Decimal::parse(text).is_some();
    let tone = if is_negative {
        super::Tone::Negative
    } else {
        super::Tone::Code
    };
    Cell::text(text).toned(tone)
}

impl Paper {
    /// Notes the digest of what stands behind a plot.
    pub(super) fn digest(&mut self, id: &str, label: &str, write: impl FnOnce(&mut String)) {
        let mut text = String::new();
        write(&mut text);
        self.digests.push(Figure {
            id: format!("plot.{id}"),
            label: format!("plot of {label}"),
            value: hex(&Sha256::digest(text.as_bytes())),
        });
    }
}
