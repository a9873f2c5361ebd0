//! The file is sound in itself: what the database says of its own pages and indexes.

use super::super::check::{Check, Scene};
use super::super::gather::Gather;
use crate::event::{Severity, visible};

/// Tells what the container's own check found; it was run with the evidence.
pub(super) struct FileIntegrity;

impl Check for FileIntegrity {
    fn id(&self) -> &'static str {
        "file-integrity"
    }

    fn title(&self) -> &'static str {
        "The file is sound in itself"
    }

    fn skip(&self, scene: &Scene<'_>) -> Option<String> {
        let without = scene.evidence.self_check.is_none();
        without.then(|| "this kind of file has no check of its own".to_owned())
    }

    fn conclude(&mut self, scene: &Scene<'_>, found: &mut Gather) {
        let Some(check) = &scene.evidence.self_check else {
            return;
        };
        for fault in &check.faults {
            found.add(Severity::Error, |finding| {
                finding.says(visible(fault).into_owned())
            });
        }
        found.group_all(|n| format!("{n} faults in the file itself"));
        found.covered(check.what.clone());
    }
}
