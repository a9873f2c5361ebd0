//! What a script says it is about: its sources, its handlers, its options.

use serde::Deserialize;

/// What a script said while it was read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Definition {
    /// `fromAll()`.
    pub all_streams: bool,
    /// `fromStream` and `fromStreams`, each once; several categories stand here as `$ce-NAME`.
    pub streams: Vec<String>,
    /// `fromCategory` with one name.
    pub categories: Vec<String>,
    /// Whether events of all types arrive.
    pub all_events: bool,
    /// The types that have handlers, in the order of the script.
    pub events: Vec<String>,
    /// `foreachStream()`.
    pub by_streams: bool,
    /// `partitionBy(…)`.
    pub by_custom_partitions: bool,
    /// Whether there is a state that all partitions share.
    pub bi_state: bool,
    /// Whether it has handlers at all.
    pub defines_fold: bool,
    /// `transformBy`, `filterBy` or `$defines_state_transform`.
    pub defines_state_transform: bool,
    /// Whether each change of a result is an event of its own.
    pub produces_results: bool,
    /// `$deleted`.
    pub handles_deleted_notifications: bool,
    /// The option `$includeLinks`.
    pub include_links: bool,
    /// The option `reorderEvents`.
    pub reorder_events: bool,
    /// The option `processingLag`, in milliseconds.
    pub processing_lag: Option<f64>,
    /// The stream of results, where it has a name of its own.
    pub result_stream_name: Option<String>,
    /// The pattern for the streams of partitions' results.
    pub partition_result_stream_name_pattern: Option<String>,
}

impl Definition {
    /// What does not go together, in the words of the server.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let has_names = !self.streams.is_empty() || !self.categories.is_empty();
        let lag = self.processing_lag.unwrap_or(0.0);
        let wrong = [
            (
                !self.all_streams && !has_names,
                "None of streams and categories are included",
            ),
            (
                !self.all_events && self.events.is_empty(),
                "None of events are included",
            ),
            (
                !self.streams.is_empty() && !self.categories.is_empty(),
                "Streams and categories cannot be included in a filter at the same time",
            ),
            (
                self.all_streams && has_names,
                "Both FromAll and specific categories/streams cannot be set",
            ),
            (
                self.all_events && !self.events.is_empty(),
                "Both AllEvents and specific event filters cannot be set",
            ),
            (
                self.by_streams && !self.streams.is_empty(),
                "foreachStream projections are not supported on stream based sources",
            ),
            (
                self.reorder_events && self.all_streams,
                "Event reordering cannot be used with fromAll()",
            ),
            (
                self.reorder_events && self.streams.len() <= 1,
                "Event reordering is only available in fromStreams([]) projections",
            ),
            (
                self.reorder_events && lag < 50.0,
                "Event reordering requires processing lag at least of 50ms",
            ),
            (
                self.handles_deleted_notifications && !self.by_streams,
                "Deleted stream notifications are only supported with foreachStream()",
            ),
            (
                self.categories.len() > 1,
                "Specified method is not supported.",
            ),
        ];
        let found = wrong.into_iter().find(|(is_wrong, _)| *is_wrong);
        found.map_or(Ok(()), |(_, message)| Err(message))
    }
}
