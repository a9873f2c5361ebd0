//! States kept by the way, so that a seek is short.
