//! Hashes, chains and signatures as pure functions over bytes: they know no file and no check.

mod hex;
mod key;
mod seal;

pub use key::VerifyKey;
pub(super) use seal::is_first_of_all;
pub use seal::{SealVerdict, SignatureVerdict, judge_seal, judge_signature};
