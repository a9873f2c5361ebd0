//! The report as Markdown: what is laid out, in tables; of plots the sentences.

use std::fmt::Write as _;

use super::escape::md;
use super::exhibits::{Exhibit, Stored};
use super::manifest::Manifest;
use super::paper::records::word;
use super::paper::{Block, Cell, Paper, Sheet};
use super::report::Report;
use super::text::moment;
use crate::audit::{count, counted};
use crate::event::{Zone, visible};

/// What the manifest begins with.
pub(super) const MANIFEST: &str = "```json annals-manifest\n";

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let paper = Paper::of(report);
    let manifest = Manifest::of(report, &paper);
    let head = &paper.head;
    let mut out = format!("# {}\n\n", md(&head.title));
    for text in [
        &head.verdict,
        &head.kind,
        &head.period,
        &head.note,
        &head.zone,
    ] {
        if !text.is_empty() {
            write!(out, "{}\n\n", md(text)).ok();
        }
    }
    writeln!(out, "{}", md(&head.run)).ok();
    for section in &paper.sections {
        writeln!(out, "\n## {}", section.section.title()).ok();
        for block in &section.blocks {
            write_block(&mut out, &paper, block, report.ask.zone);
        }
    }
    out.push_str("\n## Manifest\n\n");
    out.push_str(MANIFEST);
    // In JSON a backtick may be written so, and then nothing in it ends the block.
    out.push_str(&visible_json(&manifest.to_json()));
    out.push_str("\n```\n");
    out
}

/// JSON without characters that end the block or hide something.
fn visible_json(json: &str) -> String {
    let lines: Vec<String> = json
        .split('\n')
        .map(|line| visible(&line.replace('`', "\\u0060")).into_owned())
        .collect();
    lines.join("\n")
}

fn write_block(out: &mut String, paper: &Paper, block: &Block, zone: Zone) {
    out.push('\n');
    match block {
        Block::Heading(text) => writeln!(out, "### {}", md(text)).ok(),
        Block::Note(text) => writeln!(out, "{}", md(text)).ok(),
        Block::Facts(facts) => {
            out.push_str("| | |\n| --- | --- |\n");
            for fact in facts {
                writeln!(
                    out,
                    "| {} | {} |",
                    md(&fact.name),
                    cell_text(paper, &fact.value)
                )
                .ok();
            }
            None
        }
        Block::Table(sheet) => {
            write_table(out, paper, sheet);
            None
        }
        Block::Checks(checks) => {
            for (status, title) in checks {
                writeln!(out, "- {}: {}", md(title), word(*status)).ok();
            }
            None
        }
        // The sentence below says what it shows.
        Block::Stacked(_) => None,
        Block::Line(plot) => writeln!(out, "{}", md(&plot.series.summary(zone))).ok(),
        Block::Code(text) => {
            let lines: Vec<String> = text
                .lines()
                .map(|line| format!("    {}", visible(line)))
                .collect();
            writeln!(out, "{}", lines.join("\n")).ok()
        }
        Block::Records(exhibits) => {
            for one in exhibits {
                write_record(out, paper, one, zone);
            }
            None
        }
        Block::Sources => {
            out.push_str(
                "| Number | Filter | Events | From | To |\n| --- | --- | ---: | --- | --- |\n",
            );
            for source in &paper.sources {
                writeln!(
                    out,
                    "| {} | {} | {} | {} | {} |",
                    md(&source.what),
                    md(&source.filter),
                    count(source.events),
                    md(&paper.reference(source.first)),
                    md(&paper.reference(source.last))
                )
                .ok();
            }
            None
        }
    };
}

fn write_table(out: &mut String, paper: &Paper, sheet: &Sheet) {
    let heads: Vec<String> = sheet
        .columns
        .iter()
        .map(|column| md(&column.name))
        .collect();
    let lines: Vec<&str> = sheet
        .columns
        .iter()
        .map(|column| if column.is_number { "---:" } else { "---" })
        .collect();
    writeln!(out, "| {} |\n| {} |", heads.join(" | "), lines.join(" | ")).ok();
    for row in &sheet.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell_text(paper, cell))
            .collect();
        let member = if row.is_member { "\u{2013} " } else { "" };
        writeln!(out, "| {member}{} |", cells.join(" | ")).ok();
    }
}

fn cell_text(paper: &Paper, cell: &Cell) -> String {
    let mark = cell.mark.map_or_else(String::new, |mark| {
        if cell.text == word(mark) {
            String::new()
        } else {
            format!("{}: ", word(mark))
        }
    });
    let sub = if cell.sub.is_empty() {
        String::new()
    } else {
        format!(" \u{2013} {}", md(&cell.sub))
    };
    let text = match cell.link {
        super::paper::Link::Record(at) => md(&paper.reference(at)),
        _ => md(&cell.text),
    };
    format!("{mark}{text}{sub}")
}

fn write_record(out: &mut String, paper: &Paper, one: &Exhibit, zone: Zone) {
    let version = one
        .version
        .map_or_else(String::new, |version| format!(" v{version}"));
    let time = one
        .time
        .map_or_else(String::new, |time| format!(", {}", moment(time, zone)));
    writeln!(
        out,
        "#### {}\n\n{} of {}{version}{}\n",
        md(&paper.reference(one.position)),
        md(&one.event_type),
        md(&one.stream),
        md(&time)
    )
    .ok();
    if let Some(why) = &one.unreadable {
        writeln!(out, "It cannot be read: {}\n", md(why)).ok();
    }
    for (name, stored) in [("Data", &one.data), ("Metadata", &one.metadata)] {
        write_stored(out, name, stored);
    }
}

fn write_stored(out: &mut String, name: &str, stored: &Stored) {
    let Some(text) = &stored.text else { return };
    let digest = stored
        .sha256
        .as_deref()
        .map_or_else(String::new, |digest| format!(", SHA-256 {digest}"));
    writeln!(out, "{name}, {}{digest}\n", counted(stored.bytes, "byte")).ok();
    for line in text.split('\n') {
        writeln!(out, "    {}", visible(line)).ok();
    }
    out.push('\n');
}
