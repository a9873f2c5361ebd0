//! A path into a JSON value: `shipment.lines[0].sku`, or as a JSON Pointer `/shipment/lines/0/sku`.

use std::borrow::Cow;
use std::fmt;

use super::scan;
use super::value::{Json, Object};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a member of an object.
    Key(Box<str>),
    /// Into an element of an array.
    Index(usize),
}

/// A path from a value to one inside it; the empty path is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(pub Vec<Step>);

impl JsonPath {
    /// Reads the dotted form; a name that holds `.`, `[`, `"` or white space stands in double quotes,
    /// with the escapes of a JSON string.
    ///
    /// ```
    /// use annals::event::json::JsonPath;
    /// let path = JsonPath::parse(r#"lines[0]."a.b""#).unwrap();
    /// assert_eq!(path.pointer(), "/lines/0/a.b");
    /// assert_eq!(path.to_string(), r#"lines[0]."a.b""#);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let (digits, after) = after.split_once(']')?;
                steps.push(Step::Index(digits.parse().ok()?));
                rest = after;
            } else {
                let name_part = if steps.is_empty() {
                    rest
                } else {
                    rest.strip_prefix('.')?
                };
                let (name, after) = split_name(name_part)?;
                steps.push(Step::Key(name.into()));
                rest = after;
            }
        }
        Some(Self(steps))
    }

    /// The JSON Pointer form (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            text.push('/');
            match step {
                Step::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }

    /// The path one step further in.
    pub fn child(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The value at this path inside `value`.
    pub fn get<'a>(&self, value: &'a Json) -> Option<&'a Json> {
        self.0
            .iter()
            .try_fold(value, |inner, step| match (step, inner) {
                (Step::Key(key), Json::Object(object)) => object.get(key),
                (Step::Index(index), Json::Array(elements)) => elements.get(*index),
                _ => None,
            })
    }

    /// The value at this path, to be changed; objects that are missing on the way are made.
    ///
    /// `None` where something that is no object, or a missing element, stands in the way.
    pub fn get_or_make<'a>(&self, value: &'a mut Json) -> Option<&'a mut Json> {
        let mut inner = value;
        for step in &self.0 {
            if matches!(inner, Json::Null) && matches!(step, Step::Key(_)) {
                *inner = Json::Object(Object::default());
            }
            inner = match (step, inner) {
                (Step::Key(key), Json::Object(object)) => {
                    if object.get(key).is_none() {
                        object.push(key.clone(), Json::Null);
                    }
                    object.get_mut(key)?
                }
                (Step::Index(index), Json::Array(elements)) => elements.get_mut(*index)?,
                _ => return None,
            };
        }
        Some(inner)
    }

    /// Takes what is at this path out of `value`.
    pub fn remove(&self, value: &mut Json) -> Option<Json> {
        let (last, parents) = self.0.split_last()?;
        let mut inner = value;
        for step in parents {
            inner = match (step, inner) {
                (Step::Key(key), Json::Object(object)) => object.get_mut(key)?,
                (Step::Index(index), Json::Array(elements)) => elements.get_mut(*index)?,
                _ => return None,
            };
        }
        match (last, inner) {
            (Step::Key(key), Json::Object(object)) => object.remove(key),
            (Step::Index(at), Json::Array(elements)) => {
                (*at < elements.len()).then(|| elements.remove(*at))
            }
            _ => None,
        }
    }
}

/// The name at the start of `text`, quoted or not, and what follows it.
fn split_name(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if text.starts_with('"') {
        let end = scan::value_end(text.as_bytes(), 0).ok()?;
        let (quoted, after) = text.split_at(end);
        return Some((scan::string_text(quoted.as_bytes())?, after));
    }
    let end = text.find(['.', '[', '"']).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    (end > 0).then_some((Cow::Borrowed(name), after))
}

fn needs_quotes(key: &str) -> bool {
    let is_special = |c: char| matches!(c, '.' | '[' | '"') || c.is_whitespace() || c.is_control();
    key.is_empty() || key.contains(is_special)
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    f.write_str(if n > 0 { "." } else { "" })?;
                    if needs_quotes(key) {
                        let mut quoted = String::new();
                        super::write::quote(key, &mut quoted);
                        f.write_str(&quoted)?;
                    } else {
                        f.write_str(key)?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_written_so_that_it_reads_back() {
        for key in [
            "a", "", "a b", "a.b", "[0]", "\"", "\\", "\n", "é😀", "a\\\"b",
        ] {
            let path = JsonPath(vec![
                Step::Key(key.into()),
                Step::Index(3),
                Step::Key(key.into()),
            ]);
            assert_eq!(JsonPath::parse(&path.to_string()), Some(path), "{key}");
        }
    }

    #[test]
    fn missing_objects_are_made_and_what_stands_in_the_way_is_respected() {
        let mut state = Json::Null;
        *JsonPath::parse("a.b.c")
            .unwrap()
            .get_or_make(&mut state)
            .unwrap() = Json::Bool(true);
        assert_eq!(state.to_string(), r#"{"a":{"b":{"c":true}}}"#);
        assert!(
            JsonPath::parse("a.b.c.d")
                .unwrap()
                .get_or_make(&mut state)
                .is_none()
        );
        assert!(JsonPath::parse("a.b").unwrap().remove(&mut state).is_some());
        assert_eq!(state.to_string(), r#"{"a":{}}"#);
    }
}
