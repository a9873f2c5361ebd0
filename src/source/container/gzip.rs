//! Unpacks gzip into a private temporary file, so that payloads can be read by offset later.
//!
//! A line that is too long for a record is left out while unpacking (an empty line stands for it), so
//! that it costs neither disk nor the rest of the log. What unpacks beyond reason is stopped.

use std::io::{BufWriter, Read as _, Write as _};

use super::json::MAX_RECORD;
use crate::event::{Problems, Severity};
use crate::source::bytes::{Bytes, Stream};
use crate::source::error::Error;
use crate::source::progress::Progress;

/// The most that is unpacked in all.
const MAX_TOTAL: u64 = 8 << 30;
/// From here on the ratio counts.
const RATIO_FROM: u64 = 64 << 20;
/// The most that may come of one packed byte.
const MAX_RATIO: u64 = 200;
/// Up to here the result stays in memory.
const IN_MEMORY: usize = 16 << 20;

/// The unpacked bytes; problems tell what was left out or cut.
pub(super) fn inflate(
    packed: &Bytes,
    problems: &mut Problems,
    progress: &Progress,
) -> Result<Bytes, Error> {
    let packed_len = packed.len().map_err(Error::io("look at the file"))?;
    let mut decoder = flate2::read::MultiGzDecoder::new(Stream::new(packed, 0));
    let mut out = Unpacked::default();
    let mut buffer = vec![0; 1 << 18];
    let mut total = 0_u64;
    loop {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let count = match decoder.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) => {
                let message = format!(
                    "the gzip stream is damaged or cut off ({error}); what came before is read"
                );
                problems.add("cut-off-gzip", Severity::Error, "end of the file", message);
                break;
            }
        };
        total += count as u64;
        out.take(buffer.get(..count).unwrap_or_default(), problems)
            .map_err(Error::io("unpack to a temporary file"))?;
        let too_dense = out.kept > RATIO_FROM && out.kept / MAX_RATIO > packed_len;
        if total > MAX_TOTAL || too_dense {
            let message = format!(
                "unpacking was stopped after {total} bytes, for {packed_len} packed bytes give more than is reasonable; \
                 what came before is read"
            );
            problems.add("unpacking-stopped", Severity::Error, "gzip", message);
            break;
        }
    }
    out.finish()
        .map_err(Error::io("unpack to a temporary file"))
}

/// What has been unpacked: in memory while it is small, then in a file.
#[derive(Default)]
struct Unpacked {
    memory: Vec<u8>,
    file: Option<(BufWriter<std::fs::File>, tempfile::TempDir)>,
    kept: u64,
    is_lines: Option<bool>,
    /// The line that is not complete yet; only used where the text is lines.
    line: Vec<u8>,
    line_number: u64,
    is_skipping: bool,
}

impl Unpacked {
    fn take(&mut self, bytes: &[u8], problems: &mut Problems) -> std::io::Result<()> {
        if self.is_lines.is_none() {
            self.is_lines = Some(super::json::begins_as_lines(bytes));
        }
        if self.is_lines == Some(false) {
            return self.keep(bytes);
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = piece.ends_with(b"\n");
            if !self.is_skipping {
                self.line.extend_from_slice(piece);
                self.is_skipping = self.line.len() as u64 > MAX_RECORD;
                if self.is_skipping {
                    self.skip(problems);
                }
            }
            if ends {
                self.end_line()?;
            }
        }
        Ok(())
    }

    fn skip(&mut self, problems: &mut Problems) {
        self.line = Vec::new();
        let place = format!("line {}", self.line_number + 1);
        problems.lose(
            "line-too-long",
            place,
            "the line is longer than 64 MiB and was left out",
        );
    }

    fn end_line(&mut self) -> std::io::Result<()> {
        self.line_number += 1;
        if std::mem::take(&mut self.is_skipping) {
            return self.keep(b"\n");
        }
        let line = std::mem::take(&mut self.line);
        self.keep(&line)?;
        self.line = line;
        self.line.clear();
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.kept += bytes.len() as u64;
        if let Some((file, _)) = &mut self.file {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > IN_MEMORY {
            let folder = tempfile::Builder::new().prefix("annals-").tempdir()?;
            let path = folder.path().join("unpacked");
            let file = std::fs::OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(path)?;
            let mut file = BufWriter::new(file);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some((file, folder));
        }
        Ok(())
    }

    fn finish(mut self) -> std::io::Result<Bytes> {
        if !self.line.is_empty() && !self.is_skipping {
            let rest = std::mem::take(&mut self.line);
            self.keep(&rest)?;
        }
        match self.file {
            None => Ok(Bytes::Memory(self.memory.into())),
            Some((file, folder)) => {
                let file = file
                    .into_inner()
                    .map_err(std::io::IntoInnerError::into_error)?;
                Ok(Bytes::of_file(file, Some(folder)))
            }
        }
    }
}
