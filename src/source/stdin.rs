//! Standard input as a file: read once to its end, and kept for as long as the program runs, so that
//! it can be opened again with another format or mapping.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::bytes::Bytes;
use super::error::Error;
use super::evidence::{FoundFile, hex};
use super::progress::Progress;
use super::spool::{Feed, Note, Spool};

/// The name under which standard input is shown.
pub(super) const NAME: &str = "standard input";
/// The most that is read.
const MAX_READ: u64 = 8 << 30;

static READ: Mutex<Option<(Bytes, FoundFile)>> = Mutex::new(None);

/// All of standard input; waits until it ends.
pub(super) fn read(progress: &Progress) -> Result<(Bytes, FoundFile), Error> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = &*read {
        return Ok(known.clone());
    }
    let found = read_from(std::io::stdin(), progress)?;
    *read = Some(found.clone());
    Ok(found)
}

fn read_from(
    input: impl std::io::Read + Send + 'static,
    progress: &Progress,
) -> Result<(Bytes, FoundFile), Error> {
    let hash = Arc::new(Mutex::new(Sha256::new()));
    let feed = Input {
        input: Box::new(input),
        hash: Arc::clone(&hash),
    };
    let spool = Arc::new(Spool::new(feed));
    let mut n_read = 0;
    while !spool.is_over() {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        spool
            .fill_to(n_read + 1)
            .map_err(Error::io("read standard input"))?;
        n_read = spool.n_kept();
        if n_read > MAX_READ {
            return Err(Error::TooMany(
                "standard input gives more than 8 GiB; write it to a file and open that".to_owned(),
            ));
        }
    }
    let digest = std::mem::take(&mut *hash.lock().unwrap_or_else(PoisonError::into_inner));
    let file = FoundFile {
        name: NAME.to_owned(),
        bytes: n_read,
        sha256: Some(hex(&digest.finalize())),
        ..FoundFile::default()
    };
    Ok((Bytes::Spool(spool), file))
}

/// What comes in, hashed on the way.
struct Input {
    input: Box<dyn std::io::Read + Send>,
    hash: Arc<Mutex<Sha256>>,
}

impl Feed for Input {
    fn next(&mut self, block: &mut Vec<u8>) -> std::io::Result<bool> {
        block.resize(1 << 18, 0);
        let count = loop {
            match self.input.read(block) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        block.truncate(count);
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(block);
        Ok(count > 0)
    }

    fn take_notes(&mut self) -> Vec<Note> {
        Vec::new()
    }

    fn expected(&self, n_kept: u64) -> u64 {
        n_kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_is_kept_and_hashed() {
        let (bytes, file) = read_from(&b"a,b\n1,2\n"[..], &Progress::default()).unwrap();
        assert_eq!(bytes.head(100).unwrap(), b"a,b\n1,2\n");
        assert_eq!((file.bytes, file.name.as_str()), (8, "standard input"));
        let digest = "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470";
        assert_eq!(file.sha256.as_deref(), Some(digest));
    }
}
