//! A workbench filled in code, the panels over it, and a small part of what the app does with actions.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use annals::audit::{AuditOptions, Evidence, EvidenceFile, Watch};
use annals::event::json::{JsonPath, minify};
use annals::event::{
    EventDetail, EventReader, Payload, Place, Position, Problems, ReadError, StreamId, Timestamp,
    Version, Want,
};
use annals::fold::{LeafHistory, Merge, field_history, field_series};
use annals::history::{Axis, FileAbout, History, HistoryAbout, LogBuilder, NewEvent};
use annals::projection::series_of;
use annals::ui::panels::{
    AuditPanel, EventsPanel, InspectorPanel, ProjectionsPanel, StreamsPanel, TypesPanel,
};
use annals::ui::{Running, View};
use annals::workbench::{
    Action, DiffAnswer, FieldChoice, InspectorTab, PreviewKey, Previews, StateAnswer, Workbench,
};

/// One event to be put into a history.
pub struct Given {
    pub stream: String,
    pub version: i64,
    pub kind: String,
    pub detail: EventDetail,
}

impl Given {
    /// An event at a time, with its data.
    pub fn new(stream: &str, version: i64, kind: &str, time: &str, data: &str) -> Self {
        let read = Timestamp::parse(time).unwrap();
        let detail = EventDetail {
            time: Some((read.time, read.digits)),
            data: Payload::Json(data.into()),
            source: format!("events.jsonl:{}", version + 1),
            ..EventDetail::default()
        };
        Self {
            stream: stream.to_owned(),
            version,
            kind: kind.to_owned(),
            detail,
        }
    }
}

struct Kept(Vec<EventDetail>);

impl EventReader for Kept {
    fn read(
        &self,
        places: &[Place],
        _: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        for (nr, place) in places.iter().enumerate() {
            let detail = usize::try_from(place.at).ok().and_then(|at| self.0.get(at));
            let answer = detail
                .cloned()
                .ok_or_else(|| ReadError("the record is gone".to_owned()));
            if !each(nr, answer) {
                return;
            }
        }
    }
}

/// A history of these events.
pub fn history(events: Vec<Given>) -> History {
    let mut builder = LogBuilder::default();
    builder.note_digits(3);
    for (nr, event) in (0..).zip(&events) {
        let event = NewEvent {
            stream: event.stream.as_bytes(),
            category: None,
            version: Some(Version(event.version)),
            event_type: event.kind.as_bytes(),
            time: event.detail.time.map(|(time, _)| time),
            place: Place::at(nr),
        };
        builder.push(&event).unwrap();
    }
    let details = events.into_iter().map(|event| event.detail).collect();
    of(builder, Kept(details))
}

fn of(builder: LogBuilder, reader: Kept) -> History {
    let log = builder.finish();
    let modified = Timestamp::parse("2024-06-30T23:59:58Z").map(|read| read.time);
    let about = HistoryAbout {
        format: "annals/jsonl".to_owned(),
        format_name: "Annals sample".to_owned(),
        container: "ndjson".to_owned(),
        opened: "read-only".to_owned(),
        n_records: u64::try_from(log.len()).unwrap(),
        files: vec![FileAbout {
            name: "events.jsonl".to_owned(),
            path: None,
            bytes: 1_467_640,
            modified,
            sha256: None,
        }],
        ..HistoryAbout::default()
    };
    History {
        log,
        reader: Arc::new(reader),
        problems: Problems::default(),
        about,
        n_snapshots: 0,
        consumers: Vec::new(),
        snapshots: Vec::new(),
        is_complete: true,
    }
}

/// A history of so many events without data, for lists that must not care.
pub fn long_history(n_events: i64) -> History {
    let mut builder = LogBuilder::default();
    let streams: Vec<String> = (0..100).map(|nr| format!("sensor-{nr}")).collect();
    for nr in 0..n_events {
        let event = NewEvent {
            stream: streams[usize::try_from(nr % 100).unwrap()].as_bytes(),
            category: None,
            version: Some(Version(nr / 100)),
            event_type: b"ReadingTaken",
            time: Some(Timestamp(1_700_000_000_000_000_000 + nr * 1_000_000)),
            place: Place::at(nr),
        };
        builder.push(&event).unwrap();
    }
    of(builder, Kept(Vec::new()))
}

/// The sample history that comes with the program.
pub fn demo() -> History {
    history(demo_events())
}

/// Its events.
pub fn demo_events() -> Vec<Given> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/events.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let text_of = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let event = |(nr, line): (usize, &str)| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        // Numbers keep their digits only in the raw text.
        let data = annals::event::json::scan::find(line.as_bytes(), &["data"]).unwrap();
        let meta = annals::event::json::scan::find(line.as_bytes(), &["metadata"]).unwrap();
        let json = |raw: &[u8]| Payload::Json(std::str::from_utf8(raw).unwrap().into());
        let read = Timestamp::parse(value["time"].as_str().unwrap()).unwrap();
        Given {
            stream: text_of(&value["stream"]).unwrap(),
            version: value["version"].as_i64().unwrap(),
            kind: text_of(&value["type"]).unwrap(),
            detail: EventDetail {
                id: text_of(&value["id"]),
                time: Some((read.time, read.digits)),
                schema_version: Some(value["schema_version"].to_string()),
                correlation: text_of(&value["metadata"]["correlationId"]),
                causation: text_of(&value["metadata"]["causationId"]),
                user: text_of(&value["metadata"]["user"]),
                data: json(data),
                metadata: json(meta),
                source: format!("events.jsonl:{}", nr + 1),
                ..EventDetail::default()
            },
        }
    };
    text.lines().enumerate().map(event).collect()
}

/// All panels over one workbench.
pub struct Bench {
    pub workbench: Workbench,
    pub sent: Vec<Action>,
    pub wanted: Option<PreviewKey>,
    pub running: Vec<Running>,
    pub now: Duration,
    pub streams: StreamsPanel,
    pub types: TypesPanel,
    pub events: EventsPanel,
    pub inspector: InspectorPanel,
    pub projections: ProjectionsPanel,
    pub audit: AuditPanel,
}

impl Bench {
    /// A workbench that has just opened `history`.
    pub fn new(history: History) -> Self {
        let mut workbench = Workbench::new(Arc::new(Merge));
        workbench.take_history(Arc::new(history), Arc::new(Merge));
        Self {
            workbench,
            sent: Vec::new(),
            wanted: None,
            running: Vec::new(),
            now: Duration::from_secs(10),
            streams: StreamsPanel::default(),
            types: TypesPanel::default(),
            events: EventsPanel::default(),
            inspector: InspectorPanel::default(),
            projections: ProjectionsPanel::default(),
            audit: AuditPanel::default(),
        }
    }

    /// Shows a part of the window, and then does what was asked for.
    pub fn show(&mut self, draw: impl FnOnce(&mut Self, &View<'_>)) {
        let workbench = std::mem::replace(&mut self.workbench, Workbench::new(Arc::new(Merge)));
        let running = std::mem::take(&mut self.running);
        let (actions, previews) = (RefCell::default(), RefCell::default());
        let view = View::new(
            &workbench,
            &running,
            &[],
            (self.now, 2.0),
            (&actions, &previews),
        );
        draw(self, &view);
        self.workbench = workbench;
        self.running = running;
        self.wanted = previews.take().or_else(|| self.wanted.take());
        for action in actions.take() {
            self.apply(&action);
            self.sent.push(action);
        }
    }

    fn apply(&mut self, action: &Action) {
        let now = self.now;
        let change = |bench: &mut Self, change: &dyn Fn(&mut annals::workbench::Look)| {
            bench.workbench.change("test", now, change);
        };
        match action {
            Action::MovePlayhead(position) => change(self, &|look| look.playhead = *position),
            Action::SelectStream(stream) => change(self, &|look| look.selection.stream = *stream),
            Action::OpenStream(stream) => change(self, &|look| {
                look.selection.stream = Some(*stream);
                look.inspector = InspectorTab::State;
            }),
            Action::SelectType(kind) => change(self, &|look| look.selection.event_type = *kind),
            Action::SelectField(field) => {
                change(self, &|look| look.selection.field.clone_from(field));
            }
            Action::SetCompare(with) => change(self, &|look| look.compare = *with),
            Action::ToggleBlame => change(self, &|look| look.blame = !look.blame),
            Action::ToggleChangedOnly => {
                change(self, &|look| look.changed_only = !look.changed_only);
            }
            Action::ShowInspector(tab) => change(self, &|look| look.inspector = *tab),
            Action::SetSpan(span) => change(self, &|look| *look.span_mut() = *span),
            Action::PlotField(field) => change(self, &|look| look.field = Some(field.clone())),
            Action::GoToFinding(nr) => {
                change(self, &|look| look.selection.finding = Some(*nr));
            }
            Action::ToggleCategory(category) => change(self, &|look| {
                if !look.open_categories.remove(category) {
                    look.open_categories.insert(*category);
                }
            }),
            _ => {}
        }
    }

    /// The stream of that name.
    pub fn stream(&self, name: &str) -> StreamId {
        self.workbench
            .history
            .as_ref()
            .unwrap()
            .log
            .find_stream(name, None)
            .unwrap()
    }

    /// Puts the playhead on the event of a stream that carries a version, and selects the stream.
    pub fn go(&mut self, stream: &str, version: i64) {
        let id = self.stream(stream);
        let log = &self.workbench.history.as_ref().unwrap().log;
        let position = log.position_of_version(id, Version(version)).unwrap();
        self.workbench.jump_to(position, Some(id), self.now);
    }

    /// Opens a category of the tree.
    pub fn open(&mut self, category: &str) {
        let names = self
            .workbench
            .history
            .as_ref()
            .unwrap()
            .log
            .category_names();
        let nr = names.iter().position(|name| **name == *category).unwrap();
        let category = annals::event::CategoryId(u32::try_from(nr).unwrap());
        self.workbench.change("open", self.now, |look| {
            look.open_categories.insert(category);
        });
    }

    /// Chooses a field to plot.
    pub fn choose_field(&mut self, stream: &str, path: &str) {
        let field = FieldChoice {
            stream: self.stream(stream),
            path: JsonPath::parse(path).unwrap(),
        };
        self.workbench
            .change("field", self.now, |look| look.field = Some(field));
    }

    /// Answers every question that the panels wait for.
    pub fn answer(&mut self) {
        self.answer_state();
        self.answer_compared();
        self.answer_event();
        self.answer_previews();
        self.answer_series();
    }

    /// Answers the state.
    pub fn answer_state(&mut self) {
        let Some(key) = self.workbench.state_key() else {
            return;
        };
        let folder = self.workbench.folder.as_ref().unwrap();
        let state = folder.state_at(key.stream, key.rank, &|| false).unwrap();
        let changes = folder.changed_by(key.stream, key.rank, &|| false).unwrap();
        let unknown = folder.unknown(&state, &|| false).unwrap();
        let took = Duration::from_micros(400);
        self.workbench.answers.state.set(
            key,
            Ok(StateAnswer {
                state,
                changes,
                saved: folder
                    .saved_state(
                        &folder.state_at(key.stream, key.rank, &|| false).unwrap(),
                        &|| false,
                    )
                    .unwrap(),
                unknown,
                base: None,
                took,
            }),
        );
    }

    /// Answers who set what, and what the chosen field was.
    pub fn answer_compared(&mut self) {
        let folder = Arc::clone(self.workbench.folder.as_ref().unwrap());
        let never = || false;
        if let Some(key) = self.workbench.leaves_key() {
            let n_events = folder.history().log.events_of(key.stream).len();
            let last = u32::try_from(n_events - 1).unwrap();
            let leaves = LeafHistory::of(&folder, key.stream, last, &never).unwrap();
            self.workbench.answers.leaves.set(key, Ok(Arc::new(leaves)));
        }
        if let Some(key) = self.workbench.field_key() {
            let steps = field_history(&folder, key.stream, &key.path, &never).unwrap();
            self.workbench.answers.field.set(key, Ok(steps));
        }
        if let Some(key) = self.workbench.diff_key() {
            let old = key
                .old
                .map(|rank| folder.state_at(key.old_stream, rank, &never).unwrap());
            let new = folder.state_at(key.stream, key.new, &never).unwrap();
            let changes = folder.explain(old.as_ref(), &new, &never).unwrap();
            let answer = DiffAnswer { old, new, changes };
            self.workbench.answers.diff.set(key, Ok(answer));
        }
    }

    /// Answers the event.
    pub fn answer_event(&mut self) {
        let Some(key) = self.workbench.event_key() else {
            return;
        };
        let history = self.workbench.history.as_ref().unwrap();
        let read = history
            .reader
            .read_one(history.log.place(key.position), Want::All);
        self.workbench
            .answers
            .event
            .set(key, read.map_err(|why| why.to_string()));
    }

    /// Answers the previews that were wanted last.
    pub fn answer_previews(&mut self) {
        let Some(key) = self.wanted.clone() else {
            return;
        };
        let history = self.workbench.history.as_ref().unwrap();
        let line = |nr: u32| {
            let read = history
                .reader
                .read_one(history.log.place(Position(nr)), Want::Data);
            read.map(|detail| detail.data.json().map(minify).unwrap_or_default())
                .map_err(|why| why.to_string())
        };
        let positions = key.positions.clone();
        let lines = positions.iter().copied().map(line).collect();
        self.workbench
            .answers
            .previews
            .set(key, Previews { positions, lines });
    }

    /// Answers the series.
    pub fn answer_series(&mut self) {
        let Some(key) = self.workbench.series_key() else {
            return;
        };
        let folder = self.workbench.folder.as_ref().unwrap();
        let points = field_series(folder, key.stream, &key.path, &|| false).unwrap();
        self.workbench
            .answers
            .series
            .set(key, Ok(series_of(Axis::Time, &points)));
    }

    /// Runs the audit.
    pub fn answer_audit(&mut self) {
        let history = self.workbench.history.as_ref().unwrap();
        let file = &history.about.files[0];
        let evidence = Evidence {
            files: vec![EvidenceFile {
                name: file.name.clone(),
                bytes: file.bytes,
                sha256: "9f2c61ab04d7e3b8c1a0557d2e9b41f07d3c88aa19ee42b60c51d7345e92f03b"
                    .to_owned(),
                sha256_after: None,
                modified: file.modified,
            }],
            log_root: None,
            events: u64::try_from(history.log.len()).unwrap(),
            opened: "read-only".to_owned(),
            unchanged: true,
            ..Evidence::default()
        };
        let watch = Watch {
            cancel: &|| false,
            records_read: &|_| (),
        };
        let audit =
            annals::audit::run(history, evidence, &AuditOptions::default(), &watch).unwrap();
        self.workbench
            .answers
            .audit
            .set(self.workbench.generation, Ok(audit));
    }
}
