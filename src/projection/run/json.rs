//! A run as one document of JSON, as the command line prints it.

use super::answer::{Ended, Run};
use crate::event::Position;
use crate::event::json::{parse, quote};
use crate::script::{Definition, EmitKind};

/// Writes members of an object one after another.
struct Members<'o> {
    out: &'o mut String,
    is_first: bool,
}

impl<'o> Members<'o> {
    fn begin(out: &'o mut String) -> Self {
        out.push('{');
        Self {
            out,
            is_first: true,
        }
    }

    fn key(&mut self, key: &str) -> &mut String {
        if !self.is_first {
            self.out.push(',');
        }
        self.is_first = false;
        quote(key, self.out);
        self.out.push(':');
        self.out
    }

    fn raw(&mut self, key: &str, json: impl std::fmt::Display) -> &mut Self {
        let json = json.to_string();
        self.key(key).push_str(&json);
        self
    }

    fn text(&mut self, key: &str, text: &str) -> &mut Self {
        quote(text, self.key(key));
        self
    }

    fn maybe(&mut self, key: &str, json: Option<impl std::fmt::Display>) -> &mut Self {
        match json {
            Some(json) => self.raw(key, json),
            None => self.raw(key, "null"),
        }
    }

    fn end_here(&mut self) {
        self.out.push('}');
    }
}

fn list<T>(out: &mut String, items: &[T], each: impl Fn(&T, &mut String)) {
    out.push('[');
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(']');
}

fn texts(out: &mut String, items: &[impl AsRef<str>]) {
    list(out, items, |item, out| quote(item.as_ref(), out));
}

fn number(position: Option<Position>) -> Option<u32> {
    position.map(|position| position.0)
}

impl Run {
    /// The whole answer as one document; the fields are those of the conformance cases, and more.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut all = Members::begin(&mut out);
        let status = match self.ended {
            Ended::Done => "ok",
            Ended::Faulted => "faulted",
            Ended::Cancelled => "cancelled",
        };
        all.text("status", status);
        self.write_error(all.key("error"));
        match &self.definition {
            Some(definition) => write_definition(definition, all.key("definition")),
            None => all.key("definition").push_str("{}"),
        }
        self.write_partitions(all.key("partitions"));
        self.write_emitted(all.key("emitted"));
        self.write_results(all.key("results"));
        texts(all.key("log"), &self.log);
        all.raw("processed", self.processed);
        list(all.key("calls"), &self.calls, |call, out| {
            let mut one = Members::begin(out);
            one.text("name", &call.name).raw("count", call.count);
            one.maybe("line", call.line).end_here();
        });
        self.write_rest(&mut all);
        all.end_here();
        out
    }

    fn write_error(&self, out: &mut String) {
        let Some(fault) = &self.fault else {
            out.push_str("null");
            return;
        };
        let mut error = Members::begin(out);
        error
            .text("phase", fault.phase.word())
            .maybe("event", number(fault.position))
            .text("message", &fault.message)
            .maybe("line", fault.line)
            .end_here();
    }

    fn write_partitions(&self, out: &mut String) {
        let mut all = Members::begin(out);
        for partition in &self.partitions {
            let mut one = Members::begin(all.key(&partition.name));
            one.maybe("state", partition.state.as_deref())
                .maybe("result", partition.result())
                .end_here();
        }
        all.end_here();
    }

    fn write_emitted(&self, out: &mut String) {
        list(out, &self.emitted, |emitted, out| {
            let mut one = Members::begin(out);
            one.text("stream", &emitted.stream)
                .raw("number", emitted.number)
                .text("type", &emitted.event_type);
            if emitted.kind == EmitKind::Event {
                one.raw("data", &emitted.data);
            } else {
                one.text("data", &emitted.data);
            }
            one.raw("metadata", valid(&emitted.metadata))
                .raw("at", emitted.at.0)
                .raw("json", emitted.kind == EmitKind::Event)
                .end_here();
        });
    }

    fn write_results(&self, out: &mut String) {
        list(out, &self.results, |released, out| {
            let event_type = if released.is_removal {
                "ResultRemoved"
            } else {
                "Result"
            };
            let mut one = Members::begin(out);
            one.raw("at", released.at.0)
                .text("stream", &released.stream)
                .text("type", event_type)
                .maybe("data", released.data.as_deref())
                .end_here();
        });
    }

    fn write_rest(&self, all: &mut Members<'_>) {
        list(all.key("skipped"), &self.skipped, |skipped, out| {
            let mut one = Members::begin(out);
            one.raw("event", skipped.position.0)
                .text("message", &skipped.message)
                .maybe("line", skipped.line)
                .end_here();
        });
        all.raw("skipped_total", self.n_skipped);
        let mut unhandled = Members::begin(all.key("unhandled"));
        for (name, count) in &self.unhandled {
            unhandled.raw(name, count);
        }
        unhandled.end_here();
        texts(all.key("unrepeatable"), &self.unrepeatable);
        all.raw("not_json", self.n_not_json)
            .raw("lost_links", self.n_lost_links)
            .raw("unreadable", self.n_unreadable)
            .raw("more_emitted", self.n_more_emitted)
            .raw("more_results", self.n_more_results)
            .raw("more_log", self.n_more_log)
            .maybe("reached", number(self.reached));
    }
}

/// Metadata that was put together from a file's own must not break the document.
fn valid(json: &str) -> &str {
    if parse(json.as_bytes()).is_ok() {
        json
    } else {
        "{}"
    }
}

fn write_definition(definition: &Definition, out: &mut String) {
    let mut all = Members::begin(out);
    all.raw("allStreams", definition.all_streams);
    texts(all.key("streams"), &definition.streams);
    texts(all.key("categories"), &definition.categories);
    all.raw("allEvents", definition.all_events);
    texts(all.key("events"), &definition.events);
    for (key, value) in [
        ("byStreams", definition.by_streams),
        ("byCustomPartitions", definition.by_custom_partitions),
        ("biState", definition.bi_state),
        ("definesFold", definition.defines_fold),
        ("definesStateTransform", definition.defines_state_transform),
        ("producesResults", definition.produces_results),
        (
            "handlesDeletedNotifications",
            definition.handles_deleted_notifications,
        ),
        ("includeLinks", definition.include_links),
        ("reorderEvents", definition.reorder_events),
    ] {
        all.raw(key, value);
    }
    all.maybe("processingLag", definition.processing_lag);
    for (key, text) in [
        ("resultStreamName", &definition.result_stream_name),
        (
            "partitionResultStreamNamePattern",
            &definition.partition_result_stream_name_pattern,
        ),
    ] {
        match text {
            Some(text) => all.text(key, text),
            None => all.raw(key, "null"),
        };
    }
    all.end_here();
}
