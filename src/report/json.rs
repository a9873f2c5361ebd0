//! The report as JSON: the same model, all findings that were kept, the plots as numbers.

use serde::Serialize;
use serde_json::{Value, json};

use super::plots::FieldPlot;
use super::report::{CategoryRow, Method, Population, Report};
use crate::audit::{CheckResult, Evidence, Finding};
use crate::projection::Stacked;

/// The document; `run` alone depends on when it was made.
#[derive(Serialize)]
struct ReportDocument<'a> {
    run: Value,
    title: &'a str,
    verdict: String,
    zone: String,
    as_of: Option<u32>,
    evidence: &'a Evidence,
    method: &'a Method,
    population: &'a Population,
    categories: &'a [CategoryRow],
    checks: Vec<Value>,
    findings: &'a [Finding],
    plots: Value,
    limits: Vec<String>,
    command: &'a str,
}

/// The report's model as a JSON document, indented.
pub fn json(report: &Report) -> String {
    let ask = &report.ask;
    let document = ReportDocument {
        run: json!({
            "made_at": ask.made_at.rfc3339(0),
            "made_by": ask.made_by,
            "program": ask.program,
        }),
        title: report.title(),
        verdict: report.verdict(),
        zone: report.zone_name(),
        as_of: ask.as_of.map(|position| position.0),
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
        limits: report.limits(),
        command: &ask.command,
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
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
