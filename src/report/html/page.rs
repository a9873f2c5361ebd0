//! A page that grows section by section and knows its table of contents.

use std::fmt::Write as _;

use super::super::escape::esc;
use crate::audit::count;

/// The body of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    body: String,
    /// Anchor, heading and number of what stands in it.
    sections: Vec<(&'static str, &'static str, Option<u64>)>,
}

impl Page {
    /// Begins a section, which ends where the next one begins.
    pub(super) fn section(&mut self, anchor: &'static str, heading: &'static str, n: Option<u64>) {
        if !self.sections.is_empty() {
            self.body.push_str("</section>\n");
        }
        self.sections.push((anchor, heading, n));
        writeln!(self.body, "<section id=\"{anchor}\">\n<h2>{heading}</h2>").ok();
    }

    /// Adds markup: whatever in it comes from the file has been escaped.
    pub(super) fn markup(&mut self, markup: &str) {
        self.body.push_str(markup);
        self.body.push('\n');
    }

    /// Adds a paragraph of text.
    pub(super) fn note(&mut self, text: &str) {
        writeln!(self.body, "<p class=\"note\">{}</p>", esc(text)).ok();
    }

    /// Adds a smaller heading.
    pub(super) fn heading(&mut self, text: &str) {
        writeln!(self.body, "<h3>{}</h3>", esc(text)).ok();
    }

    /// Adds a table; rows hold markup, a column marked `r` stands to the right.
    pub(super) fn table(&mut self, head: &[(&str, &str)], rows: &[Vec<String>]) {
        self.body.push_str("<table>\n<thead><tr>");
        for (name, class) in head {
            write!(self.body, "<th scope=\"col\" class=\"{class}\">{name}</th>").ok();
        }
        self.body.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for (cell, (_, class)) in row.iter().zip(head) {
                write!(self.body, "<td class=\"{class}\">{cell}</td>").ok();
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody>\n</table>\n");
    }

    /// Adds a box of names and values; values hold markup.
    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        self.body.push_str("<dl class=\"facts\">\n");
        for (name, value) in facts {
            writeln!(
                self.body,
                "<div><dt>{}</dt><dd>{value}</dd></div>",
                esc(name)
            )
            .ok();
        }
        self.body.push_str("</dl>\n");
    }

    /// The list of sections that stands beside the page.
    pub(super) fn contents(&self) -> String {
        let mut out = String::from("<nav aria-label=\"Contents\">\n");
        for (anchor, heading, n) in &self.sections {
            let n = n.map_or_else(String::new, |n| format!("<span>{}</span>", count(n)));
            writeln!(out, "<a href=\"#{anchor}\">{heading}{n}</a>").ok();
        }
        out.push_str("</nav>\n");
        out
    }

    /// All sections.
    pub(super) fn body(&mut self) -> &str {
        if !self.sections.is_empty() && !self.body.ends_with("</section>\n") {
            self.body.push_str("</section>\n");
        }
        &self.body
    }
}
