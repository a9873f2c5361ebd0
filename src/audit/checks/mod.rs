//! The checks, one a file, in the order in which they are listed everywhere.
//!
//! The letters in brackets are the codes under which auditors discuss them.

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
mod offered;
mod payload_form;
mod position_order;
mod receipt;
mod redaction;
mod removals;
mod schema_drift;
mod signatures;
mod snapshot_ahead;
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
        Box::new(position_order::PositionOrder::default()),
        Box::new(offered::PositionGap::default()),
        Box::new(duplicate_id::DuplicateId::default()),
        Box::new(time_in_stream::TimeInStream),
        Box::new(offered::TimeOrder),
        Box::new(future_time::FutureTime),
        Box::new(offered::ImplausibleTime),
        Box::new(causes::CauseCycle(causes.clone())),
        Box::new(causes::EffectBeforeCause(causes.clone())),
        Box::new(causes::MissingCause(causes)),
        Box::new(payload_form::PayloadForm::default()),
        Box::new(encoding::Encoding::default()),
        Box::new(schema_drift::SchemaDrift::default()),
        Box::new(redaction::Redaction::default()),
        Box::new(removals::Removals::default()),
        Box::new(snapshot_ahead::SnapshotAhead),
        Box::new(hash_chain::HashChain::default()),
        Box::new(signatures::Signatures::default()),
        Box::new(receipt::HeldReceipt),
        Box::new(asked::OtherCopy),
        Box::new(asked::OwnInvariants),
    ]
}
