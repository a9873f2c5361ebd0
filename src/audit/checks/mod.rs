//! The checks, one a file, in the order in which they are listed everywhere.
//!
//! The letters in brackets are the codes under which auditors discuss them.

mod completeness;
mod duplicate_id;
mod duplicate_version;
mod fingerprints;
mod future_time;
mod hash_chain;
mod late_start;
mod position_order;
mod signatures;
mod time_in_stream;
mod version_gap;
mod version_order;
mod version_runs;

use super::check::Check;

/// All checks, fresh, in their fixed order.
pub fn checks() -> Vec<Box<dyn Check>> {
    vec![
        Box::new(completeness::Completeness),
        Box::new(version_gap::VersionGap),
        Box::new(duplicate_version::DuplicateVersion),
        Box::new(version_order::VersionOrder),
        Box::new(late_start::LateStart),
        Box::new(position_order::PositionOrder::default()),
        Box::new(duplicate_id::DuplicateId::default()),
        Box::new(time_in_stream::TimeInStream),
        Box::new(future_time::FutureTime),
        Box::new(hash_chain::HashChain::default()),
        Box::new(signatures::Signatures::default()),
    ]
}
