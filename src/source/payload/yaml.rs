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
