//! Traces of events in XML, as process mining keeps them (XES). A trace is a stream; what is written
//! of an event beside the standard names is its data. Entities and document types are not followed.

use std::io;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::xml::{self, Limited, root};
use super::{Lines, Turner};
use crate::event::json::quote;
use crate::source::container::input::Input;

/// How deep attributes may be nested.
const MAX_DEPTH: usize = 64;
/// The longest attributes of one event or trace, written as JSON.
const MAX_ATTRIBUTES: usize = 16 << 20;

/// Events on their way.
pub(super) struct Xes {
    reader: Reader<Limited>,
    buffer: Vec<u8>,
    /// The open elements, from the log on.
    depth: usize,
    trace: Attributes,
    event: Option<Attributes>,
    /// How many attributes are open inside an event or a trace.
    nested: usize,
    in_trace: bool,
    n_traces: u64,
    /// Inside of what is given to all, such as defaults.
    skipped: usize,
}

/// The attributes of an event or a trace.
#[derive(Default)]
struct Attributes {
    standard: Vec<(&'static str, String)>,
    others: String,
}

/// The names that mean something; others are data.
const STANDARD: [(&str, &str); 8] = [
    ("concept:name", "name"),
    ("time:timestamp", "time"),
    ("identity:id", "id"),
    ("org:resource", "resource"),
    ("org:role", "role"),
    ("org:group", "group"),
    ("lifecycle:transition", "lifecycle"),
    ("concept:instance", "instance"),
];

impl Attributes {
    fn add(&mut self, kind: &[u8], key: &str, value: &str) {
        if value.eq_ignore_ascii_case("nan") && matches!(kind, b"float" | b"int") {
            // Libraries write what is missing so.
            return;
        }
        if let Some((_, name)) = STANDARD.iter().find(|(standard, _)| *standard == key) {
            self.standard.push((name, value.to_owned()));
            return;
        }
        if self.others.len() > MAX_ATTRIBUTES {
            return;
        }
        if !self.others.is_empty() {
            self.others.push(',');
        }
        quote(key, &mut self.others);
        self.others.push(':');
        let is_plain = match kind {
            b"int" | b"float" => {
                value.starts_with(|c: char| c == '-' || c.is_ascii_digit())
                    && crate::event::json::scan::is_json(value.as_bytes())
            }
            b"boolean" => matches!(value, "true" | "false"),
            _ => false,
        };
        if is_plain {
            self.others.push_str(value);
        } else {
            quote(value, &mut self.others);
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.standard.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Whether an XML text is a log of this kind: by its root element.
pub(super) fn is_xes(text: &[u8]) -> bool {
    root(text).is_some_and(|root| {
        root.starts_with(b"log")
            && root
                .get(3)
                .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
    })
}

impl Xes {
    pub(super) fn new(input: Input) -> Self {
        Self {
            reader: Limited::reader(input),
            buffer: Vec::new(),
            depth: 0,
            trace: Attributes::default(),
            event: None,
            nested: 0,
            in_trace: false,
            n_traces: 0,
            skipped: 0,
        }
    }

    fn open(&mut self, element: &BytesStart<'_>, is_empty: bool, lines: &mut Lines) -> bool {
        if !is_empty {
            self.depth += 1;
        }
        let name = element.local_name();
        let name = name.as_ref();
        if self.skipped > 0 || matches!(name, b"global" | b"classifier" | b"extension") {
            self.skipped += usize::from(!is_empty);
            return self.depth <= MAX_DEPTH;
        }
        match name {
            b"log" => {}
            b"trace" => {
                self.trace = Attributes::default();
                self.in_trace = !is_empty;
                self.n_traces += 1;
            }
            b"event" => {
                self.event = Some(Attributes::default());
                if is_empty {
                    self.write(lines);
                }
            }
            b"string" | b"date" | b"int" | b"float" | b"boolean" | b"id" | b"list"
            | b"container" => {
                if self.nested == 0 {
                    self.attribute(name, element, lines);
                }
                self.nested += usize::from(!is_empty);
            }
            _ => self.nested += usize::from(!is_empty && self.nested > 0),
        }
        self.depth <= MAX_DEPTH
    }

    fn attribute(&mut self, kind: &[u8], element: &BytesStart<'_>, lines: &mut Lines) {
        let (mut key, mut value) = (None, None);
        for attribute in element.attributes().with_checks(false).flatten() {
            let text = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map(std::borrow::Cow::into_owned);
            let Ok(text) = text else {
                lines.flawed(
                    "xml-entity",
                    "an entity is not one of XML's own and is left out",
                );
                continue;
            };
            match attribute.key.local_name().as_ref() {
                b"key" => key = Some(text),
                b"value" => value = Some(text),
                _ => {}
            }
        }
        let (Some(key), Some(value)) = (key, value) else {
            return;
        };
        match &mut self.event {
            Some(event) => event.add(kind, &key, &value),
            None if self.in_trace => self.trace.add(kind, &key, &value),
            None => {}
        }
    }

    fn close(&mut self, name: &[u8], lines: &mut Lines) {
        self.depth = self.depth.saturating_sub(1);
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            b"event" => self.write(lines),
            b"trace" => self.in_trace = false,
            _ => self.nested = self.nested.saturating_sub(1),
        }
    }

    fn write(&mut self, lines: &mut Lines) {
        self.nested = 0;
        let Some(event) = self.event.take() else {
            return;
        };
        let unnamed = if self.in_trace {
            format!("trace-{}", self.n_traces)
        } else {
            "(no trace)".to_owned()
        };
        let trace = self.trace.get("name").or_else(|| self.trace.get("id"));
        lines.raw(b"{");
        lines.text_member("trace", trace.filter(|_| self.in_trace).unwrap_or(&unnamed));
        for (name, value) in &event.standard {
            lines.text_member(name, value);
        }
        lines.member("attributes", format!("{{{}}}", event.others).as_bytes());
        lines.raw(b"}");
        lines.end();
    }
}

impl Turner for Xes {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.reader.get_mut().begin();
        let event = self.reader.read_event_into(&mut buffer);
        let goes_on = match event {
            Ok(Event::Start(element)) => self.open(&element, false, lines),
            Ok(Event::Empty(element)) => self.open(&element, true, lines),
            Ok(Event::End(element)) => {
                self.close(element.local_name().as_ref(), lines);
                true
            }
            Ok(Event::DocType(_)) => {
                xml::note_doctype(lines);
                return Ok(false);
            }
            Ok(Event::Eof) => {
                if self.depth > 0 {
                    xml::note_cut_off(u64::from(self.event.is_some()), lines);
                }
                return Ok(false);
            }
            Ok(_) => true,
            Err(error) => {
                xml::note_fault(u64::from(self.event.is_some()), &error, lines);
                return Ok(false);
            }
        };
        if !goes_on {
            xml::note_depth(MAX_DEPTH, lines);
        }
        self.buffer = buffer;
        Ok(goes_on)
    }
}
