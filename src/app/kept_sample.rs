//! The sample of events that an auditor goes through, to and from a workspace.

use crate::settings::KeptSample;
use crate::workbench::SampleKey;

use super::app::App;

impl App {
    /// The sample as it is kept; `None` where none was drawn.
    pub(super) fn sample_to_keep(&self) -> Option<KeptSample> {
        let drawn = self.workbench.auditing.sample_wanted();
        drawn.map(|drawn| KeptSample {
            n: drawn.n,
            seed: drawn.seed,
            looked_at: drawn.looked_at,
            remarks: drawn.remarks,
        })
    }

    /// Whether that is the sample as it is now.
    pub(super) fn is_sample(&self, kept: Option<&KeptSample>) -> bool {
        let auditing = &self.workbench.auditing;
        match (auditing.drawing, kept) {
            (None, None) => true,
            (Some(drawn), Some(kept)) => {
                (drawn.n, drawn.seed) == (kept.n, kept.seed)
                    && auditing.ticks == kept.looked_at
                    && auditing.remarks == kept.remarks
            }
            _ => false,
        }
    }

    /// Draws a sample again, with what was said of it; not where another one was drawn since.
    pub(super) fn restore_sample(&mut self, kept: KeptSample) {
        let generation = self.workbench.generation;
        let auditing = &mut self.workbench.auditing;
        if auditing.drawing.is_some() || kept.n == 0 {
            return;
        }
        auditing.drawing = Some(SampleKey {
            generation,
            n: kept.n,
            seed: kept.seed,
        });
        auditing.ticks = kept.looked_at;
        auditing.remarks = kept.remarks;
    }
}
