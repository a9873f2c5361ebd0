//! Splits JSON into the objects that are turned: the values of the text, the elements of an array,
//! or those of the array under a certain key. Only one of them is held in memory.

use std::io;

use super::lines::Lines;
use crate::event::json::scan;
use crate::source::container::input::Input;
use crate::source::container::json::{bare, begins_as_lines};

/// The longest object that is turned.
const MAX_UNIT: usize = 64 << 20;
/// The longest key that is compared.
const MAX_KEY: usize = 64;

/// Splits a text.
pub(super) struct Units {
    input: Input,
    /// The key of the array whose elements are asked for; the objects themselves without it.
    key: Option<&'static str>,
    /// Whether there is an object a line; found out at the beginning.
    is_lines: Option<bool>,
    split: Split,
}

/// What is known between brackets.
#[derive(Default)]
struct Split {
    open: Vec<u8>,
    in_string: bool,
    is_escaped: bool,
    /// The last string outside of a unit, as far as it can be a key that is looked for.
    string: Vec<u8>,
    /// Whether that string stands before a colon.
    is_key: bool,
    /// How deep the brackets of the array are whose elements are units.
    array: Option<usize>,
    /// How deep the unit is that is being read, and where it begins at hand.
    unit: Option<usize>,
}

impl Units {
    pub(super) fn new(input: Input, key: Option<&'static str>) -> Self {
        Self {
            input,
            key,
            is_lines: None,
            split: Split::default(),
        }
    }

    /// Hands over the next object; `false` at the end. What is none is noted.
    pub(super) fn next(
        &mut self,
        lines: &mut Lines,
        each: &mut dyn FnMut(&[u8], &mut Lines),
    ) -> io::Result<bool> {
        let is_lines = if let Some(known) = self.is_lines {
            known
        } else {
            self.input.need(1 << 16)?;
            *self.is_lines.insert(begins_as_lines(self.input.rest()))
        };
        if is_lines {
            self.next_line(lines, each)
        } else {
            self.next_unit(lines, each)
        }
    }

    fn next_line(
        &mut self,
        lines: &mut Lines,
        each: &mut dyn FnMut(&[u8], &mut Lines),
    ) -> io::Result<bool> {
        let Some((len, ends)) = self.input.line(MAX_UNIT)? else {
            lines.lost(
                "line-too-long",
                "the line is longer than 64 MiB and was left out",
            );
            self.input.skip_line()?;
            return Ok(true);
        };
        let text = bare(self.input.rest().get(..len).unwrap_or_default());
        if !text.is_empty() {
            self.hand_over(text, !ends, lines, each);
        }
        self.input.skip(len + usize::from(ends));
        Ok(ends)
    }

    /// A whole object, or the elements of an array in it.
    fn hand_over(
        &self,
        text: &[u8],
        is_last: bool,
        lines: &mut Lines,
        each: &mut dyn FnMut(&[u8], &mut Lines),
    ) {
        if !is_one_object(text) {
            let (kind, message) = if is_last {
                ("cut-off-line", "the text ends inside a JSON object")
            } else {
                ("not-json", "this is no JSON object")
            };
            return lines.lost(kind, message);
        }
        let array = self.key.and_then(|key| scan::find(text, &[key]));
        match array {
            Some(array) => elements(array, &mut |element| each(element, lines)),
            None => each(text, lines),
        }
    }

    fn next_unit(
        &mut self,
        lines: &mut Lines,
        each: &mut dyn FnMut(&[u8], &mut Lines),
    ) -> io::Result<bool> {
        let mut at = 0;
        loop {
            while at < self.input.rest().len() {
                let byte = self.input.rest().get(at).copied().unwrap_or_default();
                at += 1;
                if self.split.unit.is_none() {
                    if self.split.begins_unit(byte, self.key) {
                        self.input.skip(at - 1);
                        at = 1;
                    }
                } else if self.split.ends_unit(byte) {
                    let unit = self.input.rest().get(..at).unwrap_or_default();
                    if is_one_object(unit) {
                        each(unit, lines);
                    } else {
                        lines.lost("not-json", "this is no JSON object");
                    }
                    self.input.skip(at);
                    return Ok(true);
                }
            }
            if self.split.unit.is_none() {
                self.input.skip(at);
                at = 0;
            } else if at > MAX_UNIT {
                lines.broken(
                    "object-too-long",
                    "the whole input",
                    "an object is longer than 64 MiB; what comes before it is read".to_owned(),
                );
                return Ok(false);
            }
            if !self.input.more()? {
                if self.split.unit.is_some() {
                    lines.lost("cut-off-line", "the text ends inside a JSON object");
                } else if !self.split.open.is_empty() {
                    let message =
                        "the text ends before its brackets are closed; what came before is read";
                    lines.broken("cut-off-array", "end of the file", message.to_owned());
                }
                return Ok(false);
            }
        }
    }
}

impl Split {
    /// Takes a byte outside of units; `true` where it begins one.
    fn begins_unit(&mut self, byte: u8, key: Option<&str>) -> bool {
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            if self.in_string && self.string.len() <= MAX_KEY {
                self.string.push(byte);
            }
            return false;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.string.clear();
                self.is_key = false;
            }
            b':' => self.is_key = true,
            b'{' if self.holds_units(key) => {
                self.unit = Some(self.open.len());
                self.open.push(byte);
                return true;
            }
            b'{' | b'[' => {
                let names = self.is_key && key.is_some_and(|key| self.string == key.as_bytes());
                // Deeper brackets are only counted: their kind tells nothing.
                if byte == b'[' && names && self.array.is_none() && self.open.len() <= 2 {
                    self.array = Some(self.open.len() + 1);
                }
                if self.open.len() < scan::MAX_SCAN_DEPTH {
                    self.open.push(byte);
                }
                self.is_key = false;
            }
            b'}' | b']' => {
                self.open.pop();
                if self.array.is_some_and(|depth| self.open.len() < depth) {
                    self.array = None;
                }
                self.is_key = false;
            }
            b',' => self.is_key = false,
            _ => {}
        }
        false
    }

    /// Whether an object that opens here is one of those asked for.
    fn holds_units(&self, key: Option<&str>) -> bool {
        match key {
            Some(_) => self.array == Some(self.open.len()),
            None => self.open.iter().all(|open| *open == b'[') && self.open.len() <= 1,
        }
    }

    /// Takes a byte inside of a unit; `true` where it ends it.
    fn ends_unit(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.open.push(byte),
            b'}' | b']' => {
                self.open.pop();
                if self.unit == Some(self.open.len()) {
                    self.unit = None;
                    self.is_key = false;
                    return true;
                }
            }
            _ => {}
        }
        false
    }
}

fn is_one_object(text: &[u8]) -> bool {
    text.starts_with(b"{")
        && scan::value_end(text, 0)
            .is_ok_and(|end| text.get(end..).unwrap_or_default().trim_ascii().is_empty())
}

/// Hands over the elements of a raw JSON array; nothing where it is none.
pub(super) fn elements<'a>(array: &'a [u8], each: &mut dyn FnMut(&'a [u8])) {
    let Some(b'[') = array.first() else { return };
    let mut at = 1;
    while let Ok(end) = scan::value_end(array, at) {
        let value = array.get(at..end).unwrap_or_default().trim_ascii();
        each(value);
        let rest = array.get(end..).unwrap_or_default();
        let Some(comma) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else {
            return;
        };
        if rest.get(comma) != Some(&b',') {
            return;
        }
        at = end + comma + 1;
    }
}
