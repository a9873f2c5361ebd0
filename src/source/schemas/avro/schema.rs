//! Schemas of Avro, as they stand in JSON.

use std::collections::HashMap;
use std::sync::Arc;

use crate::event::json::{self, Json, Object};

/// How many types a schema may have.
const MAX_TYPES: usize = 20_000;
/// The longest fixed value.
const MAX_FIXED: usize = 1 << 20;

/// A type, by its number among all types of a schema.
pub(super) type TypeId = usize;

/// What data of a type look like.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    Text,
    /// So many bytes.
    Fixed(usize),
    Enum(Vec<String>),
    Array(TypeId),
    Map(TypeId),
    Union(Vec<TypeId>),
    /// The fields in order.
    Record(Vec<(String, TypeId)>),
}

/// What data of a type mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Plain,
    Decimal {
        scale: usize,
    },
    Date,
    /// A time of the day, with so many digits of a second.
    Clock(u8),
    /// A moment, with so many digits of a second, and whether its zone is known.
    Moment {
        digits: u8,
        is_utc: bool,
    },
    Duration,
}

#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) kind: Kind,
    pub(super) meaning: Meaning,
}

/// A schema with all its types.
#[derive(Clone, Debug)]
pub(in crate::source) struct Schema {
    pub(super) types: Arc<[Type]>,
    pub(super) root: TypeId,
    name: Option<String>,
}

impl Schema {
    /// Reads a schema; the error is a sentence.
    pub(in crate::source) fn parse(text: &[u8]) -> Result<Self, String> {
        let json = json::parse(text).map_err(|error| format!("the schema is no JSON: {error}"))?;
        let mut reading = Reading::default();
        let root = reading.kind(&json, "")?;
        if let Some(at) = reading.types.iter().position(Option::is_none) {
            return Err(format!("type {at} of the schema is never described"));
        }
        let name = match &json {
            Json::Object(object) => full_name(object, "").map(|(name, _)| name),
            _ => None,
        };
        Ok(Self {
            types: reading.types.into_iter().flatten().collect(),
            root,
            name,
        })
    }

    /// The full name of the record that it describes.
    pub(in crate::source) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// A schema on its way.
#[derive(Default)]
struct Reading {
    types: Vec<Option<Type>>,
    /// The types that have names.
    named: HashMap<String, TypeId>,
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key)?.as_text()
}

fn number(object: &Object, key: &str) -> Option<usize> {
    match object.get(key)? {
        Json::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The full name of a named type, and the names around what stands in it.
fn full_name(object: &Object, around: &str) -> Option<(String, String)> {
    let name = text(object, "name")?;
    let (space, name) = match name.rsplit_once('.') {
        Some((space, name)) => (space, name),
        None => (text(object, "namespace").unwrap_or(around), name),
    };
    let full = if space.is_empty() {
        name.to_owned()
    } else {
        format!("{space}.{name}")
    };
    Some((full, space.to_owned()))
}

impl Reading {
    fn reserve(&mut self) -> Result<TypeId, String> {
        if self.types.len() >= MAX_TYPES {
            return Err(format!("the schema has more than {MAX_TYPES} types"));
        }
        self.types.push(None);
        Ok(self.types.len() - 1)
    }

    fn put(&mut self, id: TypeId, kind: Kind, meaning: Meaning) {
        if let Some(slot) = self.types.get_mut(id) {
            *slot = Some(Type { kind, meaning });
        }
    }

    /// A type as it stands in JSON, which is not nested deeper than JSON may be.
    fn kind(&mut self, json: &Json, around: &str) -> Result<TypeId, String> {
        match json {
            Json::Text(name) => self.by_name(name, around),
            Json::Array(choices) => {
                let id = self.reserve()?;
                let choices = choices.iter().map(|choice| self.kind(choice, around));
                let choices = choices.collect::<Result<Vec<_>, _>>()?;
                self.put(id, Kind::Union(choices), Meaning::Plain);
                Ok(id)
            }
            Json::Object(object) => match object.get("type") {
                Some(Json::Text(name)) => self.described(name, object, around),
                Some(inner) => self.kind(inner, around),
                None => Err("a type in the schema does not say what it is".to_owned()),
            },
            _ => Err("a type in the schema is neither a name nor an object".to_owned()),
        }
    }

    fn by_name(&mut self, name: &str, around: &str) -> Result<TypeId, String> {
        if let Some(kind) = primitive(name) {
            let id = self.reserve()?;
            self.put(id, kind, Meaning::Plain);
            return Ok(id);
        }
        let inside = format!("{around}.{name}");
        let known = self.named.get(&inside).or_else(|| self.named.get(name));
        known
            .copied()
            .ok_or_else(|| format!("the schema names the type {name}, which it does not describe"))
    }

    fn described(&mut self, kind: &str, object: &Object, around: &str) -> Result<TypeId, String> {
        let item = |key: &str| {
            let item = object.get(key);
            item.ok_or_else(|| format!("a type in the schema lacks its {key}"))
        };
        match kind {
            "array" | "map" => {
                let id = self.reserve()?;
                let key = if kind == "array" { "items" } else { "values" };
                let inner = self.kind(item(key)?, around)?;
                let kind = if kind == "array" {
                    Kind::Array(inner)
                } else {
                    Kind::Map(inner)
                };
                self.put(id, kind, Meaning::Plain);
                Ok(id)
            }
            "record" | "error" | "enum" | "fixed" => self.named_type(kind, object, around),
            name => {
                if let Some(kind) = primitive(name) {
                    let id = self.reserve()?;
                    self.put(id, kind, meaning(object));
                    return Ok(id);
                }
                self.by_name(name, around)
            }
        }
    }

    fn named_type(&mut self, kind: &str, object: &Object, around: &str) -> Result<TypeId, String> {
        let (name, around) =
            full_name(object, around).ok_or("a record, enum or fixed type has no name")?;
        let id = self.reserve()?;
        // What stands in it may name it.
        self.named.insert(name, id);
        let described = match kind {
            "enum" => {
                let Some(Json::Array(symbols)) = object.get("symbols") else {
                    return Err("an enum of the schema has no symbols".to_owned());
                };
                let symbols = symbols.iter().filter_map(Json::as_text);
                Kind::Enum(symbols.map(str::to_owned).collect())
            }
            "fixed" => {
                let size = number(object, "size").filter(|size| *size <= MAX_FIXED);
                Kind::Fixed(size.ok_or("a fixed type of the schema has no size")?)
            }
            _ => {
                let Some(Json::Array(fields)) = object.get("fields") else {
                    return Err("a record of the schema has no fields".to_owned());
                };
                let mut of_record = Vec::with_capacity(fields.len());
                for field in fields {
                    let Some(field) = field.as_object() else {
                        return Err("a field of the schema is no object".to_owned());
                    };
                    let name = text(field, "name").ok_or("a field of the schema has no name")?;
                    let inner = field
                        .get("type")
                        .ok_or("a field of the schema has no type")?;
                    of_record.push((name.to_owned(), self.kind(inner, &around)?));
                }
                Kind::Record(of_record)
            }
        };
        let meaning = match &described {
            Kind::Fixed(_) => meaning(object),
            _ => Meaning::Plain,
        };
        self.put(id, described, meaning);
        Ok(id)
    }
}

fn primitive(name: &str) -> Option<Kind> {
    Some(match name {
        "null" => Kind::Null,
        "boolean" => Kind::Boolean,
        "int" => Kind::Int,
        "long" => Kind::Long,
        "float" => Kind::Float,
        "double" => Kind::Double,
        "bytes" => Kind::Bytes,
        "string" => Kind::Text,
        _ => return None,
    })
}

fn meaning(object: &Object) -> Meaning {
    let moment = |digits, is_utc| Meaning::Moment { digits, is_utc };
    match text(object, "logicalType").unwrap_or_default() {
        "decimal" => Meaning::Decimal {
            scale: number(object, "scale").unwrap_or(0).min(1000),
        },
        "date" => Meaning::Date,
        "time-millis" => Meaning::Clock(3),
        "time-micros" => Meaning::Clock(6),
        "timestamp-millis" => moment(3, true),
        "timestamp-micros" => moment(6, true),
        "timestamp-nanos" => moment(9, true),
        "local-timestamp-millis" => moment(3, false),
        "local-timestamp-micros" => moment(6, false),
        "local-timestamp-nanos" => moment(9, false),
        "duration" => Meaning::Duration,
        _ => Meaning::Plain,
    }
}
