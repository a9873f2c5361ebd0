//! The section Method: how the file was read, what each check covered, how to make this again.

use super::super::escape::esc;
use super::super::report::Report;
use super::evidence::{code, mark, word};
use super::page::Page;
use crate::audit::{CheckResult, count};

/// The section Method.
pub(super) fn write(page: &mut Page, report: &Report) {
    let method = &report.method;
    page.section("method", "Method", None);
    let how = match &method.guess {
        None => "known by its shape".to_owned(),
        Some(reasons) => format!("guessed: {}", esc(&reasons.join("; "))),
    };
    page.facts(&[
        (
            "Format",
            format!(
                "{} ({}), {how}",
                esc(&method.format_name),
                code(&method.format)
            ),
        ),
        ("File", esc(&method.container)),
        ("Opened", esc(&method.opened)),
        ("Versions", esc(&method.versions)),
        ("Order", esc(&method.order)),
        (
            "Zone",
            format!(
                "{}; a time without a zone is taken for UTC",
                esc(&report.zone_name())
            ),
        ),
    ]);
    page.heading("Mapping");
    let mapped = |(role, column): &(String, String)| vec![esc(role), code(column)];
    let rows: Vec<Vec<String>> = method.mapping.iter().map(mapped).collect();
    page.table(&[("Part of an event", ""), ("Read from", "")], &rows);
    page.heading("Checks");
    let rows: Vec<Vec<String>> = report.audit.checks.iter().map(check_row).collect();
    page.table(
        &[
            ("Check", ""),
            ("Ended", "s"),
            ("Findings", "r m"),
            ("Covered, or why not run", ""),
        ],
        &rows,
    );
    page.heading("Limits");
    for limit in report.limits() {
        page.note(&limit);
    }
    page.heading("Made again by");
    page.markup(&format!(
        "<pre><code>{}</code></pre>",
        esc(&report.ask.command)
    ));
    page.note("Every number in this report can be made again from the file with the SHA-256 above");
}

fn check_row(check: &CheckResult) -> Vec<String> {
    let with = |(name, value): &(String, String)| format!("{}: {}", esc(name), esc(value));
    let parameters: Vec<String> = check.parameters.iter().map(with).collect();
    let parameters = if parameters.is_empty() {
        String::new()
    } else {
        format!("<span class=\"sub\">{}</span>", parameters.join(", "))
    };
    vec![
        format!(
            "{}<span class=\"sub\">{}</span>",
            esc(check.title),
            code(check.id)
        ),
        format!("{}{}", mark(check.status), word(check.status)),
        count(check.findings),
        format!("{}{parameters}", esc(&check.why)),
    ]
}
