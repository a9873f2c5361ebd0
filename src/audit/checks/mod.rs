//! The checks, one a file, in the order in which they are listed everywhere.
//!
//! The letters in brackets are the codes under which auditors discuss them. All of them, each with
//! the id of its check; those in parentheses run only when they are asked for:
//!
//! | Code | What | Check, or why there is none |
//! | --- | --- | --- |
//! | V1 | version gap | `version-gap` |
//! | V2 | version twice | `duplicate-version` |
//! | V3 | version goes back | `version-order` |
//! | V4 | stream starts late | `late-start` |
//! | V5 | head of a stream | `stream-head`, where the store keeps a table of streams |
//! | P1 | gap of positions | (`position-gap`) |
//! | P2 | positions do not rise | `position-order` |
//! | T1 | time goes back | (`time-order`) |
//! | T2 | time goes back in a stream | `time-in-stream` |
//! | T3 | clock skew | not made: the timeline draws both times beside each other, and few stores have two |
//! | T4 | future time | `future-time` |
//! | T5 | implausible time | (`implausible-time`) |
//! | T6 | burst, silence | `screening-pace` |
//! | T7 | mixed forms of times | not made: readers bring all forms to one, and what cannot be read is a problem |
//! | I1 | id twice | `duplicate-id` |
//! | I2 | shape of ids | not made: no store asks for one shape |
//! | K1 | missing cause | (`missing-cause`) |
//! | K2 | effect before cause | (`effect-before-cause`) |
//! | K3 | circle of causes | `cause-cycle`; the pace of steps is (`cause-latency`) |
//! | K4, K5 | correlations of one event, of many | not made: the table of undertakings is sorted and filtered by both |
//! | Y1 | rare type | not made: the list of types is sorted by count |
//! | Y2 | unknown type | said beside schema drift where there are rules |
//! | Y3 | first and last of a type | in schema drift; names that look alike are not compared |
//! | Y4 | rule of order | `invariants`, by rules of the user's own |
//! | S1 | schema drift | `schema-drift` |
//! | S2 | unusual payload | `payload-form` for its form; fields that few have are in schema drift |
//! | S3 | keys twice | not made: state and search say which of two counts |
//! | D1 | very large payload | not made: bytes by type are a built-in projection |
//! | D2 | no JSON | `payload-form` |
//! | D3 | encoding | `encoding` |
//! | D4 | numbers beyond others' reach | not made: digits are kept here, whatever others do with them |
//! | D5 | encrypted payload | `redaction`, where data are gone; entropy is not measured |
//! | N1 | saved state | `snapshot-replay`, with the rules of the user |
//! | N2 | saved state ahead | `snapshot-ahead` |
//! | R1 | removal | `removals` |
//! | R2 | redaction | `redaction` |
//! | M1 | two copies | `other-copy` |
//! | M2 | traces of changes | not made: free pages and triggers prove nothing of an event |
//! | H1 | hash chain | `hash-chain`, `signatures` |
//! | A1 | business hours | `screening-hours` |
//! | A2 | actors | users by hour in `screening-hours`; four eyes in `invariants` |
//! | A3 | round amounts | `screening-round-amounts`, `screening-under-limit` |
//! | A4 | first digits | `screening-benford` |
//! | A5 | duplicates in business terms | `screening-duplicates` |
//! | X1 | personal data, secrets | `screening-personal-data` |
//! | F1 | completeness | `completeness`, `file-integrity` |

mod asked;
mod by_type;
mod causes;
mod completeness;
mod duplicate_id;
mod duplicate_version;
mod encoding;
mod file_integrity;
mod fingerprints;
mod future_time;
mod hash_chain;
mod late_start;
mod latency;
mod offered;
mod payload_form;
mod position_order;
mod receipt;
mod redaction;
mod removals;
mod schema_drift;
mod signatures;
mod snapshot_ahead;
mod snapshot_replay;
mod stream_head;
mod time_in_stream;
mod version_gap;
mod version_order;
mod version_runs;

use super::check::Check;
pub(super) use fingerprints::print_of;

/// All checks, fresh, in their fixed order.
pub fn checks() -> Vec<Box<dyn Check>> {
    let causes = causes::Shared::default();
    vec![
        Box::new(completeness::Completeness),
        Box::new(file_integrity::FileIntegrity),
        Box::new(version_gap::VersionGap),
        Box::new(duplicate_version::DuplicateVersion),
        Box::new(version_order::VersionOrder),
        Box::new(late_start::LateStart),
        Box::new(stream_head::StreamHead),
        Box::new(position_order::PositionOrder::default()),
        Box::new(offered::PositionGap::default()),
        Box::new(duplicate_id::DuplicateId::default()),
        Box::new(time_in_stream::TimeInStream),
        Box::new(offered::TimeOrder),
        Box::new(future_time::FutureTime),
        Box::new(offered::ImplausibleTime),
        Box::new(causes::CauseCycle(causes.clone())),
        Box::new(causes::EffectBeforeCause(causes.clone())),
        Box::new(causes::MissingCause(causes.clone())),
        Box::new(latency::CauseLatency(causes)),
        Box::new(payload_form::PayloadForm::default()),
        Box::new(encoding::Encoding::default()),
        Box::new(schema_drift::SchemaDrift::default()),
        Box::new(redaction::Redaction::default()),
        Box::new(removals::Removals::default()),
        Box::new(snapshot_ahead::SnapshotAhead),
        Box::new(snapshot_replay::SnapshotReplay),
        Box::new(hash_chain::HashChain::default()),
        Box::new(signatures::Signatures::default()),
        Box::new(receipt::HeldReceipt),
        Box::new(asked::OtherCopy),
        Box::new(asked::OwnInvariants),
    ]
}
