//! The sections Activity, State over time, Population: the plots, and what there is in numbers.

use std::fmt::Write as _;

use super::super::escape::esc;
use super::super::report::Report;
use super::super::svg::{field_svg, group_color, stacked_svg};
use super::evidence::code;
use super::page::Page;
use crate::audit::{count, counted};
use crate::projection::Stacked;

/// How many types and problems are listed.
const MAX_ROWS: usize = 200;

/// The plots, where there are any.
pub(super) fn write_plots(page: &mut Page, report: &Report) {
    let zone = report.zone_name();
    if let Some(plot) = &report.plots.by_type {
        page.section("activity", "Activity", None);
        let unit = plot
            .bucket
            .map_or_else(|| "slice of positions".to_owned(), |bucket| bucket.label());
        page.heading(&format!("Events by type per {unit}"));
        page.markup(&legend(plot));
        page.markup(&format!("<div class=\"plot\">{}</div>", stacked_svg(plot)));
        page.note(&format!("Recorded time, {zone}. {}", plot.summary()));
    }
    if let Some(plot) = &report.plots.field {
        page.section("state", "State over time", None);
        page.heading(&format!("{} of {}", plot.path, plot.stream));
        page.markup(&format!(
            "<div class=\"plot\">{}</div>",
            field_svg(plot, report.ask.zone)
        ));
        let made = if plot.is_application_state {
            format!("State by the rules {}", plot.label)
        } else {
            format!(
                "{}: each payload laid over the one before, no state of the application",
                capital(&plot.label)
            )
        };
        let changes = counted(plot.n_changes as u64, "change");
        page.note(&format!(
            "{made}. {changes}, {zone}. {}",
            plot.series.summary(report.ask.zone)
        ));
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", chars.as_str())
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
    out.push_str("</ul>");
    out
}

/// The section Population.
pub(super) fn write(page: &mut Page, report: &Report) {
    let population = &report.population;
    page.section("population", "Population", None);
    page.facts(&[
        ("Events", code(&count(population.events))),
        (
            "Streams",
            code(&format!(
                "{} in {}",
                count(population.streams),
                counted(population.categories, "category")
            )),
        ),
        ("Types", code(&count(population.types.len() as u64))),
        ("Stored snapshots", code(&count(population.snapshots))),
        ("Records", code(&count(population.records))),
        ("Records skipped", code(&count(population.records_lost))),
        ("Without a time", code(&count(population.without_time))),
        ("Reconciliation", reconciliation(report)),
    ]);
    write_categories(page, report);
    page.heading("Types");
    let rows: Vec<Vec<String>> = population
        .types
        .iter()
        .take(MAX_ROWS)
        .map(|(name, n)| vec![esc(name), count(*n)])
        .collect();
    page.table(&[("Type", ""), ("Events", "r m")], &rows);
    let more = population.types.len().saturating_sub(MAX_ROWS);
    if more > 0 {
        page.note(&format!("and {} more types", count(more as u64)));
    }
    write_problems(page, report);
}

fn reconciliation(report: &Report) -> String {
    let population = &report.population;
    let sum = population.events + population.records_lost;
    let equation = format!(
        "{} + {} = {}",
        count(population.events),
        count(population.records_lost),
        count(sum)
    );
    if sum == population.records {
        return code(&equation);
    }
    format!(
        "<span class=\"bad\">{}, the file counts {}</span>",
        code(&equation),
        count(population.records)
    )
}

fn write_categories(page: &mut Page, report: &Report) {
    match report.ask.as_of {
        Some(position) => page.heading(&format!(
            "Categories as of #{}",
            count(u64::from(position.0))
        )),
        None => page.heading("Categories"),
    }
    let name = |text: &str| {
        if text.is_empty() {
            "no category".to_owned()
        } else {
            esc(text)
        }
    };
    let row = |row: &super::super::report::CategoryRow| {
        vec![name(&row.category), count(row.streams), count(row.events)]
    };
    let rows: Vec<Vec<String>> = report.categories.iter().take(MAX_ROWS).map(row).collect();
    page.table(
        &[("Category", ""), ("Streams", "r m"), ("Events", "r m")],
        &rows,
    );
}

/// What was wrong with the input: how often, why, and where first.
fn write_problems(page: &mut Page, report: &Report) {
    let population = &report.population;
    page.heading("Problems with the input");
    if population.problems.is_empty() {
        page.note("Every record could be read as it should be");
        return;
    }
    let mut rows = Vec::new();
    for (kind, n) in &population.problems {
        let first = population
            .problem_items
            .iter()
            .find(|item| item.kind == *kind);
        let (message, place) = first.map_or_else(Default::default, |item| {
            (esc(&item.message), esc(&item.place))
        });
        rows.push(vec![
            format!("{}<span class=\"sub\">{message}</span>", esc(kind)),
            place,
            count(*n),
        ]);
    }
    page.table(
        &[("Kind", ""), ("First at", "s"), ("Records", "r m")],
        &rows,
    );
}
