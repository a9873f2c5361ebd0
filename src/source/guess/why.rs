//! Why a place was taken for a role, in one short sentence.

use super::counting::determines;
use super::facts::Facts;
use super::known::Known;
use super::spine::Spine;
use super::weigh::part_among;
use crate::source::format::Role;

/// The sentence for a role's place among others.
pub(super) fn why(
    role: Role,
    known: &Known,
    all: &[Known],
    spine: &Spine,
    order: Option<&str>,
) -> String {
    let facts = &known.facts;
    if facts.n_rows == 0 {
        return if known.named(role) > 0.0 {
            "By its name, there are no rows".to_owned()
        } else {
            "There are no rows to tell by".to_owned()
        };
    }
    if facts.n_present == 0 {
        return "Empty in all rows".to_owned();
    }
    let said = match role {
        Role::Stream => stream(facts, spine),
        Role::Version => version(facts, spine),
        Role::Category => category(facts, all, spine),
        Role::Time | Role::Occurred => time(facts, order),
        Role::Position => position(facts),
        Role::Id => id(facts),
        Role::Data | Role::Metadata => payload(facts),
        Role::Causation => causes(known, all),
        Role::Correlation => shared(facts),
        Role::Type | Role::SchemaVersion | Role::User => examples(facts),
    };
    let n_empty = facts.n_rows - facts.n_present;
    if n_empty == 0 || matches!(role, Role::Data | Role::Metadata) {
        said
    } else {
        format!("{said}, empty in {}", percent(n_empty, facts.n_rows))
    }
}

/// A part as whole percents, never 0 % or 100 % of what is neither.
fn percent(part: usize, of: usize) -> String {
    let exact = part as f64 / of.max(1) as f64 * 100.0;
    if exact < 1.0 {
        "less than 1%".to_owned()
    } else {
        format!("{:.0}%", exact.min(if part == of { 100.0 } else { 99.0 }))
    }
}

/// As [`crate::event::grouped`], for counts of samples.
pub(super) fn grouped(count: usize) -> String {
    crate::event::grouped(count as u64)
}

fn values(count: usize) -> String {
    if count == 1 {
        "1 value".to_owned()
    } else {
        format!("{} values", grouped(count))
    }
}

fn stream(facts: &Facts, spine: &Spine) -> String {
    let counting = &spine.counting;
    let n_keys = if spine.category.is_some() {
        counting.n_keys
    } else {
        facts.n_distinct
    };
    let values = match spine.category {
        Some(_) => format!("{} with the category", values(n_keys)),
        None => values(n_keys),
    };
    if let Some(base) = counting.base {
        let each = if n_keys == 1 { "it" } else { "every one" };
        return format!("{values}, {each} has version {base}");
    }
    if counting.strength() > 0.5 {
        return format!("{values}, versions count up within each");
    }
    if facts.n_distinct == facts.n_present {
        return format!("{values}, no one stands twice");
    }
    format!("{values}, {}", lower(&shared(facts)))
}

fn version(facts: &Facts, spine: &Spine) -> String {
    let counting = &spine.counting;
    if counting.n_steps == 0 {
        return if facts.n_distinct == 1 {
            format!(
                "Always {}",
                facts.examples.first().map_or("", String::as_str)
            )
        } else {
            "Whole numbers".to_owned()
        };
    }
    if counting.n_by_one == counting.n_steps {
        "Counts up by 1 within each stream".to_owned()
    } else {
        format!(
            "Counts up by 1 in {} of the steps within a stream",
            percent(counting.n_by_one, counting.n_steps)
        )
    }
}

fn examples(facts: &Facts) -> String {
    let shown = facts.examples.first().map(|text| shortened(text));
    match shown {
        Some(text) if facts.n_distinct == 1 => format!("1 value: {text}"),
        Some(text) => format!("{} such as {text}", values(facts.n_distinct)),
        None => values(facts.n_distinct),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    let head: String = text.chars().take(39).collect();
    format!("{head}…")
}

fn category(facts: &Facts, all: &[Known], spine: &Spine) -> String {
    let stream = spine.stream.and_then(|at| all.get(at));
    let is_one = stream.is_some_and(|stream| determines(&stream.facts, facts).0);
    match spine.category {
        Some(_) => format!("{}, a stream is known by both", examples(facts)),
        None if is_one => format!("{}, one for each stream", examples(facts)),
        None => examples(facts),
    }
}

fn time(facts: &Facts, order: Option<&str>) -> String {
    let time = &facts.time;
    let Some((first, last)) = time.range else {
        return "No value can be read as a time".to_owned();
    };
    let day = |time: crate::event::Timestamp| time.date_time(' ', 0).chars().take(10).collect();
    let (first, last): (String, String) = (day(first), day(last));
    let range = if first == last {
        first
    } else {
        format!("{first} to {last}")
    };
    let n_read = time.moments.iter().flatten().count();
    if n_read < facts.n_present {
        return format!(
            "{range}, {} of {} rows can be read",
            grouped(n_read),
            grouped(facts.n_present)
        );
    }
    match (time.rising, order) {
        (rising, Some(order)) if rising >= 1.0 => format!("{range}, rises with {order}"),
        (rising, None) if rising >= 1.0 => format!("{range}, rises row by row"),
        (rising, _) if rising >= 0.9 => format!("{range}, rises nearly always"),
        _ => range,
    }
}

fn position(facts: &Facts) -> String {
    let mut said = Vec::new();
    if facts.is_all_different() {
        said.push("unique");
    }
    if facts.rises && facts.n_present > 1 {
        said.push("always rising");
    }
    if facts.is_unique {
        said.push("a key of the table");
    }
    if said.is_empty() {
        said.push("whole numbers");
    }
    upper(&said.join(", "))
}

fn id(facts: &Facts) -> String {
    let unique = if facts.is_all_different() {
        "Unique"
    } else {
        return format!(
            "{} in {} rows",
            values(facts.n_distinct),
            grouped(facts.n_present)
        );
    };
    if facts.uuid > 0.9 {
        format!("{unique}, looks like a UUID")
    } else {
        unique.to_owned()
    }
}

fn payload(facts: &Facts) -> String {
    let part = facts.object + facts.array + facts.json_text;
    let n_json = part * facts.n_present as f64;
    let rows = grouped(facts.n_rows);
    if n_json < 0.5 {
        return if facts.binary > 0.0 {
            "Bytes that are no text".to_owned()
        } else {
            "Text without JSON".to_owned()
        };
    }
    if facts.n_present < facts.n_rows {
        return format!("{n_json:.0} of {rows} rows hold JSON");
    }
    if part > 0.999_999 {
        return "Every row holds JSON".to_owned();
    }
    format!("{n_json:.0} of {rows} rows hold JSON")
}

fn shared(facts: &Facts) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for symbol in facts.symbols.iter().filter(|symbol| **symbol != 0) {
        *counts.entry(*symbol).or_insert(0_usize) += 1;
    }
    let least = counts.values().min().copied().unwrap_or(0);
    let most = counts.values().max().copied().unwrap_or(0);
    if most <= 1 {
        "Unique".to_owned()
    } else if least == most {
        format!("Shared by {} rows each", grouped(most))
    } else {
        format!("Shared by {} to {} rows", grouped(least), grouped(most))
    }
}

fn causes(known: &Known, all: &[Known]) -> String {
    let ids = all.iter().filter(|other| {
        other.column != known.column && !other.is_inside() && other.facts.is_all_different()
    });
    let best = ids
        .map(|ids| part_among(&known.facts, &ids.facts))
        .fold(0.0, f64::max);
    if best > 0.0 {
        format!("{:.0}% are ids of other events", best * 100.0)
    } else {
        shared(&known.facts)
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    let mut out = first.unwrap_or_default();
    out.push_str(chars.as_str());
    out
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string());
    let mut out = first.unwrap_or_default();
    out.push_str(chars.as_str());
    out
}
