//! Notes in the log when the first frame stands on the screen, with what it cost the processor.

/// Sees frames go by until the second one begins: then the first has been painted.
#[derive(Debug, Default)]
pub(super) struct FirstFrame {
    n_frames: u8,
}

impl FirstFrame {
    /// Notes that a frame has been drawn.
    pub(super) fn drawn(&mut self, ctx: &egui::Context) {
        match self.n_frames {
            0 => ctx.request_repaint(),
            1 => {
                let cpu_ms = cpu_millis();
                tracing::info!(cpu_ms, "annals: first frame");
            }
            _ => return,
        }
        self.n_frames += 1;
    }
}

/// The processor time that the process has used so far; `None` where the system does not say.
fn cpu_millis() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    let fields = stat.rsplit_once(')')?.1;
    let mut times = fields.split_whitespace().skip(11);
    let ticks: u64 = times.next()?.parse::<u64>().ok()? + times.next()?.parse::<u64>().ok()?;
    // Linux counts in hundredths of a second for every program.
    Some(ticks * 10)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn the_processor_time_is_known() {
        assert!(super::cpu_millis().is_some());
    }
}
