//! The names under which stores keep each role, with how surely a name means it.
//!
//! Names are compared without case and without anything but letters and digits: `stream_id`,
//! `streamId` and `StreamID` are one. The list was gathered from some fifty stores.

use super::format::Role;

/// Names of each role, surest first; the number is how sure, of 1.
pub(super) const SYNONYMS: &[(Role, f64, &[&str])] = &[
    (
        Role::Stream,
        1.0,
        &[
            "streamid",
            "streamname",
            "streamuuid",
            "streampath",
            "aggregateid",
            "aggregateuuid",
            "aggregaterootid",
            "aggregateidentifier",
            "aggregatorid",
            "originatorid",
            "persistenceid",
            "eventstreamid",
            "caseconceptname",
        ],
    ),
    // In some stores the column of this name holds the category, beside an id.
    (Role::Stream, 0.9, &["stream"]),
    (
        Role::Stream,
        0.8,
        &[
            "entityid",
            "aid",
            "subject",
            "subjectid",
            "senderid",
            "instanceid",
            "workflowid",
            "caseid",
        ],
    ),
    (
        Role::Stream,
        0.55,
        &["sourceid", "uuid", "key", "aggregate", "entity", "objectid"],
    ),
    (Role::Stream, 0.3, &["id", "documentid"]),
    (
        Role::Category,
        1.0,
        &[
            "category",
            "aggregatetype",
            "aggregatename",
            "aggregatortype",
            "streamtype",
            "streamcategory",
            "entitytype",
        ],
    ),
    (Role::Category, 0.6, &["aggregate", "subjecttype"]),
    (Role::Category, 0.35, &["kind", "type", "stream"]),
    (
        Role::Version,
        1.0,
        &[
            "streamversion",
            "streamposition",
            "aggregateversion",
            "originatorversion",
            "version",
            "aggregaterootversion",
            "aggregatesequencenumber",
            "aggregatesequence",
            "playhead",
            "eventrevision",
            "streamrevision",
            "eventsequencenumber",
            "entityversion",
        ],
    ),
    (
        Role::Version,
        0.8,
        &[
            "sequencenumber",
            "eventnumber",
            "revision",
            "seqnr",
            "seqno",
            "generation",
            "versionid",
        ],
    ),
    (Role::Version, 0.7, &["sequence", "seq", "seqnum"]),
    (
        Role::Version,
        0.6,
        &["lastsequence", "lastversion", "lastsequencenumber"],
    ),
    (Role::Version, 0.5, &["position", "eventversion"]),
    (
        Role::Position,
        1.0,
        &[
            "globalposition",
            "globalindex",
            "globalsequence",
            "globalsequencenumber",
            "ordering",
            "checkpointnumber",
            "seqid",
            "sequenceid",
            "commitposition",
            "rownum",
        ],
    ),
    (
        Role::Position,
        0.75,
        &[
            "position",
            "offset",
            "sequencenum",
            "sequentialid",
            "no",
            "eventno",
        ],
    ),
    (Role::Position, 0.6, &["sequence", "seq", "sequencenumber"]),
    (Role::Position, 0.5, &["id", "rowid"]),
    (
        Role::Type,
        1.0,
        &[
            "eventtype",
            "eventname",
            "eventclass",
            "messagetype",
            "payloadtype",
            "typename",
            "type",
        ],
    ),
    (
        Role::Type,
        0.75,
        &[
            "name",
            "topic",
            "manifest",
            "eventkind",
            "conceptname",
            "activity",
            "eventsermanifest",
        ],
    ),
    (Role::Type, 0.6, &["event", "reason", "kind", "action"]),
    (
        Role::Id,
        1.0,
        &[
            "eventid",
            "eventuuid",
            "messageid",
            "eventidentifier",
            "eventguid",
            "id",
        ],
    ),
    (Role::Id, 0.6, &["uuid", "guid", "idempotencykey"]),
    (
        Role::Time,
        1.0,
        &[
            "timestamp",
            "time",
            "recordedat",
            "recordedon",
            "createdat",
            "created",
            "createdutc",
            "createdon",
            "timeofrecording",
            "commitstamp",
            "writetimestamp",
            "timestampus",
            "timestampms",
            "unixtime",
        ],
    ),
    (
        Role::Time,
        0.8,
        &[
            "occurredat",
            "occurredon",
            "occurred",
            "happenedat",
            "ts",
            "at",
            "eventtime",
            "date",
            "datetime",
            "timetimestamp",
            "recorded",
            "inserted",
            "insertedat",
            "occurredatns",
            "instant",
            "tookplaceat",
        ],
    ),
    (
        Role::Occurred,
        0.5,
        &[
            "validat",
            "validfrom",
            "effectiveat",
            "occurredat",
            "occurredon",
            "occurred",
            "happenedat",
        ],
    ),
    (
        Role::Data,
        1.0,
        &[
            "data",
            "payload",
            "eventdata",
            "eventbody",
            "eventjson",
            "jsondata",
            "messagedata",
            "eventpayload",
            "eventproperties",
            "body",
            "payloadjson",
        ],
    ),
    (
        Role::Data,
        0.6,
        &[
            "event",
            "state",
            "value",
            "content",
            "databinary",
            "json",
            "properties",
            "attributes",
            "details",
        ],
    ),
    (
        Role::Metadata,
        1.0,
        &[
            "metadata",
            "meta",
            "headers",
            "customheaders",
            "eventcontext",
            "jsonmetadata",
            "messagemetadata",
            "eventmetadata",
        ],
    ),
    (Role::Metadata, 0.6, &["context", "tags"]),
    (Role::Correlation, 1.0, &["correlationid", "correlation"]),
    (Role::Causation, 1.0, &["causationid", "causation"]),
    (
        Role::SchemaVersion,
        0.9,
        &[
            "schemaversion",
            "eventschemaversion",
            "typeversion",
            "payloadrevision",
            "messageschemaversion",
        ],
    ),
    (Role::SchemaVersion, 0.6, &["eventversion"]),
    (
        Role::User,
        0.9,
        &[
            "userid",
            "user",
            "actor",
            "actorid",
            "username",
            "createdby",
            "by",
        ],
    ),
];

/// A name without case, and without anything but letters and digits.
pub(super) fn normalized(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How surely a column of that (normalized) name plays a role, of 1.
pub(super) fn sureness(role: Role, normalized: &str) -> f64 {
    SYNONYMS
        .iter()
        .filter(|(of, _, names)| *of == role && names.contains(&normalized))
        .map(|(_, sure, _)| *sure)
        .fold(0.0, f64::max)
}
