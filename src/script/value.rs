//! JavaScript values as JSON text, and back.
//!
//! A state is written as the server does it: own properties that are no symbols, `toJSON` ignored,
//! `undefined` left out of objects and null in arrays, a big integer as text. Texts of JSON are read
//! by the engine, so a number is what JavaScript makes of it, and goes out in its shortest form.

use std::fmt::Write as _;

use rquickjs::convert::Coerced;
use rquickjs::object::Filter;
use rquickjs::{Ctx, Function, Object, Value};

use super::engine::Failed;
use super::error::{Fault, NoJson};
use crate::event::json::quote;

/// How deep a state may be nested.
pub(super) const MAX_DEPTH: usize = 64;

/// The most bytes of a state.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// Writes values as JSON.
pub(super) struct Writer<'js> {
    /// The prototypes of events: an event that is kept in a state shows all that it has.
    pub(super) events: [Object<'js>; 2],
    /// Looks at all that an event has.
    pub(super) show: Function<'js>,
    /// Whether an object has getters or setters; only where the script mentions any.
    pub(super) has_accessor: Option<Function<'js>>,
}

impl<'js> Writer<'js> {
    /// A writer that uses the tools of the sandbox.
    pub(super) fn of(tools: &Object<'js>) -> Result<Self, Failed> {
        Ok(Self {
            events: [tools.get("full")?, tools.get("lean")?],
            show: tools.get("show")?,
            has_accessor: tools.get("hasAccessor")?,
        })
    }

    /// The value as a text of JSON; `undefined` is null here.
    pub(super) fn text(&self, value: &Value<'js>) -> Result<String, Failed> {
        let mut out = String::new();
        self.write(value, 0, &mut out)?;
        if out.len() > MAX_BYTES {
            return Err(Fault::NoJson(NoJson::TooLarge).into());
        }
        Ok(out)
    }

    fn write(&self, value: &Value<'js>, depth: usize, out: &mut String) -> Result<(), Failed> {
        if out.len() > MAX_BYTES {
            return Err(Fault::NoJson(NoJson::TooLarge).into());
        }
        if let Some(text) = value.as_string() {
            return write_text(text, value, out);
        }
        if let Some(number) = value.as_int() {
            write!(out, "{number}").ok();
            return Ok(());
        }
        if let Some(number) = value.as_float() {
            shortest(number, out);
            return Ok(());
        }
        if let Some(boolean) = value.as_bool() {
            out.push_str(if boolean { "true" } else { "false" });
            return Ok(());
        }
        if value.is_big_int() {
            let Coerced(text) = value.get::<Coerced<String>>()?;
            write!(out, "\"{text}\"").ok();
            return Ok(());
        }
        if value.is_symbol() {
            return Err(Fault::NoJson(NoJson::Symbol).into());
        }
        if depth >= MAX_DEPTH && value.is_object() {
            return Err(Fault::NoJson(NoJson::TooDeep).into());
        }
        match (value.as_array(), value.as_object()) {
            (Some(array), _) => {
                out.push('[');
                for index in 0..array.len() {
                    if index > 0 {
                        out.push(',');
                    }
                    let element: Value<'js> = array.get(index)?;
                    self.write(&element, depth + 1, out)?;
                }
                out.push(']');
                Ok(())
            }
            (None, Some(object)) => self.object(object, depth, out),
            (None, None) => {
                out.push_str("null");
                Ok(())
            }
        }
    }

    fn object(&self, object: &Object<'js>, depth: usize, out: &mut String) -> Result<(), Failed> {
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
        out.push('{');
        let mut is_first = true;
        for property in object.own_props::<String, Value<'js>>(Filter::new().string()) {
            let (key, value) = property?;
            if value.is_undefined() {
                continue;
            }
            if !is_first {
                out.push(',');
            }
            is_first = false;
            quote(&key, out);
            out.push(':');
            self.write(&value, depth + 1, out)?;
        }
        out.push('}');
        Ok(())
    }
}

/// A text in quotes; surrogates that have no partner keep their escapes, as in a payload.
fn write_text<'js>(
    text: &rquickjs::String<'js>,
    value: &Value<'js>,
    out: &mut String,
) -> Result<(), Failed> {
    if let Ok(text) = text.to_string() {
        quote(&text, out);
        return Ok(());
    }
    let quoted = value.ctx().json_stringify(value.clone())?;
    let quoted = quoted.map_or_else(|| Ok(String::new()), |text| text.to_string())?;
    out.push_str(&quoted);
    Ok(())
}

/// A number in the shortest form that reads back as the same, as JavaScript writes it; what is no
/// number is null, and minus zero is zero.
pub(super) fn shortest(number: f64, out: &mut String) {
    if !number.is_finite() {
        out.push_str("null");
        return;
    }
    let size = number.abs();
    if size == 0.0 {
        out.push('0');
    } else if size >= 1e21 {
        out.push_str(&format!("{number:e}").replace('e', "e+"));
    } else if size < 1e-6 {
        write!(out, "{number:e}").ok();
    } else {
        write!(out, "{number}").ok();
    }
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
        let written = |number| {
            let mut out = String::new();
            shortest(number, &mut out);
            out
        };
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
