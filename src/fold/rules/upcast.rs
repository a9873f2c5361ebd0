//! Old payloads in today's shape: fields renamed and filled in, by type and schema version.

use crate::event::json::{self, Json, JsonPath};
use crate::event::{Decimal, Payload};
use crate::fold::reducer::{FoldEvent, Upcast};

/// What is done to the payloads of one type, for those of a schema version below a certain one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// For payloads of schema versions below this; for all where it is left out. What has no schema
    /// version is older than all that have one.
    pub(super) below: Option<Box<str>>,
    /// The type's name today.
    pub(super) event_type: Option<Box<str>>,
    /// From where a value goes where, unless there is one already.
    pub(super) renames: Vec<(JsonPath, JsonPath)>,
    /// What stands where nothing does.
    pub(super) defaults: Vec<(JsonPath, Json)>,
}

impl Shape {
    fn is_for(&self, schema_version: Option<&str>) -> bool {
        let (Some(below), Some(version)) = (&self.below, schema_version) else {
            return true;
        };
        match (Decimal::parse(version), Decimal::parse(below)) {
            (Some(version), Some(below)) => version < below,
            _ => version < &**below,
        }
    }

    fn change(&self, data: &mut Json) -> Result<(), String> {
        for (from, to) in &self.renames {
            if to.get(data).is_some() {
                continue;
            }
            if let Some(value) = from.remove(data) {
                *place(to, data)? = value;
            }
        }
        for (path, value) in &self.defaults {
            if path.get(data).is_none() {
                *place(path, data)? = value.clone();
            }
        }
        Ok(())
    }
}

fn place<'a>(path: &JsonPath, data: &'a mut Json) -> Result<&'a mut Json, String> {
    path.get_or_make(data)
        .ok_or_else(|| format!("upcast: {path} cannot be made in the payload"))
}

/// An event in today's shape; `None` where it has that already.
pub(super) fn upcast(shapes: &[Shape], event: &FoldEvent<'_>) -> Result<Option<Upcast>, String> {
    let mut shapes = shapes
        .iter()
        .filter(|shape| shape.is_for(event.schema_version))
        .peekable();
    if shapes.peek().is_none() {
        return Ok(None);
    }
    let (Some(text), mut event_type) = (event.data.json(), None) else {
        return Ok(None);
    };
    let mut data = json::parse(text.as_bytes()).map_err(|error| format!("upcast: {error}"))?;
    let is_object = matches!(data, Json::Object(_));
    for shape in shapes {
        if is_object {
            shape.change(&mut data)?;
        }
        event_type = shape.event_type.clone().or(event_type);
    }
    Ok(Some(Upcast {
        event_type,
        data: Payload::Json(data.to_string().into()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Json {
        json::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn fields_are_renamed_and_filled_in_where_nothing_stands() {
        let path = |text| JsonPath::parse(text).unwrap();
        let shape = Shape {
            renames: vec![
                (path("customer"), path("customer.name")),
                (path("sum"), path("total")),
            ],
            defaults: vec![
                (path("currency"), Json::Text("EUR".into())),
                (path("a.b"), Json::Null),
            ],
            ..Shape::default()
        };
        let mut old = object(r#"{"customer":"Ann","sum":1.50}"#);
        shape.change(&mut old).unwrap();
        assert_eq!(
            old.to_string(),
            r#"{"customer":{"name":"Ann"},"total":1.50,"currency":"EUR","a":{"b":null}}"#
        );
        let mut new = object(r#"{"total":2,"sum":1,"currency":"CHF","a":{"b":5}}"#);
        shape.change(&mut new).unwrap();
        assert_eq!(
            new.to_string(),
            r#"{"total":2,"sum":1,"currency":"CHF","a":{"b":5}}"#
        );
        assert!(shape.change(&mut object(r#"{"a":5}"#)).is_err());
    }
}
