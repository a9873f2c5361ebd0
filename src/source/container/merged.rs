//! Several inputs as one: their parts one after another, each place and problem naming its file.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::parts::PartsReader;
use super::{About, Container, Item, PartAbout, PlaceNames, Sink, SnapshotRow};
use crate::event::{Consumer, EventReader, Problems};
use crate::source::error::Error;
use crate::source::progress::Progress;

/// Several opened inputs.
pub(super) struct Merged {
    inputs: Vec<Input>,
    about: About,
}

struct Input {
    name: String,
    /// The number of its first part.
    first: u16,
    n_parts: u16,
    container: Box<dyn Container>,
}

/// Makes one input of several.
pub(super) fn merge(containers: Vec<Box<dyn Container>>) -> Result<Merged, Error> {
    let mut about = About {
        parts: Vec::new(),
        guess: None,
        container: String::new(),
        opened: String::new(),
        files: Vec::new(),
        problems: Problems::default(),
    };
    let (mut inputs, mut words, mut opened) = (Vec::new(), Vec::new(), Vec::new());
    for (file, mut container) in (0..).zip(containers) {
        let of = container.about();
        let name = of
            .files
            .first()
            .map_or_else(String::new, |file| file.name.clone());
        let too_many =
            |_| Error::TooMany("these files hold more tables than can be read as one".to_owned());
        let first = u16::try_from(about.parts.len()).map_err(too_many)?;
        let n_parts = u16::try_from(of.parts.len()).map_err(too_many)?;
        for part in &of.parts {
            about.parts.push(PartAbout {
                names: PlaceNames::In(name.clone(), Box::new(part.names.clone())),
                file,
                ..part.clone()
            });
        }
        about.files.append(&mut of.files.clone());
        about
            .problems
            .absorb(&std::mem::take(&mut of.problems), &name);
        if let Some(reasons) = &of.guess {
            let named = reasons.iter().map(|reason| format!("{name}: {reason}"));
            about.guess.get_or_insert_default().extend(named);
        }
        words.push(of.container.clone());
        opened.push(of.opened.clone());
        inputs.push(Input {
            name,
            first,
            n_parts,
            container,
        });
    }
    about.container = one_or_all(words);
    about.opened = one_or_all(opened);
    Ok(Merged { inputs, about })
}

/// The texts without repetitions.
fn one_or_all(mut texts: Vec<String>) -> String {
    texts.sort();
    texts.dedup();
    texts.join(", ")
}

/// Hands an item of an input on as one of the whole.
fn hand_on(item: Item<'_>, name: &str, first: u16, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match item {
        Item::Part(number) => sink(Item::Part(first + number)),
        Item::Record(mut outline) => {
            outline.place.part += first;
            sink(Item::Record(outline))
        }
        Item::LostMany {
            n_records,
            kind,
            place,
            message,
        } => sink(Item::LostMany {
            n_records,
            kind,
            place: format!("{place} of {name}"),
            message,
        }),
        other => sink(other),
    }
}

impl Container for Merged {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let mut n_records = 0;
        for input in &mut self.inputs {
            if sink(Item::Part(input.first)).is_break() {
                return Err(Error::Cancelled);
            }
            let Input {
                name,
                first,
                container,
                ..
            } = input;
            n_records += container.scan(progress, &mut |item| hand_on(item, name, *first, sink))?;
        }
        Ok(n_records)
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let mut readers: Vec<Arc<dyn EventReader>> = Vec::new();
        for input in &self.inputs {
            let reader = input.container.reader()?;
            for number in 0..input.n_parts {
                readers.push(PartsReader::part_of(Arc::clone(&reader), number));
            }
        }
        Ok(PartsReader::of(readers))
    }

    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        let mut n_snapshots = 0;
        for input in &mut self.inputs {
            let first = input.first;
            n_snapshots += input.container.snapshots(&mut |mut row| {
                row.part += first;
                each(row);
            })?;
        }
        Ok(n_snapshots)
    }

    fn consumers(&mut self, problems: &mut Problems) -> Vec<Consumer> {
        let of = |input: &mut Input| {
            let mut rows = input.container.consumers(problems);
            for row in &mut rows {
                row.table = format!("{} of {}", row.table, input.name);
            }
            rows
        };
        self.inputs.iter_mut().flat_map(of).collect()
    }

    fn look_again(&mut self, problems: &mut Problems) {
        for input in &mut self.inputs {
            input.container.look_again(problems);
        }
    }
}
