//! The report as one HTML page: no scripts, nothing loaded, light only, made to be printed.
//!
//! Everything that comes from the file goes through [`super::escape::esc`]. The time of the run
//! stands in the element `#run` alone; all else depends on input and settings only.

mod evidence;
mod findings;
mod method;
mod page;
mod population;
mod style;

use std::fmt::Write as _;

use super::escape::esc;
use super::report::Report;
use super::text::moment;
use page::Page;

/// The page.
pub fn html(report: &Report) -> String {
    let mut page = Page::default();
    evidence::write(&mut page, report);
    evidence::write_result(&mut page, report);
    findings::write(&mut page, report);
    population::write_plots(&mut page, report);
    population::write(&mut page, report);
    method::write(&mut page, report);
    let mut out = head(report);
    out.push_str(&page.contents());
    out.push_str("<main>\n");
    out.push_str(&title_block(report));
    out.push_str(page.body());
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn head(report: &Report) -> String {
    let title = esc(report.title());
    let style = style::css();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} \u{2013} audit report</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )
}

fn title_block(report: &Report) -> String {
    let ask = &report.ask;
    let by = ask
        .made_by
        .as_deref()
        .map_or_else(String::new, |who| format!(" by {}", esc(who)));
    let mut out = String::from("<header>\n<p class=\"kind\"><span>Audit report</span>");
    writeln!(
        out,
        "<span>Times are {}</span></p>",
        esc(&report.zone_name())
    )
    .ok();
    writeln!(out, "<h1>{}</h1>", esc(report.title())).ok();
    writeln!(out, "<p class=\"verdict\">{}</p>", esc(&report.verdict())).ok();
    writeln!(
        out,
        "<p id=\"run\">Prepared{by} on {} with {}</p>\n</header>",
        moment(ask.made_at, ask.zone),
        esc(&ask.program)
    )
    .ok();
    out
}
