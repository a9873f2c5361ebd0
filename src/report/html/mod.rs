//! The report as one HTML page: no scripts, nothing loaded, made to be printed.
//!
//! Everything that comes from the file goes through [`super::escape::esc`]. Who prepared it and when
//! stands in the element `#run` alone, on a line of its own; all else depends on files and settings only.

mod blocks;
mod records;
mod style;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::escape::esc;
use super::manifest::Manifest;
use super::paper::{Head, Paper};
use super::report::Report;
use crate::audit::count;
use crate::event::visible;

/// What the manifest begins with.
pub(super) const MANIFEST: &str = "<script type=\"application/json\" id=\"manifest\">";

/// The page.
pub fn html(report: &Report) -> String {
    let paper = Paper::of(report);
    let manifest = Manifest::of(report, &paper);
    let mut out = head(&paper.head);
    contents(&mut out, &paper);
    out.push_str("<main>\n");
    title_block(&mut out, &paper.head);
    for section in &paper.sections {
        let kind = section.section;
        writeln!(
            out,
            "<section id=\"{}\">\n<h2>{}</h2>",
            kind.id(),
            kind.title()
        )
        .ok();
        for block in &section.blocks {
            blocks::write(&mut out, &paper, block, report.ask.zone);
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n");
    write_manifest(&mut out, &manifest);
    out.push_str("</body>\n</html>\n");
    out
}

/// The manifest as data that no browser runs: without characters that could end the element.
fn write_manifest(out: &mut String, manifest: &Manifest) {
    let json = manifest.to_json();
    out.push_str(MANIFEST);
    for c in json.chars() {
        if is_plain(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").ok();
            }
        }
    }
    out.push_str("</script>\n");
}

/// Whether a character of JSON can neither end the element nor hide anything.
fn is_plain(c: char) -> bool {
    let is_visible = || matches!(visible(c.encode_utf8(&mut [0; 4])), Cow::Borrowed(_));
    c.is_ascii_graphic() && !matches!(c, '<' | '>' | '&')
        || matches!(c, ' ' | '\n')
        || !c.is_ascii() && is_visible()
}

fn head(head: &Head) -> String {
    let title = esc(&head.title);
    let style = style::css();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} \u{2013} audit report</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )
}

/// The list of sections that stands beside the page.
fn contents(out: &mut String, paper: &Paper) {
    out.push_str("<nav aria-label=\"Contents\">\n");
    for section in &paper.sections {
        let n = section
            .n
            .map_or_else(String::new, |n| format!("<span>{}</span>", count(n)));
        let kind = section.section;
        writeln!(out, "<a href=\"#{}\">{}{n}</a>", kind.id(), kind.title()).ok();
    }
    out.push_str("</nav>\n");
}

/// The program's mark.
const MARK: &str = "<svg class=\"logo\" viewBox=\"0 0 20 20\" width=\"16\" height=\"16\" aria-hidden=\"true\">\
<g fill=\"none\" stroke-linecap=\"round\"><path d=\"M2 5h16M2 10h16M2 15h16\" stroke=\"#5D6674\" stroke-width=\"1.3\"/>\
<path d=\"M11.6 1v18\" stroke=\"#1A5FD0\" stroke-width=\"1.7\"/></g>\
<g fill=\"#181C22\"><circle cx=\"6\" cy=\"5\" r=\"2.1\"/><circle cx=\"7.4\" cy=\"15\" r=\"2.1\"/></g>\
<circle cx=\"11.6\" cy=\"10\" r=\"2.8\" fill=\"#1A5FD0\"/></svg>";

fn title_block(out: &mut String, head: &Head) {
    writeln!(
        out,
        "<header>\n<p class=\"kind\"><span>{MARK}{}</span><span>{}</span></p>\n<h1>{}</h1>",
        esc(&head.kind),
        esc(&head.zone),
        esc(&head.title)
    )
    .ok();
    writeln!(out, "<p class=\"verdict\">{}</p>", esc(&head.verdict)).ok();
    for (class, text) in [("period", &head.period), ("remark", &head.note)] {
        if !text.is_empty() {
            writeln!(out, "<p class=\"{class}\">{}</p>", esc(text)).ok();
        }
    }
    writeln!(out, "<p id=\"run\">{}</p>\n</header>", esc(&head.run)).ok();
}
