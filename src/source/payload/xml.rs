//! XML as JSON: what an application's objects look like in it, as `XStream` and the serialisers of .NET
//! write them.
//!
//! The outermost element is the object itself, and its name, which the type of the event says already,
//! is left out. An element with elements in it is an object, one with text a text: that a text is a
//! number XML does not say. Elements of one name are an array, attributes are members that begin with
//! `@`, text beside members is `#text`. A map as `XStream` writes it (each `entry` has a key, under the
//! name of its type, and a value) is an object with these keys; other elements named `entry` are what
//! they are. Document types and entities of one's own are not read at all.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::writer::{JsonWriter, Written};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 256;
/// How many elements and attributes there may be: a tree of so many takes some 60 MB.
const MAX_MEMBERS: usize = 1 << 19;
/// How many attributes an element may have, each of which is held against those before it.
const MAX_ATTRIBUTES: usize = 1_000;
/// What `XStream` calls the types that keys are usually of. Nobody names a field of their own so, which
/// is not true of its `date`, `currency` or `url`.
const KEY_TYPES: [&str; 11] = [
    "string",
    "int",
    "long",
    "short",
    "byte",
    "char",
    "boolean",
    "float",
    "double",
    "big-int",
    "big-decimal",
];

/// An element and all in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    /// Attributes and elements, in their order.
    members: Vec<Self>,
    text: String,
}

/// The JSON of a document; `None` where the text is not exactly one.
pub(super) fn decode(text: &str) -> Option<Written> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let root = read(text)?;
    let mut out = JsonWriter::default();
    write(&root, &mut out)?;
    out.finish()
}

fn read(text: &str) -> Option<Element> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut n_members = 0;
    loop {
        if n_members > MAX_MEMBERS {
            return None;
        }
        let closed = match reader.read_event().ok()? {
            Event::Start(_) if root.is_some() || open.len() >= MAX_DEPTH => return None,
            Event::Start(start) => {
                open.push(begun(&start, &mut n_members)?);
                continue;
            }
            Event::Empty(_) if root.is_some() => return None,
            Event::Empty(start) => begun(&start, &mut n_members)?,
            Event::End(_) => open.pop()?,
            Event::Text(text) => {
                add(&mut open, &text.decode().ok()?)?;
                continue;
            }
            Event::CData(text) => {
                add(&mut open, &text.decode().ok()?)?;
                continue;
            }
            Event::GeneralRef(name) => {
                add(&mut open, &resolved(&name)?)?;
                continue;
            }
            Event::DocType(_) => return None,
            Event::Eof => return root.filter(|_| open.is_empty()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.members.push(closed),
            None => root = Some(closed),
        }
    }
}

/// An element with its attributes, all of which are counted.
fn begun(start: &BytesStart<'_>, n_members: &mut usize) -> Option<Element> {
    let name = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let mut element = Element {
        name: name(start.name().as_ref())?,
        ..Element::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        if element.members.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .ok()?;
        element.members.push(Element {
            name: format!("@{}", name(attribute.key.as_ref())?),
            text: value.into_owned(),
            ..Element::default()
        });
    }
    *n_members += 1 + element.members.len();
    Some(element)
}

/// Adds text to the innermost element; outside of all there may only be white space.
fn add(open: &mut [Element], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

/// What one of XML's own entities, or the number of a character, stands for.
pub(in crate::source) fn resolved(name: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return Some(character.to_string());
    }
    let text = match name.decode().ok()?.as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Writes an element's content. Nested no deeper than elements are, which are limited.
fn write(element: &Element, out: &mut JsonWriter) -> Option<()> {
    if element.members.is_empty() {
        return if element.name == "null" && element.text.is_empty() {
            out.token("null")
        } else {
            out.text(&element.text)
        };
    }
    out.open(true)?;
    if let Some(entries) = entries(element) {
        for (key, value) in entries {
            out.text(key)?;
            write(value, out)?;
        }
        return out.close();
    }
    // The members by their names, each name where it stands first.
    let mut order: Vec<usize> = (0..element.members.len()).collect();
    order.sort_by(|a, b| element.members[*a].name.cmp(&element.members[*b].name));
    let mut groups: Vec<&[usize]> = order
        .chunk_by(|a, b| element.members[*a].name == element.members[*b].name)
        .collect();
    groups.sort_by_key(|group| group.first().copied());
    for group in groups {
        let mut members = group.iter().map(|at| &element.members[*at]);
        let first = members.next()?;
        out.text(&first.name)?;
        if group.len() == 1 {
            write(first, out)?;
            continue;
        }
        out.open(false)?;
        write(first, out)?;
        members.try_for_each(|member| write(member, out))?;
        out.close()?;
    }
    // Between elements stand the spaces that show their depth; beside attributes all is text.
    let has_elements = element.members.iter().any(|one| !one.name.starts_with('@'));
    let text = if has_elements {
        element.text.trim()
    } else {
        &element.text
    };
    if !text.is_empty() {
        out.text("#text")?;
        out.text(text)?;
    }
    out.close()
}

/// The keys and values of a map as `XStream` writes it, no key twice; `None` where anything beside them
/// would be lost.
fn entries(element: &Element) -> Option<Vec<(&str, &Element)>> {
    let is_blank = |element: &Element| element.text.trim().is_empty();
    let entry = |entry: &'_ Element| match entry.members.as_slice() {
        [key, value] if entry.name == "entry" && is_blank(entry) && is_key(key, value) => Some(()),
        _ => None,
    };
    if !is_blank(element) {
        return None;
    }
    element.members.iter().try_for_each(entry)?;
    let pairs: Vec<(&str, &Element)> = element
        .members
        .iter()
        .filter_map(|entry| match entry.members.as_slice() {
            [key, value] => Some((key.text.as_str(), value)),
            _ => None,
        })
        .collect();
    let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.windows(2).all(|two| two[0] != two[1]).then_some(pairs)
}

/// Whether an element is the key of a value: named by its type, and no more than a text. An id could also
/// be a field, so there the value tells.
fn is_key(key: &Element, value: &Element) -> bool {
    let is_type = |name: &str| KEY_TYPES.contains(&name);
    let tells = |name: &str| is_type(name) || name == "null" || name.contains('.');
    let is_id = key.name == "uuid" && tells(&value.name);
    key.members.is_empty() && (is_type(&key.name) || is_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(xml: &str, json: &str) {
        assert_eq!(
            decode(xml).map(|written| written.text).as_deref(),
            Some(json)
        );
    }

    #[test]
    fn elements_are_objects_arrays_and_texts_and_every_digit_stays() {
        is(
            "<?xml version=\"1.0\"?>\n<com.shop.Placed serialization=\"custom\"><id>o-1</id><total>415.60</total>\
             <line qty=\"2\">A&amp;1</line><note/><line><sku>B</sku></line><!-- no --></com.shop.Placed>\n",
            r##"{"@serialization":"custom","id":"o-1","total":"415.60","line":[{"@qty":"2","#text":"A&1"},{"sku":"B"}],"note":""}"##,
        );
        is("<a><![CDATA[<b>]]> &#x41;</a>", r#""<b> A""#);
    }

    #[test]
    fn a_map_of_xstream_is_an_object_with_its_keys() {
        is(
            "<meta-data><entry><string>traceId</string><string>t1</string></entry>\
             <entry><string>by</string><null/></entry></meta-data>",
            r#"{"traceId":"t1","by":null}"#,
        );
        is(
            "<m><entry>\n <int>1</int> <shop.Line><sku>A</sku></shop.Line>\n</entry> <entry><int>2</int><null/></entry></m>",
            r#"{"1":{"sku":"A"},"2":null}"#,
        );
        is(
            "<m><entry><uuid>8c41</uuid><string>a</string></entry></m>",
            r#"{"8c41":"a"}"#,
        );
        is(
            "<m><entry><int>1</int><int>2</int></entry><entry><int>1</int><int>3</int></entry></m>",
            r#"{"entry":[{"int":["1","2"]},{"int":["1","3"]}]}"#,
        );
    }

    #[test]
    fn an_entry_of_a_ledger_keeps_the_names_of_its_fields() {
        is(
            "<ledger><entry><account>4711</account><amount>10.00</amount></entry></ledger>",
            r#"{"entry":{"account":"4711","amount":"10.00"}}"#,
        );
        is(
            "<l><entry><k>a</k><v>1</v></entry><entry><k>b</k><v>2</v></entry></l>",
            r#"{"entry":[{"k":"a","v":"1"},{"k":"b","v":"2"}]}"#,
        );
        is(
            "<l><entry date=\"2024-01-01\"><amount>5</amount></entry></l>",
            r#"{"entry":{"@date":"2024-01-01","amount":"5"}}"#,
        );
        for key in ["date", "currency", "uuid", "url"] {
            is(
                &format!("<l><entry><{key}>x</{key}><amount>5</amount></entry></l>"),
                &format!(r#"{{"entry":{{"{key}":"x","amount":"5"}}}}"#),
            );
        }
    }

    #[test]
    fn no_text_is_lost() {
        is(
            "<m>note<entry><string>k</string><string>v</string></entry></m>",
            r##"{"entry":{"string":["k","v"]},"#text":"note"}"##,
        );
        is(
            "<m><entry>note<string>k</string><string>v</string></entry></m>",
            r##"{"entry":{"string":["k","v"],"#text":"note"}}"##,
        );
        is(
            "<l><line qty=\"2\">  A </line></l>",
            r##"{"line":{"@qty":"2","#text":"  A "}}"##,
        );
        is("<line>  A </line>", r#""  A ""#);
        is(
            "\u{feff}<?xml version=\"1.0\"?><a><b>1</b></a>",
            r#"{"b":"1"}"#,
        );
    }

    #[test]
    fn a_document_of_very_many_elements_or_attributes_stays_a_text() {
        let some = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n));
        assert!(decode(&some(MAX_MEMBERS - 2)).is_some());
        assert!(decode(&some(MAX_MEMBERS + 2)).is_none());
        let attributes = |n: usize| {
            let all: Vec<String> = (0..n).map(|nr| format!("a{nr}=\"\"")).collect();
            let all = all.join(" ");
            format!("<a {all}/>")
        };
        assert!(decode(&attributes(MAX_ATTRIBUTES)).is_some());
        assert!(decode(&attributes(MAX_ATTRIBUTES + 1)).is_none());
    }

    #[test]
    fn what_is_no_document_or_brings_entities_is_none() {
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        for text in [
            "",
            "<",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "x<a/>",
            "<a>&own;</a>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a b=\"1\" b=\"2\"/>",
            deep.as_str(),
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
