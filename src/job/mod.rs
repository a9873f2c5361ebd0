//! Work off the frame: what is asked for, on which thread it runs, and how its answers come back.
//!
//! [`Job`] is all that can be asked and [`Outcome`] all that can come back. A [`Slot`] lets one job of
//! a kind run and one wait, the newest winning; [`Runner`] gives each kind its named thread and wakes
//! the window. The work itself is plain functions (`work`, `open`, `save`) that know no thread.

mod as_of;
mod ask;
mod capsule;
mod compare;
mod dialog;
mod evidence;
mod export;
mod follow;
mod inquire;
#[expect(
    clippy::module_inception,
    reason = "one file for the folder's main noun"
)]
mod job;
mod kind;
mod map;
mod open;
mod outcome;
mod plot;
mod progress;
mod project;
mod report;
mod rules;
mod runner;
mod save;
mod slot;
mod travel;
mod work;
mod workspace;

pub use ask::{FilterTask, WhenTask};
pub use capsule::{Capsule, CapsuleTask, check_capsule, write_capsule};
pub use dialog::has_dialogs;
pub use evidence::{audit_history, audit_with, snapshots_held};
pub use export::{ExportBody, ExportTask, MakeSheet, Picked, with_ending};
pub use follow::{FollowTask, Following, follow};
pub use inquire::{Inquired, Inquiry};
pub use job::{AuditTask, Job, KeptMappings, OpenWhat, ProjectTask};
pub use kind::Kind;
pub use map::{Known, MapTask, mapping_of, mapping_toml};
pub use outcome::Outcome;
pub use progress::{Counted, Progress};
pub use report::{
    ReportTask, SaveTask, commands as report_commands, digest_holds, digest_path, make_report,
    program as report_program, reducer_of, save_report, verify_again, write_report,
};
pub use runner::Runner;
pub use save::write_beside;
pub use slot::{Running, Slot};
pub use workspace::{Astray, LoadWorkspace, LoadedWorkspace, SaveWorkspace, save_workspace};
