//! The formats that come with the program: text files, read once; a new store is a new file here.

use std::sync::LazyLock;

use super::format::{ContainerKind, Signature, StoreFormat};

/// The names and texts of files in `assets/formats`.
macro_rules! files {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../assets/formats/", $name, ".toml")))),*]
    };
}

/// The files of `assets/formats`; which of them fits best does not depend on their order.
const TEXTS: &[(&str, &str)] = files! {
    "eventsourcing",
    "emmett",
    "sqlite-es",
    "exchange",
    "annals-sqlite",
    "annals-table",
    "eventsourcingdb-backup",
    "eventsourcingdb-read",
    "eventsourcing-sqlalchemy",
    "sqlite-es-named",
    "act",
    "evtstore",
    "gleam-eventsourcing",
    "eventsource-py",
    "py-event-sourcing",
    "aett",
    "neventstore",
    "rails-event-store",
    "patchlevel-aggregate",
    "patchlevel-stream",
    "spatie",
    "eventsauce",
    "eventsauce-legacy",
    "prooph",
    "fisher",
    "marten",
    "polecat",
    "eventflow",
    "sqlstreamstore",
    "sqlstreamstore-postgres",
    "sqlstreamstore-sqlserver",
    "eventuous",
    "eventuous-sqlserver",
    "axon",
    "axon-camel",
    "pekko-jdbc",
    "pekko-jdbc-legacy",
    "commanded",
    "message-db",
    "castore",
    "node-cqrs",
    "resolve",
    "evento",
    "eventcore",
    "event-store-adapter",
    "eventuary",
    "hallgren",
    "fossic",
    "event-sourcery",
    "blessql",
    "eventful",
    "sequent",
    "sequent-records",
    "phauthentic",
    "swarm-mail",
    "swarm-mail-aggregates",
    "rasa",
    "rasa-x",
    "rasa-broker",
    "temporal",
    "durabletask",
    "go-workflows",
    "nostr",
    "activitywatch",
    "activitywatch-peewee",
    "home-assistant",
    "valkyr",
    "kafka",
    "eventstoredb-atom",
    "eventstoredb-node",
    "eventstoredb-dotnet",
    "cloudevents",
    "redux-devtools",
    "temporal-history",
    "ocel-json",
    "ocel-1",
    "akka-sstabledump",
    "otlp-logs",
    "cloudtrail",
    "kubernetes-audit",
    "mongodb-axon",
    "mongodb-axon-commits",
    "mongodb-emmett",
    "mongodb-eventhorizon",
    "mongodb-eventhorizon-v1",
    "akka-cassandra",
    "eventstoredb-chunk",
    "xes",
    "dynamodb",
    "ocel-sqlite",
};

static FORMATS: LazyLock<Vec<StoreFormat>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| match toml::from_str(text) {
        Ok(format) => Some(format),
        Err(error) => {
            debug_assert!(false, "{name}.toml: {error}");
            tracing::error!("the format {name} cannot be read: {error}");
            None
        }
    };
    TEXTS.iter().filter_map(read).collect()
});

/// All formats that are known.
pub fn all_formats() -> &'static [StoreFormat] {
    &FORMATS
}

/// The format of that id.
pub fn format_by_id(id: &str) -> Option<&'static StoreFormat> {
    all_formats().iter().find(|format| format.id == id)
}

/// What a container holds, as far as a signature asks: tables with their columns, or keys.
pub(super) trait Shape {
    /// Whether there is such a table (or such records) with these columns and, where said, no others.
    fn fits(&self, signature: &Signature) -> bool;
}

/// The known format that fits best: the one whose signature names the most columns, and of equal ones
/// the one that names the most tables in full.
pub(super) fn matching(kind: ContainerKind, shape: &impl Shape) -> Option<&'static StoreFormat> {
    let n_columns = |format: &StoreFormat| -> usize {
        format
            .signature
            .iter()
            .map(|signature| signature.columns.len())
            .sum()
    };
    let n_tables = |format: &StoreFormat| {
        let tables = format.signature.iter().map(|one| &one.table);
        tables.filter(|name| !name.contains('*')).count()
    };
    all_formats()
        .iter()
        .filter(|format| format.container == kind && fits(format, shape))
        .max_by_key(|format| (n_columns(format), n_tables(format)))
}

/// Whether all that a format asks for is there.
pub(super) fn fits(format: &StoreFormat, shape: &impl Shape) -> bool {
    format
        .signature
        .iter()
        .all(|signature| shape.fits(signature))
}
