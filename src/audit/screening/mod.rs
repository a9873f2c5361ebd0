//! Screening: what is often harmless and sometimes worth a question. Off until it is asked for, and
//! always called that.
//!
//! The checks are those of auditors' journal tests: pace (T6), business hours (A1), duplicates in
//! business terms (A5), round amounts and such just under a limit (A3), first digits (A4), personal
//! data and secrets by masked samples (X1). Every finding is information, but for secrets. [`sample()`]
//! draws events at random that can be drawn again by the same seed.

mod amounts;
mod duplicates;
mod hours;
mod leaves;
mod options;
mod pace;
mod personal;
mod sample;
mod shapes;

use super::check::Check;
pub use options::ScreeningOptions;
pub use sample::{Sample, Sampled, sample, sample_json};

/// The checks of a screening, fresh, in their fixed order; their ids begin with `screening-`.
pub fn screening_checks(options: &ScreeningOptions) -> Vec<Box<dyn Check>> {
    let amounts = amounts::Shared::default();
    vec![
        Box::new(pace::Pace),
        Box::new(hours::Hours::new(options)),
        Box::new(duplicates::Duplicates::default()),
        Box::new(amounts::RoundAmounts(amounts.clone())),
        Box::new(amounts::UnderLimit(amounts.clone(), options.limit)),
        Box::new(amounts::FirstDigits(amounts)),
        Box::new(personal::PersonalData::default()),
    ]
}
