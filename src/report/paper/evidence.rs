//! The sections Evidence and Result: what was examined, and how each check ended.

use super::{Block, Cell, Fact, Paper, Tone};
use crate::audit::{EvidenceFile, Status, count, counted};
use crate::event::Zone;
use crate::report::report::Report;
use crate::report::text::{capital, moment};

/// The section Evidence.
pub(super) fn evidence(paper: &mut Paper, report: &Report) -> Vec<Block> {
    let evidence = &report.audit.evidence;
    let names_files = evidence.files.len() != 1 || !report.ask.settings.title.is_empty();
    let mut blocks = Vec::new();
    let mut facts = Vec::new();
    for (nr, file) in (1..).zip(&evidence.files) {
        if names_files {
            let id = format!("file.{nr}.name");
            let label = format!("name of file {nr}");
            facts.push(Fact::wide("File", Cell::text(&file.name).figure(id, label)));
        }
        facts.extend(file_facts(nr, file, report.ask.zone));
        if evidence.files.len() > 1 {
            blocks.push(Block::Facts(std::mem::take(&mut facts)));
        }
    }
    facts.extend(history_facts(paper, report));
    blocks.push(Block::Facts(facts));
    blocks
}

fn file_facts(nr: usize, file: &EvidenceFile, zone: Zone) -> Vec<Fact> {
    let written = file
        .modified
        .map_or_else(|| "not known".to_owned(), |at| moment(at, zone));
    let name = |what: &str| format!("{what} of {}", file.name);
    let mut facts = vec![
        Fact::wide(
            "SHA-256",
            Cell::code(in_groups(&file.sha256))
                .figure(format!("file.{nr}.sha256"), name("SHA-256")),
        ),
        Fact::new(
            "Size",
            Cell::code(format!("{} bytes", count(file.bytes)))
                .figure(format!("file.{nr}.bytes"), name("size")),
        ),
        Fact::new(
            "Last write",
            Cell::code(written).figure(format!("file.{nr}.modified"), name("last write")),
        ),
    ];
    if let Some(after) = &file.sha256_after {
        let after = Cell::code(in_groups(after)).toned(Tone::Bad);
        facts.push(Fact::wide("SHA-256 after the audit", after));
    }
    facts
}

/// A digest in groups of 16 digits.
pub(super) fn in_groups(digest: &str) -> String {
    let bytes = digest.as_bytes();
    if bytes.len() != 64 || !digest.is_ascii() {
        return digest.to_owned();
    }
    let groups: Vec<&str> = (0..4)
        .filter_map(|nr| digest.get(nr * 16..nr * 16 + 16))
        .collect();
    groups.join(" ")
}

fn history_facts(paper: &mut Paper, report: &Report) -> Vec<Fact> {
    let evidence = &report.audit.evidence;
    let whole = &evidence.population;
    let found = match &report.method.guess {
        None => "found automatically",
        Some(_) => "see Method",
    };
    let schema = format!("{}, {found}", report.method.format_name);
    let positions = match evidence.events.checked_sub(1) {
        None => "none".to_owned(),
        Some(last) => format!("#0 to #{}", count(last)),
    };
    let n_events = Cell::count(evidence.events).figure("evidence.events", "events");
    let n_events = if report.period.is_some_and(|period| period.is_whole) {
        paper.of_all(report, "All events", n_events)
    } else {
        n_events
    };
    let mut facts = vec![
        Fact::new(
            "Schema",
            Cell::text(schema).figure("evidence.schema", "schema"),
        ),
        Fact::new("Opened", Cell::text(capital(&evidence.opened))),
        Fact::new("Events", n_events),
        Fact::new("Positions", Cell::code(positions)),
    ];
    if report.period.is_some_and(|period| period.is_whole) {
        facts.extend(of_whole(report));
    } else {
        facts.push(Fact::new("Streams", Cell::count(whole.streams)));
        facts.push(Fact::new("Types", Cell::count(whole.types)));
    }
    facts.push(self_check(report));
    facts.push(after(report));
    if let Some(root) = &evidence.log_root {
        let root =
            Cell::code(in_groups(root)).figure("evidence.log_root", "tree root of all events");
        facts.push(Fact::wide("Tree root", root));
    }
    facts
}

/// What the period says of the whole file, where it is the whole file.
fn of_whole(report: &Report) -> Vec<Fact> {
    let population = &report.population;
    let streams = format!(
        "{} in {}",
        count(population.streams),
        counted(population.categories, "category")
    );
    let or_none = |time: &Option<String>| {
        let shown = time.clone();
        Cell::code(shown.unwrap_or_else(|| "\u{2014}".to_owned()))
    };
    vec![
        Fact::new(
            "Streams",
            Cell::code(streams).figure("evidence.streams", "streams"),
        ),
        Fact::new(
            "Types",
            Cell::count(population.types.len() as u64).figure("evidence.types", "types"),
        ),
        Fact::new(
            "First event",
            or_none(&population.first_time).figure("evidence.first", "time of the first event"),
        ),
        Fact::new(
            "Last event",
            or_none(&population.last_time).figure("evidence.last", "time of the last event"),
        ),
    ]
}

fn self_check(report: &Report) -> Fact {
    let Some(check) = &report.audit.evidence.self_check else {
        return Fact::new("Own check", Cell::text("none in this kind of file"));
    };
    let (name, what) = match check.what.split_once(' ') {
        Some((name, what)) => (format!("{name} check"), what),
        None => ("Own check".to_owned(), check.what.as_str()),
    };
    let said = match check.faults.first() {
        None => Cell::text(format!("{what}: ok")),
        Some(first) => Cell::text(format!(
            "{what}: {}, first: {}",
            counted(check.faults.len() as u64, "fault"),
            first.split_whitespace().collect::<Vec<_>>().join(" ")
        ))
        .toned(Tone::Bad),
    };
    Fact::new(
        &name,
        said.figure("evidence.self_check", "the file's own check"),
    )
}

fn after(report: &Report) -> Fact {
    let said = if report.audit.evidence.unchanged {
        Cell::text("Same SHA-256, same size")
    } else {
        Cell::text("The bytes are no longer those that were read").toned(Tone::Bad)
    };
    Fact::new(
        "After the audit",
        said.figure("evidence.after", "the file after the audit"),
    )
}

/// The section Result: a bar with a piece for each check, and their names.
pub(super) fn result(report: &Report) -> Vec<Block> {
    let checks = report.audit.checks.iter();
    let named = checks.map(|check| (check.status, check.title.to_owned()));
    let findings: u64 = report.audit.checks.iter().map(|check| check.findings).sum();
    let skipped = report.n_checks(Status::Skipped);
    vec![
        Block::Checks(named.collect()),
        Block::Note(format!(
            "{}, {skipped} of {} checks not run; what each covered stands under Method",
            counted(findings, "finding"),
            report.audit.checks.len()
        )),
    ]
}
