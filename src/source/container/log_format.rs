//! The format of a log, of JSON or a table as text: the one asked for, a known one, or a guess.

use super::asked_format;
use crate::source::OpenOptions;
use crate::source::error::Error;
use crate::source::field::Field;
use crate::source::format::{ContainerKind, MappingOverride, Role, StoreFormat};
use crate::source::formats::{Shape, fits, matching};
use crate::source::guess::{Candidate, Column, Sampled, guess, mapping_to_start_from};

/// A log by its first records, and the words for it.
pub(super) struct SampledLog<'a, S> {
    pub(super) kind: ContainerKind,
    /// Its columns or keys with what was seen in them.
    pub(super) columns: &'a [Column],
    /// What signatures are held against.
    pub(super) shape: &'a S,
    /// What its records are called: `rows`.
    pub(super) records: &'static str,
    /// What its columns are called, one of them: `column`.
    pub(super) column: &'static str,
    /// How the text was taken, where that was found out.
    pub(super) how: Option<String>,
    /// Whether there are no other columns than those seen; keys of JSON may come later.
    pub(super) has_all_columns: bool,
}

/// A format, and the reasons where it was guessed.
pub(super) type FoundFormat = (StoreFormat, Option<Vec<String>>);

impl<S: Shape> SampledLog<'_, S> {
    /// The format by which the log is read.
    pub(super) fn format(&self, options: &OpenOptions) -> Result<FoundFormat, Error> {
        let (mut format, reasons) = self.choose(options)?;
        if let Some(mapping) = &options.mapping {
            self.check(mapping)?;
            format.apply(mapping);
        }
        format.schemas = options.load_schemas()?;
        // A log of a format with versions may have none all the same: Annals then numbers them.
        let holds = |field: &Field| field.columns().all(|name| self.holds_something(name));
        if !format.fields(Role::Version).iter().any(holds) {
            format.roles.remove(&Role::Version);
        }
        Ok((format, reasons))
    }

    fn choose(&self, options: &OpenOptions) -> Result<FoundFormat, Error> {
        if let Some(format) = asked_format(options)? {
            let is_empty = self.columns.is_empty();
            if format.container != self.kind || !(is_empty || fits(format, self.shape)) {
                let why = format!("its {} have other {}s", self.records, self.column);
                return Err(Error::FormatMismatch(format.id.clone(), why));
            }
            return Ok((format.clone(), None));
        }
        if let Some(format) = matching(self.kind, self.shape) {
            return Ok((format.clone(), None));
        }
        let candidate = Candidate {
            columns: self.columns.to_vec(),
            ..Candidate::default()
        };
        let mut found = guess(self.kind, &candidate);
        let is_named = |role: &Role| {
            let mapping = options.mapping.as_ref();
            mapping.is_some_and(|mapping| mapping.roles.contains_key(role))
                || found.format.roles.contains_key(role)
        };
        let maps_names =
            options.mapping.is_some() && [Role::Stream, Role::Type].iter().all(is_named);
        if found.missing.is_empty() || maps_names {
            found.reasons.extend(self.how.clone());
            return Ok((found.format, Some(found.reasons)));
        }
        let how = self.how.as_ref();
        Err(Error::Unrecognized {
            why: format!(
                "the {} are not recognized as events: no {} names {}; the best guess is {}{}",
                self.records,
                self.column,
                found.missing.join(" and "),
                found.format.mapping_line(),
                how.map_or_else(String::new, |how| format!(" ({how})"))
            ),
            start: mapping_to_start_from(&found),
        })
    }

    fn holds_something(&self, name: &str) -> bool {
        let mut columns = self.columns.iter();
        let column = columns.find(|column| column.name == name);
        column.is_some_and(|column| column.samples.iter().any(|one| *one != Sampled::Null))
    }

    /// A mapping may only name columns that are there.
    fn check(&self, mapping: &MappingOverride) -> Result<(), Error> {
        if !self.has_all_columns {
            return Ok(());
        }
        let names = || self.columns.iter().map(|column| column.name.as_str());
        let is_there = |field: &Field| {
            field
                .columns()
                .all(|asked| names().any(|name| name == asked))
        };
        for (role, fields) in &mapping.roles {
            if !fields.0.is_empty() && !fields.0.iter().any(is_there) {
                let asked: Vec<&str> = fields.0.iter().flat_map(Field::columns).collect();
                let known: Vec<&str> = names().collect();
                return Err(Error::NoEvents(format!(
                    "there is no column \"{}\" for the role {}; the columns are {}",
                    asked.join("\", \""),
                    role.name(),
                    known.join(", ")
                )));
            }
        }
        Ok(())
    }
}
