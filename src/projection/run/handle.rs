//! One event in the hands of a script: its partition is entered, its handler called.

use super::causes::Cause;
use super::drive::{Drive, Stop};
use super::links::{owner, text};
use super::route::{Arrival, Through, What};
use crate::event::{EventDetail, Payload, Position};
use crate::script::{Envelope, Fault, Handling, Key};

impl Drive<'_, '_, '_, '_> {
    /// Handles what arrives; gives the partition that handled it.
    pub(super) fn take(
        &mut self,
        arrival: &Arrival,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
        match &arrival.what {
            What::Deleted(stream) => self.take_deletion(arrival.at, stream).map(Some),
            What::Event { of, through } => self.take_event(arrival.at, *of, *through, detail),
            What::Reference { stream, number, to } => {
                let name = self.log.stream_name(*to);
                let data = Payload::Text(name.into());
                let event = Envelope {
                    stream,
                    number: Some(*number),
                    event_type: "$@",
                    is_json: false,
                    data: Some(&data),
                    rest: Some((None, &Payload::Missing)),
                    link_metadata: None,
                    partition: "",
                    category: None,
                    time: self.log.time(arrival.at),
                    seed: arrival.at.0,
                };
                let by = self.session.handling("$@");
                self.handle(&event, None, by, detail)
            }
        }
    }

    fn take_event(
        &mut self,
        at: Position,
        of: Position,
        through: Option<Through>,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
        let Some(arrived) = self.arrived(of, through, detail) else {
            return Ok(None);
        };
        let event = self.envelope(at, of, &arrived);
        let by = self.handling[self.log.event_type(of).index()];
        self.handle(&event, arrived.origin.as_deref(), by, detail)
    }

    fn handle(
        &mut self,
        event: &Envelope<'_>,
        origin: Option<&str>,
        by: Option<Handling>,
        detail: &EventDetail,
    ) -> Result<Option<u32>, Stop> {
        let at = Position(event.seed);
        let Some(by) = by else {
            return Ok(None);
        };
        let Some(name) = self.partition_name(event, origin)? else {
            self.run.processed += 1;
            return Ok(None);
        };
        let event = Envelope {
            partition: &name,
            ..*event
        };
        let partition = self.enter(&name, &event, false)?;
        // Without the check of contents, what should be JSON and is none only begins a partition.
        let is_blank = !self.ask.checks_content
            && if event.is_json {
                text(&detail.data).trim().is_empty()
            } else {
                detail.data.is_empty() && detail.marked_json == Some(false)
            };
        if !is_blank {
            self.session.handle(by, &event)?;
        }
        let emitted = self.session.take_emitted();
        if !emitted.is_empty() && !self.ask.emits {
            let message = "'emit' is not allowed by the projection/configuration/mode";
            return Err(Fault::thrown(message).into());
        }
        self.after(partition, &event, at)?;
        if !emitted.is_empty() {
            let cause = Cause::of(detail, event.is_json);
            for emit in emitted {
                self.written.emit(emit, at, cause);
            }
        }
        Ok(Some(partition))
    }

    fn take_deletion(&mut self, at: Position, stream: &str) -> Result<u32, Stop> {
        let event = Envelope {
            stream,
            number: None,
            event_type: "",
            is_json: false,
            data: None,
            rest: None,
            link_metadata: None,
            partition: stream,
            category: None,
            time: self.log.time(at),
            seed: at.0,
        };
        let partition = self.enter(stream, &event, true)?;
        self.session.deleted(&event)?;
        self.after(partition, &event, at)?;
        Ok(partition)
    }

    /// The name of an event's partition; `None` where it belongs to none.
    fn partition_name(
        &mut self,
        event: &Envelope<'_>,
        origin: Option<&str>,
    ) -> Result<Option<Box<str>>, Stop> {
        if self.definition.by_streams {
            return Ok(Some(origin.unwrap_or_else(|| owner(event.stream)).into()));
        }
        if !self.definition.by_custom_partitions {
            return Ok(Some("".into()));
        }
        match self.session.key(event)? {
            Key::Nowhere => Ok(None),
            Key::Partition(name) if name.is_empty() => Err(Fault::thrown(
                "Partition '' state was requested as locked but it is missing in the cache.",
            )
            .into()),
            Key::Partition(name) => Ok(Some(name.into())),
        }
    }

    /// Enters a partition, and leaves the one that is under way.
    fn enter(&mut self, name: &str, event: &Envelope<'_>, is_end: bool) -> Result<u32, Stop> {
        let same = self
            .current
            .filter(|at| *self.partitions.get(*at).name == *name);
        let partition = same.unwrap_or_else(|| self.partitions.of(name));
        if self.current == Some(partition) {
            self.has_touched = true;
            return Ok(partition);
        }
        self.flush()?;
        self.has_touched = true;
        self.current = Some(partition);
        let own = self.partitions.get(partition).state.as_deref();
        let shared = self.partitions.shared.as_deref();
        let was_null = self.was_null.take();
        if own.is_none() && was_null == Some(partition) {
            self.session.go_on_with_null();
            return Ok(partition);
        }
        self.session.enter(own, shared, event, is_end)?;
        Ok(partition)
    }
}
