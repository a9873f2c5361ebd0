//! One record to one event, and what is wrong with it to a problem.

use std::ops::ControlFlow;

use crate::event::{
    Problems, ReadTime, Severity, TimeUnit, Timestamp, Version, category_of_name, readable,
};
use crate::history::{EventLog, LogBuilder, NewEvent, PartOrder, PartRules};
use crate::source::{CategoryRule, Cell, Item, Outline, PartAbout, PlaceNames, Role};

/// Takes records and builds the log.
pub(super) struct Taker {
    builder: LogBuilder,
    problems: Problems,
    parts: Vec<PartAbout>,
    joins_streams: bool,
    names: PlaceNames,
    needs_names: bool,
    rule: CategoryRule,
    unit: TimeUnit,
    has_time: bool,
    has_occurred: bool,
    has_version: bool,
    notes_zone: bool,
    n_unzoned: u64,
    n_versionless: u64,
    stream: Vec<u8>,
    category: Vec<u8>,
    event_type: Vec<u8>,
    /// Whether it goes on with a log, whose names are known as they are shown.
    goes_on: bool,
    /// Why no more events can be taken.
    pub(super) failure: Option<String>,
}

impl Taker {
    /// A taker of what stands in these parts, the first of them first.
    pub(super) fn new(
        parts: Vec<PartAbout>,
        files: &[String],
        joins_streams: bool,
        problems: Problems,
    ) -> Self {
        let named = |part: &PartAbout| files.get(usize::from(part.file)).map(String::as_str);
        let named = |part| named(part).unwrap_or_default().into();
        let part_files: Vec<Box<str>> = if files.len() > 1 {
            parts.iter().map(named).collect()
        } else {
            Vec::new()
        };
        let mut taker = Self {
            builder: LogBuilder::default()
                .with_files(part_files)
                .joining_files(joins_streams),
            joins_streams,
            problems,
            parts,
            names: PlaceNames::Line,
            needs_names: false,
            rule: CategoryRule::Plain,
            unit: TimeUnit::Auto,
            has_time: false,
            has_occurred: false,
            has_version: false,
            notes_zone: false,
            n_unzoned: 0,
            n_versionless: 0,
            stream: Vec::new(),
            category: Vec::new(),
            event_type: Vec::new(),
            goes_on: false,
            failure: None,
        };
        taker.begin(0);
        taker
    }

    /// A taker that goes on where a log of one part ends.
    ///
    /// `None` where two of its streams cannot be told apart by their names.
    pub(super) fn going_on(part: PartAbout, log: &EventLog, problems: Problems) -> Option<Self> {
        let builder = LogBuilder::going_on(log, part.format.keyed_by_category)?;
        let mut taker = Self {
            builder,
            goes_on: true,
            ..Self::new(vec![part], &[], false, problems)
        };
        taker.begin(0);
        Some(taker)
    }

    /// The log with what was taken since it was made.
    pub(super) fn grow(&mut self, log: &EventLog) -> (EventLog, Problems) {
        (self.builder.grow(log), self.problems.clone())
    }

    /// What follows is of this part.
    fn begin(&mut self, number: u16) {
        let Some(part) = self.parts.get(usize::from(number)) else {
            return;
        };
        let format = &part.format;
        let has = |role| !format.fields(role).is_empty();
        self.names = part.names.clone();
        self.needs_names = part.needs_names;
        self.rule = format.category_rule;
        self.unit = format.time_unit.0;
        self.has_time = has(Role::Time);
        self.has_occurred = has(Role::Occurred);
        self.has_version = has(Role::Version);
        self.notes_zone = !format.times_are_utc;
        let order = if format.order_by_time {
            PartOrder::Streams
        } else {
            PartOrder::Records
        };
        let rules = PartRules {
            order,
            scope: stream_scope(&self.parts, number, self.joins_streams),
            keyed_by_category: format.keyed_by_category,
            without_versions: !self.has_version,
            counts_missing: format.counts_missing_versions,
        };
        self.builder.begin_part(rules);
    }

    /// How many events there are.
    pub(super) fn len(&self) -> usize {
        self.builder.len()
    }

    /// The log so far.
    pub(super) fn so_far(&mut self) -> (EventLog, Problems) {
        (self.builder.freeze(), self.problems.clone())
    }

    /// The log of all that was taken.
    pub(super) fn finish(mut self) -> (EventLog, Problems) {
        if self.n_unzoned > 0 {
            let message = format!(
                "{} times name no zone; they are taken as UTC",
                self.n_unzoned
            );
            self.problems.add(
                "time-without-zone",
                Severity::Info,
                "the whole input",
                message,
            );
        }
        if self.n_versionless > 0 {
            let mut message = format!(
                "no version was found in {} of the records",
                self.n_versionless
            );
            if self
                .parts
                .iter()
                .any(|part| part.format.counts_missing_versions)
            {
                message.push_str("; they are counted on in their streams");
            }
            self.problems
                .add("no-version", Severity::Info, "the whole input", message);
        }
        (self.builder.finish(), self.problems)
    }

    /// Takes over all that another took of the later records of the same part; `false` where that cannot
    /// be done.
    pub(super) fn append(&mut self, later: Self) -> bool {
        let Self {
            builder,
            problems,
            n_unzoned,
            n_versionless,
            ..
        } = later;
        if !self.builder.append(builder) {
            return false;
        }
        self.problems.append(problems);
        self.n_unzoned += n_unzoned;
        self.n_versionless += n_versionless;
        true
    }

    /// Takes one item; `Break` where no more can be taken.
    #[inline]
    pub(super) fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        match item {
            Item::Record(outline) => return self.record(&outline),
            Item::Part(number) => self.begin(number),
            Item::Later { .. } => {}
            Item::Lost {
                kind,
                ordinal,
                message,
                excerpt,
            } => {
                let place = self.names.name(ordinal);
                self.problems.lose_of(kind, place, message, excerpt);
            }
            Item::LostMany {
                n_records,
                kind,
                place,
                message,
            } => {
                self.problems.lose_many(n_records, kind, place, message);
            }
            Item::Flawed {
                kind,
                ordinal,
                message,
            } => {
                self.problems
                    .add(kind, Severity::Warning, self.names.name(ordinal), message);
            }
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn record(&mut self, record: &Outline<'_>) -> ControlFlow<()> {
        let names = record.stream.is_null() || record.event_type.is_null();
        if names && self.needs_names {
            let what = if record.stream.is_null() {
                "stream"
            } else {
                "event type"
            };
            let message = format!("this names no {what}, so it is no event");
            let place = self.names.name(record.ordinal);
            self.problems
                .lose_of("not-an-event", place, message, record.text);
            return ControlFlow::Continue(());
        }
        let time = self.time(record);
        let version = self.version(record);
        self.push(record, time, version)
    }

    #[inline]
    fn push(
        &mut self,
        record: &Outline<'_>,
        time: Option<Timestamp>,
        version: Option<Version>,
    ) -> ControlFlow<()> {
        let Self {
            stream,
            category,
            event_type,
            ..
        } = self;
        let (stream, event_type) = (
            record.stream.name(stream),
            record.event_type.name(event_type),
        );
        let category = record
            .category
            .name(category)
            .map(|text| self.rule.apply(text));
        // A log that goes on knows names as they are shown, and each category.
        let as_shown = |name: &[u8]| readable(name).into_bytes();
        let is_odd = |name: &&[u8]| self.goes_on && std::str::from_utf8(name).is_err();
        let stored = [(stream, "stream"), (event_type, "type")];
        let [shown, shown_type] = stored.map(|(name, _)| name.filter(is_odd).map(as_shown));
        let stream = shown.as_deref().or(stream);
        let event_type = shown_type.as_deref().or(event_type);
        let own = match category {
            None if self.goes_on => stream.map(|name| category_of_name(&readable(name)).into()),
            known => known.filter(is_odd).map(as_shown),
        };
        let category: Option<&[u8]> = own.as_deref().or(category);
        let event = NewEvent {
            stream: stream.unwrap_or_default(),
            category,
            version,
            event_type: event_type.unwrap_or_default(),
            time,
            place: record.place,
        };
        for (name, what) in stored {
            if name.is_none_or(|name| !name.is_ascii()) {
                note_name(&mut self.problems, &self.names, record.ordinal, name, what);
            }
        }
        match self.builder.push(&event) {
            Ok(()) => {
                if self.has_occurred {
                    self.occurred(record);
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.failure = Some(error.to_string());
                ControlFlow::Break(())
            }
        }
    }

    #[inline]
    fn time(&mut self, record: &Outline<'_>) -> Option<Timestamp> {
        if !self.has_time {
            return None;
        }
        match record.time.time(self.unit) {
            Ok(Some(ReadTime {
                time,
                digits,
                zoned,
            })) => {
                self.builder.note_digits(digits);
                self.n_unzoned += u64::from(!zoned && self.notes_zone);
                Some(time)
            }
            Ok(None) => None,
            Err(_) => {
                self.unreadable("unreadable-time", "time", record.time, record.ordinal);
                None
            }
        }
    }

    /// Notes when the event that was added last occurred, where its record says so.
    fn occurred(&mut self, record: &Outline<'_>) {
        match record.occurred.time(self.unit) {
            Ok(Some(read)) => {
                self.n_unzoned += u64::from(!read.zoned && self.notes_zone);
                self.builder.note_occurred(read.time);
            }
            Ok(None) => {}
            Err(_) => self.unreadable("unreadable-time", "time", record.occurred, record.ordinal),
        }
    }

    #[inline]
    fn version(&mut self, record: &Outline<'_>) -> Option<Version> {
        let Ok(version) = record.version.version() else {
            self.unreadable(
                "unreadable-version",
                "version",
                record.version,
                record.ordinal,
            );
            return None;
        };
        self.n_versionless += u64::from(version.is_none() && self.has_version);
        version
    }

    fn unreadable(&mut self, kind: &str, what: &str, cell: Cell<'_>, ordinal: i64) {
        let whole = cell.text().unwrap_or_default();
        let text: String = whole.chars().take(80).collect();
        let message = format!("\"{text}\" is no {what}; it is kept as text");
        let place = self.names.name(ordinal);
        self.problems
            .add_of(kind, Severity::Warning, place, message, whole.as_bytes());
    }
}

/// What keeps the streams of a part apart from those of others: its file; and its table, where each
/// table has a category or streams of its own.
pub(super) fn stream_scope(parts: &[PartAbout], number: u16, joins_streams: bool) -> u16 {
    if joins_streams {
        return 0;
    }
    let same = |a: &PartAbout, b: &PartAbout| {
        let has_own =
            |part: &PartAbout| part.format.category_is_table || part.format.streams_per_table;
        a.file == b.file && !has_own(a) && !has_own(b)
    };
    let own = parts.get(usize::from(number));
    let first = (0..number)
        .zip(parts)
        .find(|(_, part)| own.is_some_and(|own| same(part, own)));
    first.map_or(number, |(first, _)| first)
}

/// Says where a name is missing or no text.
fn note_name(
    problems: &mut Problems,
    names: &PlaceNames,
    ordinal: i64,
    name: Option<&[u8]>,
    what: &str,
) {
    let (kind, message) = match name {
        None => (
            "no-name",
            format!("the row has no {what}; it is kept under an empty name"),
        ),
        Some(name) if std::str::from_utf8(name).is_err() => (
            "invalid-utf8",
            format!("the {what} holds bytes that are not UTF-8; they are shown as \\xff"),
        ),
        Some(_) => return,
    };
    let (place, text) = (names.name(ordinal), name.unwrap_or_default());
    problems.add_of(kind, Severity::Warning, place, message, text);
}
