//! Hashes, chains, signatures, tree heads and receipts as pure functions over bytes: they know no file
//! and no check.

mod canonical;
mod hex;
mod key;
mod receipt;
mod seal;
mod tree;

pub use canonical::canonical_bytes;
pub use hex::{from_hex, hex};
pub use key::VerifyKey;
pub use receipt::{Grown, LastEvent, Receipt, Since};
pub(super) use seal::is_first_of_all;
pub use seal::{SealVerdict, SignatureVerdict, judge_seal, judge_signature};
pub use tree::{Digest, Peak, Peaks, leaf_hash, node_hash};
