//! The panels: each shows one thing, reads the workbench through a view, and asks by actions.

pub mod timeline;
pub mod transport;
