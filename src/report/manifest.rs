//! What a report carries so that it can be checked: digests of the files, all settings, every number
//! under its name.

use serde::{Deserialize, Serialize};

use super::paper::{Figure, Paper};
use super::report::Report;
use super::settings::{ReportSettings, RulesUsed, StreamNamed};
use crate::audit::{
    Audit, CheckResult, Finding, ScreeningOptions, Status, checks, screening_checks,
};
use crate::event::{Severity, Timestamp, Zone};

/// The shape of manifests; grows when one of before can no longer be read.
const SHAPE: u32 = 1;

/// Checks that depend on more than the files: a receipt, another copy, rules of the user, a key. So do
/// those that run only when they are asked for.
const CARRIED: [&str; 4] = ["receipt", "other-copy", "invariants", "signatures"];

/// Everything that is needed to make a report again and to compare it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The shape of this.
    pub annals_report: u32,
    /// The program that made it.
    pub program: String,
    /// The zone of its times: `UTC`, `local` or a name of the tz database.
    pub zone: String,
    /// The command that makes it.
    pub command: String,
    /// How the files were opened.
    pub opening: Opening,
    /// What made states.
    pub rules: RulesUsed,
    /// What is in it.
    pub settings: ReportSettings,
    /// The files.
    pub files: Vec<FileDigest>,
    /// Results of checks that depend on more than the files, and are taken over.
    pub carried: Vec<Carried>,
    /// Every number.
    pub figures: Vec<Figure>,
}

/// What was wanted of opening otherwise than what is found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Opening {
    /// The format, where it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// A mapping, as TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Whether streams of the same name in several files are one.
    pub joins_streams: bool,
    /// Whether it is the sample history.
    pub is_sample: bool,
}

/// A file as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDigest {
    /// Its name without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: Option<i64>,
}

/// The result of a check with its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    id: String,
    status: Status,
    findings: u64,
    why: String,
    parameters: Vec<(String, String)>,
    kept: Vec<CarriedFinding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CarriedFinding {
    severity: Severity,
    message: String,
    stream: Option<String>,
    version: Option<i64>,
    position: Option<u32>,
    event_id: Option<String>,
    count: u64,
    group: Option<String>,
    time: Option<i64>,
    place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl Manifest {
    /// That of a report as it is laid out.
    pub(super) fn of(report: &Report, paper: &Paper) -> Self {
        let ask = &report.ask;
        let mut settings = ask.settings.clone();
        mask_names(&mut settings, report);
        let mut command = ask.command.clone();
        report.elsewhere.text(&mut command);
        let files = report.audit.evidence.files.iter();
        Self {
            annals_report: SHAPE,
            program: ask.program.clone(),
            zone: zone_text(ask.zone),
            command,
            opening: ask.opening.clone(),
            rules: report.rules.clone(),
            settings,
            files: files
                .map(|file| FileDigest {
                    name: file.name.clone(),
                    bytes: file.bytes,
                    sha256: file.sha256.clone(),
                    modified: file.modified.map(|time| time.0),
                })
                .collect(),
            carried: carried(&report.audit),
            figures: paper.figures(),
        }
    }

    /// As JSON, one line for each number.
    pub(super) fn to_json(&self) -> String {
        // Plain data with text keys: there is nothing that could not be written.
        let head = Self {
            figures: Vec::new(),
            ..self.clone()
        };
        let mut text = serde_json::to_string(&head).unwrap_or_default();
        text.truncate(text.len().saturating_sub("]}".len()));
        for (nr, figure) in self.figures.iter().enumerate() {
            text.push_str(if nr == 0 { "\n" } else { ",\n" });
            text.push_str(&serde_json::to_string(figure).unwrap_or_default());
        }
        text.push_str("\n]}");
        text
    }

    /// The manifest in the text of a report, in whichever form it is.
    pub fn find(text: &str) -> Result<Self, String> {
        let within = |begin: &str, end: &str| {
            let from = text.rfind(begin)? + begin.len();
            let rest = text.get(from..)?;
            Some(rest.get(..rest.find(end)?)?.to_owned())
        };
        let found = within(super::html::MANIFEST, "</script>")
            .or_else(|| within(super::markdown::MANIFEST, "\n```"))
            .or_else(|| {
                let value: serde_json::Value = serde_json::from_str(text).ok()?;
                Some(value.get("manifest")?.to_string())
            })
            .ok_or("this is no report with a manifest")?;
        let read: Self = serde_json::from_str(&found)
            .map_err(|error| format!("the manifest of the report cannot be read: {error}"))?;
        if read.annals_report > SHAPE {
            return Err(format!(
                "the report was made by a later version, {}",
                read.program
            ));
        }
        Ok(read)
    }

    /// The zone in which its times are shown.
    pub fn zone(&self) -> Option<Zone> {
        Zone::parse(&self.zone)
    }

    /// Puts the results of checks into an audit that it could not repeat; their titles.
    pub fn carry(&self, audit: &mut Audit) -> Vec<&'static str> {
        let mut titles = Vec::new();
        for carried in &self.carried {
            add_screening(audit, &carried.id);
            let known = audit.checks.iter_mut().find(|check| check.id == carried.id);
            let Some(check) = known else { continue };
            let id = check.id;
            check.status = carried.status;
            check.findings = carried.findings;
            check.why.clone_from(&carried.why);
            check.parameters.clone_from(&carried.parameters);
            titles.push(check.title);
            let kept = carried.kept.iter().map(|found| found.finding(id));
            put_findings(audit, id, kept.collect());
        }
        titles
    }
}

/// Adds a check of a screening that was made then and is not now.
fn add_screening(audit: &mut Audit, id: &str) {
    if audit.checks.iter().any(|check| check.id == id) {
        return;
    }
    let all = screening_checks(&ScreeningOptions::default());
    let Some(check) = all.iter().find(|check| check.id() == id) else {
        return;
    };
    audit.checks.push(CheckResult {
        id: check.id(),
        title: check.title(),
        status: Status::Skipped,
        findings: 0,
        why: String::new(),
        parameters: Vec::new(),
    });
}

/// Puts the findings of a check where they belong: in the order of checks.
fn put_findings(audit: &mut Audit, id: &'static str, kept: Vec<Finding>) {
    audit.findings.retain(|found| found.check != id);
    let order = |id: &str| audit.checks.iter().position(|check| check.id == id);
    let place = order(id);
    let at = audit
        .findings
        .iter()
        .position(|found| order(found.check) > place)
        .unwrap_or(audit.findings.len());
    audit.findings.splice(at..at, kept);
}

fn carried(audit: &Audit) -> Vec<Carried> {
    let default: Vec<&str> = checks()
        .iter()
        .filter(|check| check.is_default())
        .map(|check| check.id())
        .collect();
    let depends = |check: &&CheckResult| {
        let is_asked = CARRIED.contains(&check.id) || !default.contains(&check.id);
        is_asked && check.status != Status::Skipped
    };
    let checks = audit.checks.iter().filter(depends);
    checks
        .map(|check| Carried {
            id: check.id.to_owned(),
            status: check.status,
            findings: check.findings,
            why: check.why.clone(),
            parameters: check.parameters.clone(),
            kept: audit
                .findings
                .iter()
                .filter(|found| found.check == check.id)
                .map(CarriedFinding::of)
                .collect(),
        })
        .collect()
}

impl CarriedFinding {
    fn of(found: &Finding) -> Self {
        Self {
            severity: found.severity,
            message: found.message.clone(),
            stream: found.stream.clone(),
            version: found.version,
            position: found.position,
            event_id: found.event_id.clone(),
            count: found.count,
            group: found.group.clone(),
            time: found.time.map(|time| time.0),
            place: found.place.clone(),
            digest: found.digest.clone(),
        }
    }

    fn finding(&self, check: &'static str) -> Finding {
        Finding {
            check,
            severity: self.severity,
            message: self.message.clone(),
            stream: self.stream.clone(),
            version: self.version,
            position: self.position,
            event_id: self.event_id.clone(),
            count: self.count,
            group: self.group.clone(),
            stream_id: None,
            time: self.time.map(Timestamp),
            place: self.place.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// Names and remarks in the settings that hold what is masked.
fn mask_names(settings: &mut ReportSettings, report: &Report) {
    let find = &report.elsewhere;
    for text in [&mut settings.title, &mut settings.case, &mut settings.note] {
        find.text(text);
    }
    for noted in &mut settings.bookmarks {
        find.text(&mut noted.name);
        find.text(&mut noted.note);
    }
    for one in &mut settings.accepted {
        let stream = one.stream.as_mut();
        let texts = [&mut one.finding, &mut one.reason, &mut one.by];
        texts
            .into_iter()
            .chain(stream)
            .for_each(|text| find.text(text));
    }
    let field = settings.field.as_mut().map(|field| &mut field.stream);
    for StreamNamed { name, .. } in settings.explained.iter_mut().chain(field) {
        find.text(name);
    }
}

/// `UTC`, `local` or a name of the tz database.
fn zone_text(zone: Zone) -> String {
    match zone {
        Zone::Utc => "UTC".to_owned(),
        Zone::Local => "local".to_owned(),
        Zone::Named(zone) => zone.name().to_owned(),
    }
}
