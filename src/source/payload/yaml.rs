//! YAML as Ruby programs keep it in a store (Rails Event Store), to JSON text.
//!
//! Objects of Ruby's classes are the plain maps, lists and texts that they are written as; a key
//! that is no text becomes one. What an anchor names is written again at each alias, as long as all
//! of it stays below the limit of the writer.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, StrInput};

use super::ruby::{Scalar, scalar};
use super::writer::{JsonWriter, Written};
use crate::event::json::scan;

/// The JSON of a document; `None` where the text is not exactly one, or an alias stands inside what
/// it names. Text without the `---` of a document's beginning is taken only for an object or array.
pub(super) fn decode(text: &str) -> Option<Written> {
    let mut events = Parser::new_from_str(text);
    let written = Document::default().read(&mut events)?;
    let is_said = text.starts_with("---") || text.starts_with('%');
    (is_said || written.text.starts_with(['{', '['])).then_some(written)
}

#[derive(Default)]
struct Document {
    out: JsonWriter,
    /// The anchors of what is open; 0 for none.
    open: Vec<usize>,
    /// Where what an anchor names stands in what was written.
    anchors: BTreeMap<usize, Range<usize>>,
    has_aliases: bool,
}

impl Document {
    fn read(mut self, events: &mut Parser<'_, StrInput<'_>>) -> Option<Written> {
        while let Some(event) = events.next_event() {
            self.take(&event.ok()?.0)?;
        }
        let has_aliases = self.has_aliases;
        let written = self.out.finish()?;
        // Aliases can nest deeper than any text could.
        let is_sound = !has_aliases || scan::is_json(written.text.as_bytes());
        is_sound.then_some(written)
    }

    fn take(&mut self, event: &Event<'_>) -> Option<()> {
        match event {
            Event::MappingStart(anchor, _) => {
                self.out.open(true)?;
                self.open.push(*anchor);
            }
            Event::SequenceStart(anchor, _) => {
                self.out.open(false)?;
                self.open.push(*anchor);
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.out.close()?;
                let anchor = self.open.pop()?;
                self.keep(anchor);
            }
            Event::Scalar(text, style, anchor, tag) => {
                match scalar(text, *style, tag.as_deref()) {
                    Scalar::Token(token) => self.out.token(&token)?,
                    Scalar::Text(text) => self.out.text(&text)?,
                    Scalar::Binary(base64) => self.out.binary_of(&base64)?,
                }
                self.keep(*anchor);
            }
            Event::Alias(anchor) => {
                self.has_aliases = true;
                let named = self.anchors.get(anchor)?.clone();
                self.out.again(named)?;
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Some(())
    }

    /// Keeps where the last value stands, if it has an anchor.
    fn keep(&mut self, anchor: usize) {
        let (at, was_quoted) = self.out.last();
        if was_quoted {
            // What stands inside has moved.
            while let Some(inner) = self.anchors.last_entry()
                && inner.get().start >= at.start
            {
                inner.remove();
            }
        }
        if anchor != 0 {
            self.anchors.insert(anchor, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(yaml: &str) -> Option<String> {
        decode(yaml).map(|written| written.text)
    }

    #[track_caller]
    fn shows(yaml: &str, expected: &str) {
        assert_eq!(decoded(yaml).as_deref(), Some(expected), "{yaml}");
    }

    /// Payloads and metadata as a Rails Event Store has them.
    #[test]
    fn events_of_a_rails_shop_are_plain_values() {
        shows(
            "---\n:order_id: dd283153-6ffa-4873-9d73-3ba22c48f913\n:product_id: sku-10\n",
            r#"{"order_id":"dd283153-6ffa-4873-9d73-3ba22c48f913","product_id":"sku-10"}"#,
        );
        shows(
            "---\n:request_ip: 10.1.1.70\n:user_id: 23\n:correlation_id: fd4bef89-cd28-443f-a8f5-3cdcc06e058c\n",
            r#"{"request_ip":"10.1.1.70","user_id":23,"correlation_id":"fd4bef89-cd28-443f-a8f5-3cdcc06e058c"}"#,
        );
        shows(
            "---\n:order_id: cf61dd98-a47c-4f13-b2a3-1e0af3bc6714\n:order_number: 2026/0002\n:customer_id: 23\n",
            r#"{"order_id":"cf61dd98-a47c-4f13-b2a3-1e0af3bc6714","order_number":"2026/0002","customer_id":23}"#,
        );
        shows(
            "---\n:order_id: cf61dd98-a47c-4f13-b2a3-1e0af3bc6714\n:amount: !ruby/object:BigDecimal 54:0.3469e2\n:paid_on: '2026-01-07'\n",
            r#"{"order_id":"cf61dd98-a47c-4f13-b2a3-1e0af3bc6714","amount":"34.69","paid_on":"2026-01-07"}"#,
        );
    }

    #[test]
    fn objects_of_ruby_are_what_they_are_written_as() {
        shows(
            "--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess\nstate: :paid\nlines:\n- !ruby/object:Line\n  sku: a\n  qty: 2\nnone: \nquoted: ':no_symbol'\n",
            r#"{"state":"paid","lines":[{"sku":"a","qty":2}],"none":null,"quoted":":no_symbol"}"#,
        );
        shows(
            "---\ntags: !ruby/object:Set\n  hash:\n    :a: true\nat: 2026-01-07 10:00:00.000000000 Z\non: 2026-01-07\nrange: !ruby/range 1..5\nraw: !binary |-\n  AQL/\nkind: !ruby/sym two words\n",
            r#"{"tags":{"hash":{"a":true}},"at":"2026-01-07 10:00:00.000000000 Z","true":"2026-01-07","range":"1..5","raw":{"$binary":"AQL/"},"kind":"two words"}"#,
        );
        shows("--- {}\n", "{}");
        shows("--- []\n...\n", "[]");
        shows("--- text\n", "\"text\"");
        shows(
            "---\n1: a\n1.5: b\n~: c\n? [x, y]\n: d\n",
            r#"{"1":"a","1.5":"b","null":"c","[\"x\",\"y\"]":"d"}"#,
        );
    }

    #[test]
    fn aliases_are_written_out() {
        shows(
            "---\nutc: &1 2026-01-07 10:00:00 Z\nzone: &2\n  name: UTC\ntime: *1\nagain: [*2, *2]\n",
            r#"{"utc":"2026-01-07 10:00:00 Z","zone":{"name":"UTC"},"time":"2026-01-07 10:00:00 Z","again":[{"name":"UTC"},{"name":"UTC"}]}"#,
        );
        shows("---\n? &o [&i x]\n: *o\n", r#"{"[\"x\"]":"[\"x\"]"}"#);
    }

    #[test]
    fn aliases_without_end_are_refused() {
        assert_eq!(decoded("--- &a\nself: *a\n"), None);
        assert_eq!(decoded("---\na: *unknown\n"), None);
        assert_eq!(decoded("---\n? [&i x]\n: *i\n"), None, "what has moved");
        let laugh = |n: usize| match n {
            0 => "---\n- &l0 [lol, lol]\n".to_owned(),
            _ => format!("- &l{n} [*l{0}, *l{0}, *l{0}]\n", n - 1),
        };
        let nest = |n: usize| match n {
            0 => "---\n- &l0 [lol]\n".to_owned(),
            _ => format!("- &l{n} [[[[[[[[[[[[[*l{}]]]]]]]]]]]]]\n", n - 1),
        };
        let laughs: String = (0..40).map(laugh).collect();
        let nested: String = (0..1000).map(nest).collect();
        assert_eq!(decoded(&laughs), None);
        assert_eq!(decoded(&nested), None);
    }

    #[test]
    fn what_is_not_one_document_is_refused() {
        for text in [
            "",
            "plain text",
            "--- 1\n--- 2\n",
            "---\na: [\n",
            "---\na: b: c\n",
        ] {
            assert_eq!(decoded(text), None, "{text:?}");
        }
        for deep in [
            "[".repeat(100_000),
            "- ".repeat(100_000),
            "{a: ".repeat(100_000),
        ] {
            assert_eq!(decoded(&format!("--- {deep}")), None);
        }
    }
}
