//! What an audit says: a finding, and the result of one check.

use serde::{Deserialize, Serialize};

use super::integrity::{hex, leaf_hash};
use crate::event::{Severity, StreamId, Timestamp};

/// Something notable in the history: what is so, where, and how often.
///
/// Where it is about one event, `stream`, `version`, `position` and `event_id` are that event's; a
/// gap is placed at the first event after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the check that found it.
    pub check: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is so, in one sentence without a final period.
    pub message: String,
    /// The name of the stream, where it is about one.
    pub stream: Option<String>,
    /// The event's version.
    pub version: Option<i64>,
    /// The event's position.
    pub position: Option<u32>,
    /// The event's id as text.
    pub event_id: Option<String>,
    /// How many events, or missing events, it stands for.
    pub count: u64,
    /// The cause that it shares with others, as a sentence; equal texts belong together.
    pub group: Option<String>,
    /// The stream to go to.
    #[serde(skip)]
    pub stream_id: Option<StreamId>,
    /// The event's recorded time.
    #[serde(skip)]
    pub time: Option<Timestamp>,
    /// Where its record stands in the file, such as `events.ndjson:12`.
    #[serde(skip)]
    pub place: Option<String>,
    /// SHA-256 over the canonical bytes of the event, as in a receipt: 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Finding {
    /// What names the finding from one audit to the next: its check, its stream and version, and the
    /// digest of its event; where it is about no event, that of what it says.
    ///
    /// A finding that was accepted under its key is another one once its event has been altered.
    /// Several findings of one check about one event share their key.
    pub fn key(&self) -> String {
        let stream = self.stream.as_deref().unwrap_or_default();
        let version = self.version.map_or_else(String::new, |v| v.to_string());
        let digest = match &self.digest {
            Some(digest) => digest.clone(),
            None => hex(&leaf_hash(self.message.as_bytes())),
        };
        let short = digest.get(..16).unwrap_or(&digest);
        format!("{}/{stream}@{version}/{short}", self.check)
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It ran and found nothing.
    Passed,
    /// It ran and has findings for information only.
    Info,
    /// It ran and found what needs an explanation.
    Warning,
    /// It ran and found that something is lost or broken.
    Failed,
    /// It did not run; `why` says why.
    Skipped,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// A stable word, such as `version-gap`.
    pub id: &'static str,
    /// The good case, such as "Versions have no gaps".
    #[serde(skip)]
    pub title: &'static str,
    /// How it ended.
    pub status: Status,
    /// How many findings there are, kept or not.
    pub findings: u64,
    /// What was covered, or why it did not run.
    pub why: String,
    /// With which parameters it ran, by name.
    #[serde(skip)]
    pub parameters: Vec<(String, String)>,
}
