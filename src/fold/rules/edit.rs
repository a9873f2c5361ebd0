//! Changes to a state that can be taken back, so that an event is applied as a whole or not at all.

use crate::event::Decimal;
use crate::event::json::{Json, JsonPath, Object, Step};
use crate::fold::merge::kind;

/// How to take one change back.
enum Undo {
    /// Put back what was there; `None` where nothing was.
    Put(JsonPath, Option<Json>),
    /// Take the last element off.
    Pop(JsonPath),
    /// Put a member or an element back in at its index.
    Insert(JsonPath, usize, Json),
}

/// Changes a state and remembers how to take that back.
pub(super) struct Editor<'a> {
    pub(super) state: &'a mut Json,
    /// Whether what comes may have to be taken back.
    pub(super) remembers: bool,
    done: Vec<Undo>,
}

/// How far the steps of a path exist.
enum Reach {
    /// All of them.
    There,
    /// So many of the first steps stand for what is there; the next one can be made.
    Until(usize),
}

impl<'a> Editor<'a> {
    pub(super) fn new(state: &'a mut Json) -> Self {
        Self {
            state,
            remembers: true,
            done: Vec::new(),
        }
    }

    /// Takes everything back that was remembered.
    pub(super) fn roll_back(self) {
        for undo in self.done.into_iter().rev() {
            match undo {
                Undo::Put(path, None) => drop(path.remove(self.state)),
                Undo::Put(path, Some(value)) => {
                    if let Some(place) = path.get_or_make(self.state) {
                        *place = value;
                    }
                }
                Undo::Pop(path) => {
                    if let Some(Json::Array(elements)) = path.get_or_make(self.state) {
                        elements.pop();
                    }
                }
                Undo::Insert(path, at, value) => put_back(self.state, &path, at, value),
            }
        }
    }

    fn remember(&mut self, undo: impl FnOnce() -> Undo) {
        if self.remembers {
            self.done.push(undo());
        }
    }

    /// Sets the value at a path; objects that are missing on the way are made.
    pub(super) fn put(&mut self, path: &JsonPath, value: Json) -> Result<(), String> {
        let reach = reach(self.state, path)?;
        if let Reach::Until(steps) = reach {
            let inner = JsonPath(path.0[..steps].to_vec());
            // A null on the way becomes an object; elsewhere a member is new.
            let undo = match inner.get(self.state) {
                Some(Json::Null) => Undo::Put(inner, Some(Json::Null)),
                _ => Undo::Put(JsonPath(path.0[..=steps].to_vec()), None),
            };
            self.remember(|| undo);
        }
        let Some(place) = path.get_or_make(self.state) else {
            return Err(format!("{path} cannot be made"));
        };
        let old = std::mem::replace(place, value);
        if matches!(reach, Reach::There) {
            self.remember(|| Undo::Put(path.clone(), Some(old)));
        }
        Ok(())
    }

    /// Puts each member of an object into the one at a path; no path is the whole state.
    pub(super) fn merge(&mut self, path: &JsonPath, members: Object) -> Result<(), String> {
        match path.get(self.state) {
            Some(Json::Object(_)) => {}
            None | Some(Json::Null) => self.put(path, Json::Object(Object::default()))?,
            Some(other) => return Err(format!("{path} is {} and no object", kind(other))),
        }
        for (key, value) in members {
            self.put(&path.child(Step::Key(key)), value)?;
        }
        Ok(())
    }

    /// Adds to, or takes from, the number at a path, 0 where there is none.
    pub(super) fn add(
        &mut self,
        path: &JsonPath,
        amount: Decimal,
        subtract: bool,
    ) -> Result<(), String> {
        let old = match path.get(self.state) {
            None => Decimal::ZERO,
            Some(value) => number(value, path)?,
        };
        let sum = if subtract {
            old.checked_sub(amount)
        } else {
            old.checked_add(amount)
        };
        let sum = sum.ok_or_else(|| format!("{path} would have over 38 digits"))?;
        self.put(path, Json::Number(sum.to_string().into()))
    }

    /// Adds an element at the end of the array at a path.
    pub(super) fn append(&mut self, path: &JsonPath, value: Json) -> Result<(), String> {
        if path.get(self.state).is_none() {
            return self.put(path, Json::Array(vec![value]));
        }
        match path.get_or_make(self.state) {
            Some(Json::Array(elements)) => {
                elements.push(value);
                self.remember(|| Undo::Pop(path.clone()));
                Ok(())
            }
            other => Err(no_array(path, other.as_deref())),
        }
    }

    /// Takes all elements that are equal to `value` out of the array at a path.
    pub(super) fn remove(&mut self, path: &JsonPath, value: &Json) -> Result<(), String> {
        match path.get(self.state) {
            None => return Ok(()),
            Some(Json::Array(elements)) if !elements.contains(value) => return Ok(()),
            Some(Json::Array(_)) => {}
            other => return Err(no_array(path, other)),
        }
        if let Some(Json::Array(elements)) = path.get_or_make(self.state) {
            let old = if self.remembers {
                elements.clone()
            } else {
                Vec::new()
            };
            elements.retain(|element| element != value);
            self.remember(|| Undo::Put(path.clone(), Some(Json::Array(old))));
        }
        Ok(())
    }

    /// Takes what is at a path out, where there is something.
    pub(super) fn delete(&mut self, path: &JsonPath) {
        let at = place_in_parent(self.state, path);
        if let (Some(at), Some(old)) = (at, path.remove(self.state)) {
            self.remember(|| Undo::Insert(path.clone(), at, old));
        }
    }
}

/// The exact value at a path, which the sentence calls by that name.
pub(super) fn number(value: &Json, name: &impl std::fmt::Display) -> Result<Decimal, String> {
    value.as_decimal().ok_or_else(|| match value {
        Json::Number(_) => format!("{name} has over 38 digits"),
        other => format!("{name} is {} and no number", kind(other)),
    })
}

fn no_array(path: &JsonPath, value: Option<&Json>) -> String {
    format!(
        "{path} is {} and no array",
        value.map_or("out of reach", kind)
    )
}

fn reach(state: &Json, path: &JsonPath) -> Result<Reach, String> {
    let mut inner = state;
    for (steps, step) in path.0.iter().enumerate() {
        let next = match (step, inner) {
            (Step::Key(_), Json::Null) => return Ok(Reach::Until(steps)),
            (Step::Key(key), Json::Object(object)) => match object.get(key) {
                Some(next) => next,
                // What is to be made below a new member must be objects.
                None if path.0[steps + 1..].iter().all(is_key) => return Ok(Reach::Until(steps)),
                None => return Err(format!("{path} has no array to find an element in")),
            },
            (Step::Index(index), Json::Array(elements)) => elements
                .get(*index)
                .ok_or_else(|| format!("{path} is beyond the end of its array"))?,
            (_, other) => {
                let parent = JsonPath(path.0[..steps].to_vec());
                return Err(format!(
                    "{parent} is {}: {path} cannot be in it",
                    kind(other)
                ));
            }
        };
        inner = next;
    }
    Ok(Reach::There)
}

fn is_key(step: &Step) -> bool {
    matches!(step, Step::Key(_))
}

fn place_in_parent(state: &Json, path: &JsonPath) -> Option<usize> {
    let (last, parents) = path.0.split_last()?;
    match (last, JsonPath(parents.to_vec()).get(state)?) {
        (Step::Key(key), Json::Object(object)) => object.index_of(key),
        (Step::Index(index), Json::Array(elements)) => (*index < elements.len()).then_some(*index),
        _ => None,
    }
}

fn put_back(state: &mut Json, path: &JsonPath, at: usize, value: Json) {
    let Some((last, parents)) = path.0.split_last() else {
        return;
    };
    match (last, JsonPath(parents.to_vec()).get_or_make(state)) {
        (Step::Key(key), Some(Json::Object(object))) => object.insert_at(at, key.clone(), value),
        (Step::Index(_), Some(Json::Array(elements))) if at <= elements.len() => {
            elements.insert(at, value);
        }
        _ => {}
    }
}
