//! A folder whose files are one history: partitions and chunks of a server, exports with their list of
//! files. Names only say which files belong to it; what is in them is found out as ever.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Source;
use super::container::table_name;
use super::error::Error;
use super::md5::Md5;
use super::progress::Progress;
use crate::event::json::scan;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 12;
/// How many files are looked at.
const MAX_FILES: usize = 100_000;
/// How many files are opened together.
const MAX_OPEN: usize = 512;
/// The longest list of files.
const MAX_LIST: u64 = 16 << 20;

/// A folder as an input.
#[derive(Clone, Debug)]
pub struct FolderInput {
    /// The files in it that hold events, in order.
    pub source: Source,
    /// How many records there are by the list that lies with them.
    pub expected: Option<u64>,
    /// The files for which the list says more than their names.
    pub listed: Vec<ListedFile>,
}

/// A file as the list beside it has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// The MD5 of its bytes.
    pub md5: [u8; 16],
}

impl ListedFile {
    /// Whether the file still has the bytes that the list says. Reads it once; ends early, with an error,
    /// when the work is cancelled.
    pub fn is_as_listed(&self, progress: &Progress) -> Result<bool, Error> {
        let mut file = fs::File::open(&self.path).map_err(Error::io("read a listed file"))?;
        let (mut md5, mut buffer) = (Md5::new(), vec![0; 1 << 18]);
        loop {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            match file.read(&mut buffer) {
                Ok(0) => return Ok(md5.finish() == self.md5),
                Ok(count) => md5.update(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io("read a listed file")(error)),
            }
        }
    }
}

/// The files of a folder that are one history; `None` where the input is no folder.
///
/// Costs a walk over the folder. A folder of anything else is refused.
pub fn folder_input(source: &Source) -> Result<Option<FolderInput>, Error> {
    let Source::File(path) = source else {
        return Ok(None);
    };
    if !path.is_dir() {
        return Ok(None);
    }
    let mut files = Vec::new();
    walk(path, 0, &mut files)?;
    files.sort();
    let list = listed(&files)?;
    let expected = list.as_ref().map(|list| list.n_items);
    let (chosen, sums) = match list {
        Some(list) => (list.files, list.sums),
        None => (named(&files), Vec::new()),
    };
    if chosen.is_empty()
        && let Some(tables) = tables(&files)
    {
        let source = Source::Tables(tables);
        return Ok(Some(FolderInput {
            source,
            expected: None,
            listed: Vec::new(),
        }));
    }
    if chosen.len() > MAX_OPEN {
        return Err(Error::TooMany(format!(
            "this folder holds {} files of one history, and {MAX_OPEN} can be opened together; open a part of them",
            chosen.len()
        )));
    }
    let source = match chosen.as_slice() {
        [] => return Err(Error::Folder),
        [only] => Source::File(only.clone()),
        _ => Source::Several(chosen.into_iter().map(Source::File).collect()),
    };
    Ok(Some(FolderInput {
        source,
        expected,
        listed: sums,
    }))
}

/// All files below a folder; links are not followed.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("look into the folder"))?;
    for entry in entries {
        let entry = entry.map_err(Error::io("look into the folder"))?;
        let kind = entry
            .file_type()
            .map_err(Error::io("look into the folder"))?;
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() {
            if files.len() >= MAX_FILES {
                return Err(Error::TooMany(
                    "this folder holds too many files to be looked at".to_owned(),
                ));
            }
            files.push(entry.path());
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// What an export lists.
struct List {
    files: Vec<PathBuf>,
    n_items: u64,
    sums: Vec<ListedFile>,
}

/// What an export of DynamoDB lists: its files, how many items there are in all, and checksums.
fn listed(files: &[PathBuf]) -> Result<Option<List>, Error> {
    let Some(list) = files
        .iter()
        .find(|file| name_of(file) == "manifest-files.json")
    else {
        return Ok(None);
    };
    let about = fs::metadata(list).map_err(Error::io("read the list of files"))?;
    if about.len() > MAX_LIST {
        return Err(Error::TooMany(
            "the export's list of files is too long".to_owned(),
        ));
    }
    let text = fs::read(list).map_err(Error::io("read the list of files"))?;
    let mut all = List {
        files: Vec::new(),
        n_items: 0,
        sums: Vec::new(),
    };
    for line in text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
    {
        let key = scan::find(line, &["dataFileS3Key"]).and_then(scan::string_text);
        let wanted = key
            .as_deref()
            .and_then(|key| key.rsplit('/').next())
            .unwrap_or_default();
        let found = files.iter().find(|file| name_of(file) == wanted);
        let Some(found) = found else {
            return Err(Error::NoEvents(format!(
                "the export's list names the file {wanted}, which is not in this folder"
            )));
        };
        let count = scan::find(line, &["itemCount"]);
        let count = count.and_then(|raw| std::str::from_utf8(raw).ok()?.parse().ok());
        all.n_items = all.n_items.saturating_add(count.unwrap_or(0));
        all.files.push(found.clone());
        let sum = scan::find(line, &["md5Checksum"]).and_then(scan::string_text);
        let sum = sum.and_then(|text| STANDARD.decode(text.as_bytes()).ok()?.try_into().ok());
        all.sums.extend(sum.map(|md5| ListedFile {
            path: found.clone(),
            md5,
        }));
    }
    Ok(Some(all))
}

/// The files of a server's log by their names: the newest of each chunk, segments, log files.
fn named(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut chunks: BTreeMap<&str, &PathBuf> = BTreeMap::new();
    for file in files {
        // The files are sorted, so that the last of a number is the newest.
        if let Some(number) = chunk_number(name_of(file)) {
            chunks.insert(number, file);
        }
    }
    if !chunks.is_empty() {
        return chunks.into_values().cloned().collect();
    }
    let all = |fits: &dyn Fn(&str) -> bool| -> Vec<PathBuf> {
        let holds_something =
            |file: &&PathBuf| fs::metadata(file).is_ok_and(|about| about.len() > 0);
        let chosen = files.iter().filter(|file| fits(name_of(file)));
        chosen.filter(holds_something).cloned().collect()
    };
    let segments = all(&is_segment);
    if !segments.is_empty() {
        return segments;
    }
    all(&|name| {
        let stem = name
            .strip_suffix(".json.gz")
            .or_else(|| name.strip_suffix(".json"));
        stem.is_some_and(|stem| stem.contains("_CloudTrail_") && !stem.contains('.'))
    })
}

/// The tables of a store whose events lie in several of them, where they are all there as texts.
fn tables(files: &[PathBuf]) -> Option<Vec<PathBuf>> {
    /// For each such store the tables that it must have; others of the folder come along.
    const STORES: [&[&str]; 3] = [
        &["events", "stream_events", "streams"],
        &["mt_events", "mt_streams"],
        &["messages", "streams"],
    ];
    let is_text = |path: &&PathBuf| {
        let name = name_of(path);
        [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zst"]
            .iter()
            .any(|ending| name.ends_with(ending))
    };
    let texts: Vec<&PathBuf> = files.iter().filter(is_text).collect();
    let has = |table: &&str| {
        let mut names = texts.iter().map(|path| table_name(name_of(path)));
        names.any(|name| name.eq_ignore_ascii_case(table))
    };
    let is_store = STORES.iter().any(|store| store.iter().all(has));
    is_store.then(|| texts.into_iter().cloned().collect())
}

/// The number in `chunk-000012.000003`.
fn chunk_number(name: &str) -> Option<&str> {
    let (number, version) = name.strip_prefix("chunk-")?.split_once('.')?;
    let is_number = |text: &str| text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(number) && is_number(version)).then_some(number)
}

/// Whether a name is that of a segment: twenty digits and `.log`.
fn is_segment(name: &str) -> bool {
    name.strip_suffix(".log")
        .is_some_and(|stem| stem.len() == 20 && stem.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_each_chunk_is_read() {
        let files = [
            "chunk-000000.000000",
            "chunk-000000.000002",
            "chunk-000001.000000",
            "writer.chk",
        ];
        let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        let expected: Vec<PathBuf> = files[1..3].to_vec();
        assert_eq!(named(&files), expected);
    }
}
