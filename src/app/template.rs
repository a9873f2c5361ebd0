//! A projection to begin with, made from the types and fields of a category.

use crate::event::json::Step;
use crate::event::{CategoryId, TypeId};
use crate::history::EventLog;
use crate::workbench::RuleFacts;

/// So many types get a handler.
const MAX_TYPES: usize = 24;
/// So many fields a handler takes over.
const MAX_FIELDS: usize = 4;

/// Name and text of a projection of a category: a state for each stream, a handler for each type.
pub(super) fn of(log: &EventLog, category: CategoryId, facts: &RuleFacts) -> (String, String) {
    let names = log.category_names();
    let name = names.get(category.index()).map_or("", |name| name);
    let source = if name.is_empty() {
        "fromAll()".to_owned()
    } else {
        format!("fromCategory({})", quoted(name))
    };
    let title = if name.is_empty() { "stream" } else { name };
    let mut text = format!(
        "// What became of each {}\n{source}\n  .foreachStream()\n  .when({{\n    $init: function () {{\n      return {{ events: 0 }};\n    }},\n",
        title.replace(['\n', '\r'], " ")
    );
    for (event_type, _) in facts.types.iter().take(MAX_TYPES) {
        text.push_str(&handler(log, *event_type, facts));
    }
    text.push_str("  })\n  .outputState();\n");
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let file: String = title.chars().take(40).map(plain).collect();
    (format!("{file}-states.js"), text)
}

fn handler(log: &EventLog, event_type: TypeId, facts: &RuleFacts) -> String {
    let name = key(log.type_name(event_type));
    let fields = facts.fields.get(&event_type);
    let top = fields.into_iter().flatten().filter_map(|field| {
        let [Step::Key(key)] = field.path.0.as_slice() else {
            return None;
        };
        (is_name(key) && !field.is_list).then(|| key.to_string())
    });
    let mut body = "      s.events += 1;\n".to_owned();
    for field in top.take(MAX_FIELDS) {
        body.extend(["      s.", &field, " = e.data.", &field, ";\n"]);
    }
    format!("    {name}: function (s, e) {{\n{body}    }},\n")
}

/// The script with a handler for one more type at the head of its `when`; `None` where it has none.
pub(super) fn with_handler(text: &str, event_type: &str) -> Option<String> {
    let at = text.find(".when(")? + ".when(".len();
    let at = at + text.get(at..)?.find('{')? + 1;
    let added = format!("\n    {}: function (s, e) {{\n    }},", key(event_type));
    Some(format!("{}{added}{}", text.get(..at)?, text.get(at..)?))
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_numeric())
}

fn key(name: &str) -> String {
    if is_name(name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A text as a script holds it.
fn quoted(text: &str) -> String {
    let mut made = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => made.extend(['\\', c]),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\u{2028}' => made.push_str("\\u2028"),
            '\u{2029}' => made.push_str("\\u2029"),
            c => made.push(c),
        }
    }
    made.push('\'');
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_is_put_at_the_head_and_odd_names_in_quotes() {
        let script = "fromAll().when({\n    $any: 1\n})";
        let made = with_handler(script, "it's odd").unwrap();
        assert!(
            made.starts_with(
                "fromAll().when({\n    'it\\'s odd': function (s, e) {\n    },\n    $any"
            ),
            "{made}"
        );
        assert_eq!(with_handler("fromAll()", "a"), None);
        assert_eq!(key("OrderPlaced"), "OrderPlaced");
        assert_eq!(key("2nd"), "'2nd'");
    }
}
