//! Objects of a payload that are parsed only as far as a script looks at them.
//!
//! A member that is read is parsed by itself, its siblings stay text. Whoever lists, changes or deletes
//! members gets the whole object, parsed by the engine.

#![expect(
    elided_lifetimes_in_paths,
    reason = "what the derive for objects of the engine writes"
)]

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rquickjs::class::{
    ClassKind, JsCell, JsClass, PropertyDescriptor, PropertyName, Readable, Trace, Tracer,
};
use rquickjs::object::Filter;
use rquickjs::{Atom, Class, Constructor, Ctx, JsLifetime, Object, Result, Value};

use super::facts::{Facts, Which, name_of, string};
use crate::event::json::{QuickObject, scan};

/// A member of an object: where its key and its value stand in the text.
#[derive(Clone, Debug)]
struct Member {
    key: Range<usize>,
    value: Range<usize>,
}

/// An object of a payload.
#[derive(JsLifetime)]
pub(super) struct Lazy<'js> {
    facts: Rc<Facts>,
    which: Which,
    range: Range<usize>,
    plain: Object<'js>,
    members: OnceCell<Vec<Member>>,
    /// The whole object, from when it is needed on.
    whole: RefCell<Option<Object<'js>>>,
    /// Members that were read and are objects: which they are, and what was made of them.
    made_at: RefCell<Vec<usize>>,
    made: RefCell<Vec<Value<'js>>>,
}

impl<'js> Lazy<'js> {
    /// The object that stands in a range of one of an event's texts.
    pub(super) fn object(
        facts: &Rc<Facts>,
        which: Which,
        range: Range<usize>,
        plain: &Object<'js>,
    ) -> Result<Value<'js>> {
        let lazy = Self {
            facts: Rc::clone(facts),
            which,
            range,
            plain: plain.clone(),
            members: OnceCell::new(),
            whole: RefCell::default(),
            made_at: RefCell::default(),
            made: RefCell::default(),
        };
        Ok(Class::instance_proto(lazy, plain.clone())?.into_value())
    }

    fn text(&self) -> &str {
        let text = self.facts.of(self.which).written.get(self.range.clone());
        text.unwrap_or("{}")
    }

    fn members(&self) -> &[Member] {
        self.members.get_or_init(|| {
            let text = self.text().as_bytes();
            members_of(text, &mut self.facts.quick.borrow_mut())
        })
    }

    /// The last member of a name.
    fn find(&self, name: &str) -> Option<usize> {
        let text = self.text().as_bytes();
        let is_it = |member: &Member| {
            let key = text.get(member.key.clone()).unwrap_or_default();
            scan::same_key(key, name)
        };
        self.members().iter().rposition(is_it)
    }

    /// The value of a member: an object or array is the same each time.
    fn member(&self, ctx: &Ctx<'js>, at: usize) -> Result<Value<'js>> {
        let range = self.members().get(at).map(|member| member.value.clone());
        let range = range.unwrap_or_default();
        let text = self.text().get(range.clone()).unwrap_or("null");
        match text.as_bytes() {
            [b'{' | b'[', ..] => self.inner(ctx, at, range, text),
            [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
                string(ctx, text.get(1..text.len() - 1).unwrap_or_default())
            }
            b"true" => Ok(Value::new_bool(ctx.clone(), true)),
            b"false" => Ok(Value::new_bool(ctx.clone(), false)),
            b"null" => Ok(Value::new_null(ctx.clone())),
            _ => match small_integer(text) {
                Some(small) => Ok(Value::new_int(ctx.clone(), small)),
                None => ctx.json_parse(text),
            },
        }
    }

    fn inner(
        &self,
        ctx: &Ctx<'js>,
        at: usize,
        range: Range<usize>,
        text: &str,
    ) -> Result<Value<'js>> {
        let known = self.made_at.borrow().iter().position(|made| *made == at);
        let known = known.and_then(|known| self.made.borrow().get(known).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let value = if text.starts_with('{') {
            let start = self.range.start;
            let range = start + range.start..start + range.end;
            Self::object(&self.facts, self.which, range, &self.plain)?
        } else {
            ctx.json_parse(text)?
        };
        self.made_at.borrow_mut().push(at);
        self.made.borrow_mut().push(value.clone());
        Ok(value)
    }

    fn known_whole(&self) -> Option<Object<'js>> {
        self.whole.borrow().clone()
    }

    /// The whole object; what was read of it before stays what it is.
    fn whole(&self, ctx: &Ctx<'js>) -> Result<Object<'js>> {
        if let Some(whole) = self.known_whole() {
            return Ok(whole);
        }
        let parsed = ctx.json_parse(self.text())?;
        let Some(whole) = parsed.into_object() else {
            return Object::new(ctx.clone());
        };
        let (made_at, made) = (self.made_at.take(), self.made.take());
        for (at, value) in made_at.into_iter().zip(made) {
            let key = self.members().get(at).map(|member| member.key.clone());
            let key = key.and_then(|key| self.text().as_bytes().get(key));
            if let Some(key) = key.and_then(scan::key_text) {
                whole.set(&*key, value)?;
            }
        }
        self.whole.replace(Some(whole.clone()));
        Ok(whole)
    }
}

impl<'js> Trace<'js> for Lazy<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        self.plain.trace(tracer);
        if let Ok(whole) = self.whole.try_borrow() {
            whole.trace(tracer);
        }
        if let Ok(made) = self.made.try_borrow() {
            made.trace(tracer);
        }
    }
}

impl<'js> JsClass<'js> for Lazy<'js> {
    const NAME: &'static str = "Object";
    const KIND: ClassKind = ClassKind::Exotic;
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }

    fn exotic_get_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
        _receiver: Value<'js>,
    ) -> Result<Value<'js>> {
        let this = this.borrow();
        if let Some(whole) = this.known_whole() {
            return whole.get(atom);
        }
        match this.find(&name_of(&atom)?) {
            Some(at) => this.member(ctx, at),
            None => this.plain.get(atom),
        }
    }

    fn exotic_set_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
        _receiver: Value<'js>,
        value: Value<'js>,
    ) -> Result<bool> {
        this.borrow().whole(ctx)?.set(atom, value)?;
        Ok(true)
    }

    fn exotic_delete_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
    ) -> Result<bool> {
        this.borrow().whole(ctx)?.remove(atom)?;
        Ok(true)
    }

    fn exotic_has_property(
        this: &JsCell<'js, Self>,
        _ctx: &Ctx<'js>,
        atom: Atom<'js>,
    ) -> Result<bool> {
        let this = this.borrow();
        if let Some(whole) = this.known_whole() {
            return whole.contains_key(atom);
        }
        Ok(this.find(&name_of(&atom)?).is_some() || this.plain.contains_key(atom)?)
    }

    fn exotic_get_own_property(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
        atom: Atom<'js>,
    ) -> Result<Option<PropertyDescriptor<'js>>> {
        let this = this.borrow();
        let value = if let Some(whole) = this.known_whole() {
            let name = name_of(&atom)?;
            let mut own = whole.own_keys::<String>(Filter::new().string());
            let is_own = own.any(|key| key.is_ok_and(|key| key == name));
            is_own
                .then(|| whole.get::<_, Value<'js>>(atom))
                .transpose()?
        } else {
            let at = this.find(&name_of(&atom)?);
            at.map(|at| this.member(ctx, at)).transpose()?
        };
        Ok(value.map(|value| PropertyDescriptor::new_value(value, true, true, true)))
    }

    fn exotic_get_own_property_names(
        this: &JsCell<'js, Self>,
        ctx: &Ctx<'js>,
    ) -> Result<Vec<PropertyName<'js>>> {
        let whole = this.borrow().whole(ctx)?;
        let keys = whole.own_keys::<Atom<'js>>(Filter::new().string());
        keys.map(|key| {
            Ok(PropertyName {
                atom: key?,
                is_enumerable: true,
            })
        })
        .collect()
    }
}

/// The members of an object that is known to be JSON.
fn members_of(text: &[u8], quick: &mut QuickObject) -> Vec<Member> {
    let mut members = Vec::new();
    let Some(end) = quick.read(text) else {
        let start = text.as_ptr() as usize;
        let range = |part: &[u8]| {
            let from = (part.as_ptr() as usize).saturating_sub(start);
            from..from + part.len()
        };
        scan::members(text, |key, value| {
            members.push(Member {
                key: range(key),
                value: range(value),
            });
        })
        .ok();
        return members;
    };
    let colons = quick.colons();
    // Each key ends before its colon; each value ends before the comma that stands before the next key.
    let mut keys = colons.iter().map(|colon| key_before(text, *colon as usize));
    let mut key = keys.next();
    for colon in colons {
        let next = keys.next();
        let stop = match &next {
            Some(next) => next.start.saturating_sub(1),
            None => end,
        };
        let from = *colon as usize + 1;
        let part = text.get(from..stop).unwrap_or_default();
        let value = part.trim_ascii_start();
        let start = from + part.len() - value.len();
        // Behind the value stand spaces, and a comma or the brace that closes the object.
        let value = value.trim_ascii_end();
        let value = value
            .get(..value.len().saturating_sub(1))
            .unwrap_or_default();
        let len = value.trim_ascii_end().len();
        members.extend(key.map(|key| Member {
            key,
            value: start..start + len,
        }));
        key = next;
    }
    members
}

/// The key that stands before a colon, without its quotes.
fn key_before(text: &[u8], colon: usize) -> Range<usize> {
    let before = text.get(..colon).unwrap_or_default().trim_ascii_end();
    let end = before.len().saturating_sub(1);
    let mut start = end;
    loop {
        let quote = memchr::memrchr(b'"', text.get(..start).unwrap_or_default());
        let Some(quote) = quote else {
            return 0..0;
        };
        let slashes = text.get(..quote).unwrap_or_default();
        let n_slashes = slashes
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        start = quote;
        if n_slashes % 2 == 0 {
            return quote + 1..end;
        }
    }
}

/// A number of at most nine digits, with nothing else in it.
fn small_integer(text: &str) -> Option<i32> {
    let is_plain = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_the_general_walk_finds_them() {
        for text in [
            "{}",
            r#"{"a":1}"#,
            r#"{ "a" : 1 , "b c" : { "x" : [1, {}] } , "d":"}\",:\"" }"#,
            r#"{"k\"q":"v","e":[],"n":-1.5e3,"t":true,"z":null}  "#,
            "{\n\t\"a\":\t[ 1 ,2 ]\n}",
        ] {
            let mut quick = QuickObject::default();
            let found = members_of(text.as_bytes(), &mut quick);
            let part = |range: Range<usize>| text[range].to_owned();
            let found: Vec<_> = found
                .into_iter()
                .map(|member| (part(member.key), part(member.value)))
                .collect();
            let mut expected = Vec::new();
            scan::members(text.as_bytes(), |key, value| {
                let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap();
                expected.push((text(key), text(value)));
            })
            .unwrap();
            assert_eq!(found, expected, "{text}");
        }
    }
}
