//! JavaScript values as exact JSON, and back.
//!
//! A state is written as the server does it: own properties that are no symbols, `toJSON` ignored,
//! `undefined` left out of objects and null in arrays, a big integer as text. Texts of JSON are read
//! by the engine, so a number is what JavaScript makes of it, and goes out in its shortest form.

use rquickjs::convert::Coerced;
use rquickjs::object::Filter;
use rquickjs::{Ctx, Function, Object, Value};

use super::engine::Failed;
use super::error::{Fault, NoJson};
use crate::event::json::{self, Json};

/// How deep a state may be nested.
pub(super) const MAX_DEPTH: usize = 64;

/// The most bytes of a state, as a rough count.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// Writes values as JSON.
pub(super) struct Writer<'js> {
    /// The prototypes of events: an event that is kept in a state shows all that it has.
    pub(super) events: [Object<'js>; 2],
    /// Looks at all that an event has.
    pub(super) show: Function<'js>,
    /// Whether an object has getters or setters; only where the script mentions any.
    pub(super) has_accessor: Option<Function<'js>>,
    /// How many bytes may still be written.
    pub(super) room: usize,
}

impl<'js> Writer<'js> {
    /// The value as JSON; `undefined` is null here.
    pub(super) fn json(&mut self, value: &Value<'js>) -> Result<Json, Failed> {
        self.at(value, 0)
    }

    fn at(&mut self, value: &Value<'js>, depth: usize) -> Result<Json, Failed> {
        self.take(4)?;
        if let Some(text) = value.as_string() {
            let text = match text.to_string() {
                Ok(text) => text,
                Err(_) => lone_surrogates(value)?,
            };
            self.take(text.len())?;
            return Ok(Json::Text(text.into()));
        }
        if let Some(number) = value.as_int() {
            return Ok(Json::Number(number.to_string().into()));
        }
        if let Some(number) = value.as_float() {
            return Ok(shortest(number));
        }
        if let Some(boolean) = value.as_bool() {
            return Ok(Json::Bool(boolean));
        }
        if value.is_big_int() {
            let Coerced(text) = value.get::<Coerced<String>>()?;
            self.take(text.len())?;
            return Ok(Json::Text(text.into()));
        }
        if value.is_symbol() {
            return Err(Fault::NoJson(NoJson::Symbol).into());
        }
        if depth >= MAX_DEPTH && value.is_object() {
            return Err(Fault::NoJson(NoJson::TooDeep).into());
        }
        match (value.as_array(), value.as_object()) {
            (Some(array), _) => {
                let mut elements = Vec::new();
                for index in 0..array.len() {
                    let element: Value<'js> = array.get(index)?;
                    elements.push(self.at(&element, depth + 1)?);
                }
                Ok(Json::Array(elements))
            }
            (None, Some(object)) => self.object(object, depth),
            (None, None) => Ok(Json::Null),
        }
    }

    fn object(&mut self, object: &Object<'js>, depth: usize) -> Result<Json, Failed> {
        if let Some(has_accessor) = &self.has_accessor
            && has_accessor.call::<_, bool>((object.clone(),))?
        {
            return Err(Fault::NoJson(NoJson::Accessor).into());
        }
        if let Some(prototype) = object.get_prototype()
            && self.events.contains(&prototype)
        {
            self.show.call::<_, Value<'js>>((object.clone(),))?;
        }
        let mut members = json::Object::default();
        for property in object.own_props::<String, Value<'js>>(Filter::new().string()) {
            let (key, value) = property?;
            if value.is_undefined() {
                continue;
            }
            self.take(key.len() + 3)?;
            let value = self.at(&value, depth + 1)?;
            members.push(key.into(), value);
        }
        Ok(Json::Object(members))
    }

    fn take(&mut self, bytes: usize) -> Result<(), Fault> {
        let left = self.room.checked_sub(bytes);
        self.room = left.ok_or(Fault::NoJson(NoJson::TooLarge))?;
        Ok(())
    }
}

/// A text with surrogates that have no partner: their escapes stay, as in a payload.
fn lone_surrogates(value: &Value<'_>) -> Result<String, Failed> {
    let quoted = value.ctx().json_stringify(value.clone())?;
    let quoted = quoted.map_or_else(|| Ok(String::new()), |text| text.to_string())?;
    match json::parse(quoted.as_bytes()) {
        Ok(Json::Text(text)) => Ok(text.into()),
        _ => Ok(quoted),
    }
}

/// A number in the shortest form that reads back as the same, as JavaScript writes it; what is no
/// number is null, and minus zero is zero.
fn shortest(number: f64) -> Json {
    if !number.is_finite() {
        return Json::Null;
    }
    let size = number.abs();
    let text = if size == 0.0 {
        "0".to_owned()
    } else if size >= 1e21 {
        format!("{number:e}").replace('e', "e+")
    } else if size < 1e-6 {
        format!("{number:e}")
    } else {
        number.to_string()
    };
    Json::Number(text.into())
}

/// The value that a text of JSON stands for, as the engine reads it.
pub(super) fn read<'js>(ctx: &Ctx<'js>, text: &str) -> Result<Value<'js>, Failed> {
    Ok(ctx.json_parse(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_out_as_javascript_writes_them() {
        let written = |number| shortest(number).to_string();
        for (number, text) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (1e20, "100000000000000000000"),
            (1.5e300, "1.5e+300"),
            (1e-7, "1e-7"),
            (-0.000_001, "-0.000001"),
            (-0.0, "0"),
            (f64::NAN, "null"),
        ] {
            assert_eq!(written(number), text);
        }
    }
}
