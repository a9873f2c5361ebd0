//! The report as JSON: the same model, all findings that were kept, the plots as numbers.

use serde::Serialize;
use serde_json::{Value, json};

use super::as_of::AsOfTable;
use super::differences::Explained;
use super::exhibits::Exhibit;
use super::manifest::Manifest;
use super::mask::Masked;
use super::paper::{Paper, Source};
use super::plots::FieldPlot;
use super::report::{CategoryRow, Method, Population, Report};
use super::rolled::RolledTable;
use super::runs::{Ran, RanRow};
use crate::audit::{CheckResult, Evidence, Finding};
use crate::projection::Stacked;

/// The document; `run`, which stands before it, alone depends on when it was made and by whom.
#[derive(Serialize)]
struct ReportDocument<'a> {
    title: &'a str,
    case: &'a str,
    note: &'a str,
    verdict: String,
    zone: String,
    period: Option<[u32; 2]>,
    evidence: &'a Evidence,
    method: &'a Method,
    population: &'a Population,
    categories: &'a [CategoryRow],
    checks: Vec<Value>,
    findings: &'a [Finding],
    plots: Value,
    projections: Vec<Value>,
    as_of: &'a [AsOfTable],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    roll_forward: &'a [RolledTable],
    bookmarks: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<Value>,
    differences: &'a [Explained],
    records: &'a [Exhibit],
    masked: &'a [Masked],
    sources: &'a [Source],
    limits: Vec<String>,
    command: &'a str,
    manifest: Value,
}

/// The report's model as a JSON document, indented.
pub fn json(report: &Report) -> String {
    let ask = &report.ask;
    let paper = Paper::of(report);
    let settings = &ask.settings;
    let document = ReportDocument {
        title: report.title(),
        case: &settings.case,
        note: &settings.note,
        verdict: report.verdict(),
        zone: report.zone_name(),
        period: report.period.map(|period| [period.from.0, period.until.0]),
        evidence: &report.audit.evidence,
        method: &report.method,
        population: &report.population,
        categories: &report.categories,
        checks: report.audit.checks.iter().map(check).collect(),
        findings: &report.audit.findings,
        plots: json!({
            "events_by_type": report.plots.by_type.as_ref().map(stacked),
            "field": report.plots.field.as_ref().map(field),
        }),
        projections: report.ran.iter().map(ran).collect(),
        as_of: &report.tables,
        roll_forward: &report.rolled,
        bookmarks: json!(settings.bookmarks),
        sample: report.sample.as_ref().map(|drawn| {
            let kept = settings.sample.as_ref();
            json!({"drawn": drawn, "looked_at": kept.map(|kept| &kept.looked_at), "remarks": kept.map(|kept| &kept.remarks)})
        }),
        differences: &report.explained,
        records: &report.exhibits,
        masked: &report.masked,
        sources: &paper.sources,
        limits: report.limits(),
        command: &ask.command,
        manifest: Value::Null,
    };
    let mut value = serde_json::to_value(&document).unwrap_or_default();
    mask(&mut value, report);
    if let Some(object) = value.as_object_mut() {
        let manifest = serde_json::to_value(Manifest::of(report, &paper));
        object.insert("manifest".to_owned(), manifest.unwrap_or_default());
    }
    let run = json!({
        "made_at": ask.made_at.rfc3339(0),
        "made_by": ask.made_by,
        "program": ask.program,
    });
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    let rest = text.strip_prefix("{\n").unwrap_or("}");
    format!("{{\n  \"run\": {run},\n{rest}\n")
}

/// Replaces masked values in all texts.
fn mask(value: &mut Value, report: &Report) {
    match value {
        Value::String(text) => report.elsewhere.text(text),
        Value::Array(elements) => {
            for element in elements {
                mask(element, report);
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut() {
                mask(member, report);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check(check: &CheckResult) -> Value {
    let parameters = check
        .parameters
        .iter()
        .cloned()
        .map(|(name, value)| (name, value.into()));
    json!({
        "id": check.id,
        "title": check.title,
        "status": check.status,
        "findings": check.findings,
        "why": check.why,
        "parameters": Value::Object(parameters.collect()),
    })
}

fn stacked(plot: &Stacked) -> Value {
    let names: Vec<&str> = plot
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    let columns: Vec<Value> = (0..plot.n_columns())
        .map(|column| json!({"from": plot.edge_text(column), "events": plot.column(column)}))
        .collect();
    json!({
        "bucket": plot.bucket.map(|bucket| bucket.label()),
        "types": names,
        "columns": columns,
    })
}

fn field(plot: &FieldPlot) -> Value {
    let points: Vec<Value> = plot
        .series
        .points
        .iter()
        .map(|step| json!([step.position.0, step.value.map(|value| value.to_string())]))
        .collect();
    json!({
        "stream": plot.stream,
        "path": plot.path,
        "rules": plot.label,
        "changes": plot.n_changes,
        "points": points,
    })
}

fn ran(ran: &Ran) -> Value {
    let rows: Vec<&RanRow> = ran.rows.iter().collect();
    json!({
        "name": ran.name,
        "processed": ran.processed,
        "fault": ran.fault,
        "notes": ran.notes,
        "at": ran.at,
        "columns": ran.columns,
        "rows": rows,
        "more_rows": ran.more_rows,
        "plot": ran.plot.as_ref().map(field),
    })
}
