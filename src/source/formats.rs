//! The formats that come with the program: text files, read once; a new store is a new file here.

use std::sync::LazyLock;

use super::format::{ContainerKind, Signature, StoreFormat};

/// The files of `assets/formats`, in the order in which they are tried.
const TEXTS: &[(&str, &str)] = &[
    (
        "eventsourcing",
        include_str!("../../assets/formats/eventsourcing.toml"),
    ),
    ("emmett", include_str!("../../assets/formats/emmett.toml")),
    (
        "sqlite-es",
        include_str!("../../assets/formats/sqlite-es.toml"),
    ),
    (
        "exchange",
        include_str!("../../assets/formats/exchange.toml"),
    ),
    (
        "eventsourcing-sqlalchemy",
        include_str!("../../assets/formats/eventsourcing-sqlalchemy.toml"),
    ),
    (
        "act",
        include_str!("../../assets/formats/act.toml"),
    ),
    (
        "evtstore",
        include_str!("../../assets/formats/evtstore.toml"),
    ),
    (
        "gleam-eventsourcing",
        include_str!("../../assets/formats/gleam-eventsourcing.toml"),
    ),
    (
        "eventsource-py",
        include_str!("../../assets/formats/eventsource-py.toml"),
    ),
    (
        "py-event-sourcing",
        include_str!("../../assets/formats/py-event-sourcing.toml"),
    ),
    (
        "aett",
        include_str!("../../assets/formats/aett.toml"),
    ),
    (
        "neventstore",
        include_str!("../../assets/formats/neventstore.toml"),
    ),
    (
        "rails-event-store",
        include_str!("../../assets/formats/rails-event-store.toml"),
    ),
    (
        "patchlevel-aggregate",
        include_str!("../../assets/formats/patchlevel-aggregate.toml"),
    ),
    (
        "patchlevel-stream",
        include_str!("../../assets/formats/patchlevel-stream.toml"),
    ),
    (
        "spatie",
        include_str!("../../assets/formats/spatie.toml"),
    ),
    (
        "eventsauce",
        include_str!("../../assets/formats/eventsauce.toml"),
    ),
    (
        "eventsauce-legacy",
        include_str!("../../assets/formats/eventsauce-legacy.toml"),
    ),
    (
        "prooph",
        include_str!("../../assets/formats/prooph.toml"),
    ),
    (
        "fisher",
        include_str!("../../assets/formats/fisher.toml"),
    ),
    (
        "marten",
        include_str!("../../assets/formats/marten.toml"),
    ),
    (
        "polecat",
        include_str!("../../assets/formats/polecat.toml"),
    ),
    (
        "eventflow",
        include_str!("../../assets/formats/eventflow.toml"),
    ),
    (
        "sqlstreamstore",
        include_str!("../../assets/formats/sqlstreamstore.toml"),
    ),
    (
        "eventuous",
        include_str!("../../assets/formats/eventuous.toml"),
    ),
    (
        "eventuous-sqlserver",
        include_str!("../../assets/formats/eventuous-sqlserver.toml"),
    ),
    (
        "axon",
        include_str!("../../assets/formats/axon.toml"),
    ),
    (
        "axon-camel",
        include_str!("../../assets/formats/axon-camel.toml"),
    ),
    (
        "pekko-jdbc",
        include_str!("../../assets/formats/pekko-jdbc.toml"),
    ),
    (
        "pekko-jdbc-legacy",
        include_str!("../../assets/formats/pekko-jdbc-legacy.toml"),
    ),
    (
        "commanded",
        include_str!("../../assets/formats/commanded.toml"),
    ),
];

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

/// The known format that fits best: the one whose signature names the most columns.
pub(super) fn matching(kind: ContainerKind, shape: &impl Shape) -> Option<&'static StoreFormat> {
    let n_columns = |format: &StoreFormat| -> usize {
        format
            .signature
            .iter()
            .map(|signature| signature.columns.len())
            .sum()
    };
    all_formats()
        .iter()
        .filter(|format| format.container == kind && fits(format, shape))
        .max_by_key(|format| n_columns(format))
}

/// Whether all that a format asks for is there.
pub(super) fn fits(format: &StoreFormat, shape: &impl Shape) -> bool {
    format
        .signature
        .iter()
        .all(|signature| shape.fits(signature))
}
