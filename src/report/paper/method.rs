//! The section Method: how the file was read, what each check covered, how to make this again.

use super::{Block, Cell, Column, Fact, Sheet};
use crate::audit::CheckResult;
use crate::report::report::Report;

/// The section Method.
pub(super) fn method(report: &Report) -> Vec<Block> {
    let mut blocks = vec![
        Block::Facts(facts(report)),
        Block::Heading("Mapping".to_owned()),
        Block::Table(mapping(report)),
        Block::Heading("Checks".to_owned()),
        Block::Table(checks(report)),
    ];
    if !report.masked.is_empty() {
        blocks.push(Block::Heading("Masked".to_owned()));
        blocks.push(Block::Table(masked(report)));
        blocks.push(Block::Note(
            "The same value has the same mask. Digests of masked payloads are left out, because they would give the values away"
                .to_owned(),
        ));
    }
    blocks.push(Block::Heading("Limits".to_owned()));
    blocks.extend(report.limits().into_iter().map(Block::Note));
    blocks.push(Block::Heading("Made again and verified by".to_owned()));
    blocks.push(Block::Code(report.ask.command.clone()));
    blocks.push(Block::Note(
        "Every number in this report can be made again from the file with the SHA-256 above; \
         the second command does so and names each that no longer holds"
            .to_owned(),
    ));
    blocks
}

fn facts(report: &Report) -> Vec<Fact> {
    let method = &report.method;
    let how = match &method.guess {
        None => "known by its shape".to_owned(),
        Some(reasons) => format!("guessed: {}", reasons.join("; ")),
    };
    let format = format!("{} ({}), {how}", method.format_name, method.format);
    let zone = format!(
        "{}; a time without a zone is taken for UTC",
        report.zone_name()
    );
    let states = match report.rules.form {
        None => format!("by {}", report.rules.label),
        Some(_) => format!(
            "by {}, whose text stands in the manifest",
            report.rules.label
        ),
    };
    vec![
        Fact::new("Format", Cell::text(format)),
        Fact::new("Container", Cell::text(&method.container)),
        Fact::new("Opened", Cell::text(&method.opened)),
        Fact::new("Versions", Cell::text(&method.versions)),
        Fact::new("Order", Cell::text(&method.order)),
        Fact::new("Zone", Cell::text(zone)),
        Fact::new("States", Cell::text(states)),
        Fact::new("Program", Cell::text(&report.ask.program)),
    ]
}

fn mapping(report: &Report) -> Sheet {
    let mut sheet = Sheet::new(vec![
        Column::text("Part of an event"),
        Column::text("Read from"),
    ]);
    for (role, column) in &report.method.mapping {
        sheet.row(vec![Cell::text(role), Cell::code(column)]);
    }
    sheet
}

fn checks(report: &Report) -> Sheet {
    let mut sheet = Sheet::new(vec![
        Column::text("Check"),
        Column::narrow("Ended"),
        Column::number("Findings"),
        Column::text("Covered, or why not run"),
    ]);
    for check in &report.audit.checks {
        sheet.row(check_row(check));
    }
    sheet
}

fn check_row(check: &CheckResult) -> Vec<Cell> {
    let with = |(name, value): &(String, String)| format!("{name}: {value}");
    let parameters: Vec<String> = check.parameters.iter().map(with).collect();
    let id = check.id;
    vec![
        Cell::text(check.title).sub(id),
        Cell::text(super::records::word(check.status))
            .marked(check.status)
            .figure(format!("check.{id}"), format!("result of {id}")),
        Cell::count(check.findings)
            .figure(format!("check.{id}.findings"), format!("findings of {id}")),
        Cell::text(&check.why)
            .sub(parameters.join(", "))
            .figure(format!("check.{id}.covered"), format!("what {id} covered")),
    ]
}

/// What was masked: never what it was.
fn masked(report: &Report) -> Sheet {
    let mut sheet = Sheet::new(vec![
        Column::text("Fields"),
        Column::text("Masked in"),
        Column::number("Values"),
    ]);
    for one in &report.masked {
        let fields = one.fields.iter();
        let fields: Vec<String> = fields
            .map(|(name, n)| format!("{name} {n} times"))
            .collect();
        let fields = if fields.is_empty() {
            "nothing shown here".to_owned()
        } else {
            fields.join(", ")
        };
        sheet.row(vec![
            Cell::code(&one.pattern),
            Cell::text(fields),
            Cell::count(one.values),
        ]);
    }
    sheet
}
