//! The parts of a section as HTML.

use std::fmt::Write as _;

use super::super::escape::esc;
use super::super::paper::records::word;
use super::super::paper::{Block, Cell, Fact, Link, Paper, Sheet, SheetRow, Tone};
use super::super::svg::{field_svg, group_color, stacked_svg};
use super::records;
use crate::audit::{Status, count};
use crate::event::Zone;
use crate::projection::Stacked;

/// Writes a part.
pub(super) fn write(out: &mut String, paper: &Paper, block: &Block, zone: Zone) {
    match block {
        Block::Heading(text) => writeln!(out, "<h3>{}</h3>", esc(text)).ok(),
        Block::Note(text) => writeln!(out, "<p class=\"note\">{}</p>", esc(text)).ok(),
        Block::Facts(facts) => {
            write_facts(out, paper, facts);
            None
        }
        Block::Table(sheet) => {
            write_table(out, paper, sheet);
            None
        }
        Block::Checks(checks) => {
            write_checks(out, checks);
            None
        }
        Block::Stacked(plot) => {
            out.push_str(&legend(plot));
            writeln!(out, "<div class=\"plot\">{}</div>", stacked_svg(plot)).ok()
        }
        Block::Line(plot) => {
            writeln!(out, "<div class=\"plot\">{}</div>", field_svg(plot, zone)).ok()
        }
        Block::Code(text) => {
            let lines: Vec<String> = text.lines().map(esc).collect();
            writeln!(out, "<pre><code>{}</code></pre>", lines.join("\n")).ok()
        }
        Block::Records(exhibits) => {
            records::write(out, paper, exhibits, zone);
            None
        }
        Block::Sources => {
            write_sources(out, paper);
            None
        }
    };
}

fn write_facts(out: &mut String, paper: &Paper, facts: &[Fact]) {
    out.push_str("<dl class=\"facts\">\n");
    for fact in facts {
        let class = if fact.is_wide { " class=\"wide\"" } else { "" };
        writeln!(
            out,
            "<div{class}><dt>{}</dt><dd>{}</dd></div>",
            esc(&fact.name),
            cell_markup(paper, &fact.value)
        )
        .ok();
    }
    out.push_str("</dl>\n");
}

fn write_table(out: &mut String, paper: &Paper, sheet: &Sheet) {
    out.push_str("<table>\n");
    if sheet.columns.iter().any(|column| !column.name.is_empty()) {
        out.push_str("<thead><tr>");
        for column in &sheet.columns {
            let class = if column.is_number { " class=\"r\"" } else { "" };
            write!(out, "<th scope=\"col\"{class}>{}</th>", esc(&column.name)).ok();
        }
        out.push_str("</tr></thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &sheet.rows {
        write_row(out, paper, sheet, row);
    }
    out.push_str("</tbody>\n</table>\n");
}

fn write_row(out: &mut String, paper: &Paper, sheet: &Sheet, row: &SheetRow) {
    let has_mark = row.cells.first().is_some_and(|cell| cell.mark.is_some());
    out.push_str(match (row.is_member, has_mark) {
        (true, _) => "<tr class=\"member\">",
        (false, true) => "<tr class=\"marked\">",
        (false, false) => "<tr>",
    });
    for (cell, column) in row.cells.iter().zip(&sheet.columns) {
        let class = match (column.is_number, column.is_narrow) {
            (true, _) => " class=\"r\"",
            (false, true) => " class=\"s\"",
            (false, false) => "",
        };
        write!(out, "<td{class}>{}</td>", cell_markup(paper, cell)).ok();
    }
    out.push_str("</tr>\n");
}

/// A value: its mark, its text with a link to where it comes from, what stands below.
fn cell_markup(paper: &Paper, cell: &Cell) -> String {
    let mut out = cell.mark.map(mark).unwrap_or_default();
    let figure = cell.figure.as_ref();
    let figure = figure.map_or_else(String::new, |(id, _)| {
        format!(" data-figure=\"{}\"", esc(id))
    });
    let text = esc(&cell.text);
    let link = match cell.link {
        Link::None => None,
        Link::Record(at) => Some((format!("e{at}"), paper.reference(at))),
        Link::Source(at) => paper.sources.get(at).map(|source| {
            let shown = if source.filter.is_empty() {
                "all events".to_owned()
            } else {
                source.filter.clone()
            };
            (format!("s{}", at + 1), shown)
        }),
    };
    let text = match link {
        None => text,
        Some((anchor, title)) => {
            format!("<a href=\"#{anchor}\" title=\"{}\">{text}</a>", esc(&title))
        }
    };
    let text = match cell.tone {
        _ if cell.text.is_empty() => text,
        Tone::Plain if figure.is_empty() => text,
        Tone::Plain => format!("<span{figure}>{text}</span>"),
        Tone::Code => format!("<code{figure}>{text}</code>"),
        Tone::Bad => format!("<span class=\"bad\"{figure}>{text}</span>"),
        Tone::Negative => format!("<code class=\"bad\"{figure}>{text}</code>"),
    };
    out.push_str(&text);
    if !cell.sub.is_empty() {
        write!(out, "<span class=\"sub\">{}</span>", esc(&cell.sub)).ok();
    }
    out
}

fn write_checks(out: &mut String, checks: &[(Status, String)]) {
    out.push_str("<div class=\"bar\" aria-hidden=\"true\">");
    for (status, _) in checks {
        write!(out, "<i class=\"{}\"></i>", word(*status)).ok();
    }
    out.push_str("</div>\n<ul class=\"checks\">\n");
    for (status, title) in checks {
        let class = if *status == Status::Skipped {
            " class=\"quiet\""
        } else {
            ""
        };
        writeln!(out, "<li{class}>{}{}</li>", mark(*status), esc(title)).ok();
    }
    out.push_str("</ul>\n");
}

/// A small mark with its word for those who do not see it.
fn mark(status: Status) -> String {
    let word = word(status);
    let shape = match status {
        Status::Passed => "<circle cx=\"8\" cy=\"8\" r=\"7\"/><path d=\"M5 8.2l2.1 2.1L11 6.4\"/>",
        Status::Info => "<circle cx=\"8\" cy=\"8\" r=\"7\"/><path d=\"M8 7.4v3.8M8 4.6v.6\"/>",
        Status::Warning => {
            "<path class=\"fill\" d=\"M8 1.6L15.4 14.4H.6Z\"/><path d=\"M8 6v4M8 12v.4\"/>"
        }
        Status::Failed => {
            "<circle cx=\"8\" cy=\"8\" r=\"7\"/><path d=\"M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6\"/>"
        }
        Status::Skipped => "<circle cx=\"8\" cy=\"8\" r=\"7\"/><path d=\"M5 8h6\"/>",
    };
    format!(
        "<svg class=\"mark {word}\" viewBox=\"0 0 16 16\" width=\"14\" height=\"14\" role=\"img\" \
         aria-label=\"{word}\">{shape}</svg>"
    )
}

fn legend(plot: &Stacked) -> String {
    let mut out = String::from("<ul class=\"legend\">");
    for (index, group) in plot.groups.iter().enumerate() {
        if plot.group_total(index) > 0 {
            let color = group_color(plot, index);
            write!(
                out,
                "<li><i style=\"background:{color}\"></i>{}</li>",
                esc(&group.name)
            )
            .ok();
        }
    }
    out.push_str("</ul>\n");
    out
}

fn write_sources(out: &mut String, paper: &Paper) {
    out.push_str(
        "<table>\n<thead><tr><th scope=\"col\">Number</th><th scope=\"col\">Filter</th>\
         <th scope=\"col\" class=\"r\">Events</th><th scope=\"col\">From</th>\
         <th scope=\"col\">To</th></tr></thead>\n<tbody>\n",
    );
    for (nr, source) in (1..).zip(&paper.sources) {
        let filter = if source.filter.is_empty() {
            "none".to_owned()
        } else {
            format!("<code>{}</code>", esc(&source.filter))
        };
        writeln!(
            out,
            "<tr id=\"s{nr}\"><td>{}</td><td>{filter}</td><td class=\"r\"><code>{}</code></td>\
             <td><code>{}</code></td><td><code>{}</code></td></tr>",
            esc(&source.what),
            count(source.events),
            esc(&paper.reference(source.first)),
            esc(&paper.reference(source.last))
        )
        .ok();
    }
    out.push_str("</tbody>\n</table>\n");
}
