//! Object-centric events in XML (OCEL 2.0): written with the same names as those in JSON.

use std::io;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::xml::{self, Limited, root};
use super::{Lines, Turner};
use crate::event::json::quote;
use crate::source::container::input::Input;
use crate::source::payload::resolved;

/// How deep elements may be nested.
const MAX_DEPTH: usize = 64;
/// The longest attributes and relations of one event, written as JSON.
const MAX_EVENT: usize = 16 << 20;

/// Which of the two versions an XML text is in, if it is such a log: by its root and what stands in it.
pub(super) fn recognize(text: &[u8]) -> Option<Result<(), &'static str>> {
    let root = root(text)?;
    let is_log = root.starts_with(b"log")
        && root
            .get(3)
            .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    let has = |what: &str| memchr::memmem::find(text, what.as_bytes()).is_some();
    if !is_log {
        return None;
    }
    if has("<object-types") {
        return Some(Ok(()));
    }
    (has("ocel-version") || has("\"omap\"") || has("scope=\"object\"")).then_some(Err(
        "object-centric events of OCEL 1.0 in XML, which are not read; convert them to OCEL 2.0, or to JSON",
    ))
}

/// Events on their way.
pub(super) struct OcelXml {
    reader: Reader<Limited>,
    buffer: Vec<u8>,
    depth: usize,
    /// Inside of the list of events.
    in_events: bool,
    event: Option<One>,
    /// The attribute of the event whose text is being read.
    attribute: Option<(String, String)>,
}

/// An event as far as it was read.
#[derive(Default)]
struct One {
    /// Its own attributes: id, type and time.
    own: Vec<(String, String)>,
    attributes: String,
    relations: String,
    subject: Option<String>,
    first: Option<String>,
}

/// The attributes of an element.
fn attributes(element: &BytesStart<'_>, lines: &mut Lines) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for attribute in element.attributes().with_checks(false).flatten() {
        let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
        match attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) {
            Ok(value) => found.push((name, value.into_owned())),
            Err(_) => lines.flawed(
                "xml-entity",
                "an entity is not one of XML's own and is left out",
            ),
        }
    }
    found
}

fn get<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// Puts a comma before what follows something.
fn comma(out: &mut String) {
    if !out.is_empty() {
        out.push(',');
    }
}

impl One {
    fn relate(&mut self, attributes: &[(String, String)]) {
        let Some(object) = get(attributes, "object-id") else {
            return;
        };
        let qualifier = get(attributes, "qualifier").unwrap_or_default();
        if qualifier == "subject" {
            self.subject.get_or_insert_with(|| object.to_owned());
        }
        self.first.get_or_insert_with(|| object.to_owned());
        if self.relations.len() < MAX_EVENT {
            comma(&mut self.relations);
            self.relations.push_str("{\"objectId\":");
            quote(object, &mut self.relations);
            self.relations.push_str(",\"qualifier\":");
            quote(qualifier, &mut self.relations);
            self.relations.push('}');
        }
    }

    fn write(&self, lines: &mut Lines) {
        lines.raw(b"{");
        if let Some(object) = self.subject.as_ref().or(self.first.as_ref()) {
            lines.text_member("object", object);
        }
        for (name, value) in &self.own {
            lines.text_member(name, value);
        }
        lines.member("relationships", format!("[{}]", self.relations).as_bytes());
        lines.member("attributes", format!("{{{}}}", self.attributes).as_bytes());
        lines.raw(b"}");
        lines.end();
    }
}

impl OcelXml {
    pub(super) fn new(input: Input) -> Self {
        Self {
            reader: Limited::reader(input),
            buffer: Vec::new(),
            depth: 0,
            in_events: false,
            event: None,
            attribute: None,
        }
    }

    fn open(&mut self, element: &BytesStart<'_>, is_empty: bool, lines: &mut Lines) {
        let name = element.local_name();
        match (name.as_ref(), &mut self.event) {
            (b"events", None) if self.depth == 1 => self.in_events = !is_empty,
            (b"event", None) if self.in_events => {
                let one = One {
                    own: attributes(element, lines),
                    ..One::default()
                };
                if is_empty {
                    one.write(lines);
                } else {
                    self.event = Some(one);
                }
            }
            // Writers differ in what they call it.
            (b"relationship" | b"object" | b"relobj", Some(event)) => {
                event.relate(&attributes(element, lines));
            }
            (b"attribute", Some(_)) => {
                let all = attributes(element, lines);
                let name = get(&all, "name").unwrap_or_default().to_owned();
                let value = get(&all, "value").unwrap_or_default().to_owned();
                self.attribute = Some((name, value));
                if is_empty {
                    self.end_attribute();
                }
            }
            _ => {}
        }
        self.depth += usize::from(!is_empty);
    }

    fn end_attribute(&mut self) {
        let (Some((name, value)), Some(event)) = (self.attribute.take(), &mut self.event) else {
            return;
        };
        if event.attributes.len() < MAX_EVENT {
            comma(&mut event.attributes);
            quote(&name, &mut event.attributes);
            event.attributes.push(':');
            quote(&value, &mut event.attributes);
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, value)) = &mut self.attribute
            && value.len() < MAX_EVENT
        {
            value.push_str(text);
        }
    }

    fn close(&mut self, name: &[u8], lines: &mut Lines) {
        self.depth = self.depth.saturating_sub(1);
        match name {
            b"attribute" => self.end_attribute(),
            b"event" => {
                if let Some(event) = self.event.take() {
                    event.write(lines);
                }
            }
            b"events" if self.depth == 1 => self.in_events = false,
            _ => {}
        }
    }
}

impl Turner for OcelXml {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.reader.get_mut().begin();
        match self.reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => self.open(&element, false, lines),
            Ok(Event::Empty(element)) => self.open(&element, true, lines),
            Ok(Event::End(element)) => self.close(element.local_name().as_ref(), lines),
            Ok(Event::Text(text)) => match text.decode() {
                Ok(text) => self.text(&text),
                Err(_) => lines.flawed("invalid-utf8", "a text is not UTF-8 and is left out"),
            },
            Ok(Event::CData(text)) => match text.decode() {
                Ok(text) => self.text(&text),
                Err(_) => lines.flawed("invalid-utf8", "a text is not UTF-8 and is left out"),
            },
            Ok(Event::GeneralRef(name)) => match resolved(&name) {
                Some(text) => self.text(&text),
                None => lines.flawed(
                    "xml-entity",
                    "an entity is not one of XML's own and is left out",
                ),
            },
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
            Ok(_) => {}
            Err(error) => {
                xml::note_fault(u64::from(self.event.is_some()), &error, lines);
                return Ok(false);
            }
        }
        self.buffer = buffer;
        if self.depth > MAX_DEPTH {
            xml::note_depth(MAX_DEPTH, lines);
            return Ok(false);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::bytes::Bytes;

    fn lines(text: &str) -> (String, Vec<&'static str>) {
        let mut turner = OcelXml::new(Input::new(Bytes::Memory(text.as_bytes().into())));
        let mut lines = Lines::default();
        while turner.turn(&mut lines).unwrap() {}
        lines.told()
    }

    #[test]
    fn events_are_written_with_the_names_that_they_have_in_json() {
        let text = r#"<?xml version='1.0'?><log><object-types/><event-types><event-type name="Placed"/></event-types>
          <objects><object id="o1" type="order"><attributes><attribute name="a" time="x">1</attribute></attributes></object></objects>
          <events><event id="e1" type="Placed" time="2024-03-01T08:00:00Z">
            <attributes><attribute name="note">a &lt; &#66;</attribute><attribute name="none"/></attributes>
            <objects><relationship object-id="p1" qualifier="customer"/><relationship object-id="o1" qualifier="subject"/></objects>
          </event><event id="e2" type="Paid" time="t"/></events></log>"#;
        let (text, kinds) = lines(text);
        let mut expected = text.lines();
        assert_eq!(
            expected.next(),
            Some(
                r#"{"object":"o1","id":"e1","type":"Placed","time":"2024-03-01T08:00:00Z","relationships":[{"objectId":"p1","qualifier":"customer"},{"objectId":"o1","qualifier":"subject"}],"attributes":{"note":"a < B","none":""}}"#
            )
        );
        assert_eq!(
            expected.next(),
            Some(r#"{"id":"e2","type":"Paid","time":"t","relationships":[],"attributes":{}}"#)
        );
        assert_eq!((expected.next(), kinds.len()), (None, 0));
        let (_, kinds) = lines("<log><object-types/><events><event id=\"e1\"><attributes>");
        assert_eq!(kinds, ["cut-off-xml"]);
    }
}
