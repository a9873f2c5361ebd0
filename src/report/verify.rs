//! Holds a report against the same report made again: which of its numbers still hold.

use std::collections::BTreeMap;

use super::manifest::Manifest;
use super::paper::{Figure, Paper};
use super::report::Report;

/// The form in which a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// One page.
    #[default]
    Html,
    /// Text with marks.
    Markdown,
    /// Data.
    Json,
}

impl Form {
    /// All of them, with the ending of their files.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Html, "html", "HTML"),
        (Self::Markdown, "md", "Markdown"),
        (Self::Json, "json", "JSON"),
    ];

    /// The one of files with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(_, known, _)| known.eq_ignore_ascii_case(ending));
        found.map(|(form, ..)| form)
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(form, ..)| *form == self)
            .map_or("html", |(_, ending, _)| ending)
    }

    /// A report in this form.
    pub fn write(self, report: &Report) -> String {
        match self {
            Self::Html => super::html::html(report),
            Self::Markdown => super::markdown::markdown(report),
            Self::Json => super::json::json(report),
        }
    }

    /// In which form a text is.
    pub fn of_text(text: &str) -> Self {
        match text.trim_start().chars().next() {
            Some('<') => Self::Html,
            Some('{') => Self::Json,
            _ => Self::Markdown,
        }
    }
}

/// A number that does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Broken {
    /// Its name.
    pub id: String,
    /// What it is.
    pub label: String,
    /// What the report says; `None` where it does not say it.
    pub was: Option<String>,
    /// What it is now; `None` where there is no such number any more.
    pub is: Option<String>,
}

/// What comes of holding a report against the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// How many numbers hold.
    pub held: u64,
    /// Those that do not.
    pub broken: Vec<Broken>,
    /// Where the text is otherwise although the numbers in its manifest hold: number of the line and
    /// what it says.
    pub text: Option<(u64, String)>,
    /// What must be said beside it.
    pub notes: Vec<String>,
}

impl Verified {
    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        self.broken.is_empty() && self.text.is_none()
    }
}

/// Holds the text of a report with its manifest against the same report made again from the files.
///
/// Every number is compared under its name. Where all of them hold, the text must be the same too, but
/// for the line that says who prepared it and when.
pub fn verify(text: &str, manifest: &Manifest, again: &Report) -> Verified {
    let paper = Paper::of(again);
    let now = paper.figures();
    let mut by_id: BTreeMap<&str, &Figure> = now
        .iter()
        .map(|figure| (figure.id.as_str(), figure))
        .collect();
    let mut verified = Verified::default();
    for was in &manifest.figures {
        let is = by_id.remove(was.id.as_str());
        if is.is_some_and(|is| is.value == was.value) {
            verified.held += 1;
            continue;
        }
        verified.broken.push(Broken {
            id: was.id.clone(),
            label: was.label.clone(),
            was: Some(was.value.clone()),
            is: is.map(|figure| figure.value.clone()),
        });
    }
    let new = now
        .iter()
        .filter(|figure| by_id.contains_key(figure.id.as_str()));
    verified.broken.extend(new.map(|figure| Broken {
        id: figure.id.clone(),
        label: figure.label.clone(),
        was: None,
        is: Some(figure.value.clone()),
    }));
    if again.ask.program != manifest.program {
        verified.notes.push(format!(
            "It was made with {} and held against {}: the words around the numbers are not compared",
            manifest.program, again.ask.program
        ));
    } else if verified.broken.is_empty() {
        let form = Form::of_text(text);
        verified.text = first_difference(form, text, &form.write(again));
    }
    verified
}

/// The first line that is otherwise, the one of the run left aside.
fn first_difference(form: Form, given: &str, again: &str) -> Option<(u64, String)> {
    let run = match form {
        Form::Html => "<p id=\"run\">",
        Form::Markdown => "Prepared ",
        Form::Json => "  \"run\": ",
    };
    let lines = |text: &str| -> Vec<String> {
        let at = text.lines().position(|line| line.starts_with(run));
        let lines = text.split('\n').enumerate();
        let kept = |(nr, line): (usize, &str)| {
            if Some(nr) == at {
                String::new()
            } else {
                line.to_owned()
            }
        };
        lines.map(kept).collect()
    };
    let (given, again) = (lines(given), lines(again));
    let n_lines = given.len().max(again.len());
    let at = (0..n_lines).find(|nr| given.get(*nr) != again.get(*nr))?;
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
    Some((at as u64 + 1, around(&line(&given), &line(&again))))
}

/// What a line says around the first character that is otherwise.
fn around(line: &str, other: &str) -> String {
    const BEFORE: usize = 40;
    let same = line.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let from = same.count().saturating_sub(BEFORE);
    let shown: String = line.chars().skip(from).take(4 * BEFORE).collect();
    if shown.is_empty() {
        return "it ends here".to_owned();
    }
    let cut = if from > 0 { "\u{2026}" } else { "" };
    format!("{cut}{}", shown.trim())
}
