//! Cuts a dump into statements and lines of rows, and hands them to the loader.

use super::load::{Loader, Value};
use super::parse::{Statement, TableName, parse};
use super::rows;
use crate::source::container::input::Input;
use crate::source::error::Error;

/// The longest statement or line.
const MAX_TEXT: usize = 64 << 20;

/// A dump on its way.
pub(super) struct Statements {
    input: Input,
    escapes: bool,
    /// The table whose lines follow.
    copying: Option<Copying>,
}

struct Copying {
    table: TableName,
    columns: Option<Vec<String>>,
    /// Whether the lines can be read.
    is_text: bool,
}

/// Where the end of a statement was looked for, and in what.
enum Place {
    Plain,
    Quote(u8, bool),
    Line,
    Block(u32),
    Dollar(Vec<u8>),
}

impl Statements {
    pub(super) fn new(input: Input, escapes: bool) -> Self {
        Self {
            input,
            escapes,
            copying: None,
        }
    }

    /// Handles the next statement or some lines of rows; how many bytes were read, or `None` at the
    /// end.
    pub(super) fn next(&mut self, loader: &mut Loader<'_>) -> Result<Option<u64>, Error> {
        let goes_on = match self.copying.take() {
            Some(copying) => self.lines(copying, loader)?,
            None => self.statement(loader)?,
        };
        Ok(goes_on.then(|| self.input.offset()))
    }

    /// Some lines of a COPY.
    fn lines(&mut self, copying: Copying, loader: &mut Loader<'_>) -> Result<bool, Error> {
        let failed = Error::io("read the file");
        let mut failed = Some(failed);
        let mut fail = |error| {
            failed
                .take()
                .map_or(Error::Cancelled, |failed| failed(error))
        };
        for _ in 0..1000 {
            let Some((len, ends)) = self.input.line(MAX_TEXT).map_err(&mut fail)? else {
                loader.lost(
                    "line-too-long",
                    &copying.table,
                    "a row is longer than 64 MiB and was left out",
                );
                self.input.skip_line().map_err(&mut fail)?;
                continue;
            };
            let line = self.input.rest().get(..len).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line == b"\\." {
                self.input.skip(len + usize::from(ends));
                return Ok(true);
            }
            if !ends {
                if len > 0 {
                    loader.lost("cut-off-line", &copying.table, "the dump ends inside a row");
                }
                loader.broken("the dump ends inside a table; what came before is read");
                return Ok(false);
            }
            if copying.is_text {
                let values = rows::values(line);
                let values = values
                    .into_iter()
                    .map(|value| value.map_or(Value::Null, Value::Text));
                loader.row(&copying.table, copying.columns.as_deref(), values.collect())?;
            } else {
                loader.lost(
                    "other-copy",
                    &copying.table,
                    "this row is not in the text form of COPY",
                );
            }
            self.input.skip(len + 1);
        }
        self.copying = Some(copying);
        Ok(true)
    }

    /// One statement.
    fn statement(&mut self, loader: &mut Loader<'_>) -> Result<bool, Error> {
        let Some((len, is_whole)) = self.find_end()? else {
            loader.broken("a statement is longer than 64 MiB; what came before is read");
            return Ok(false);
        };
        let text = self.input.rest().get(..len).unwrap_or_default();
        if !is_whole {
            if parse_worthy(text) {
                loader.broken("the dump ends inside a statement");
            }
            return Ok(false);
        }
        match parse(text, self.escapes) {
            Statement::Table {
                name,
                columns,
                part_of,
                keys,
            } => loader.table(&name, columns, part_of, keys)?,
            Statement::Part { of, name } => loader.part(name, of),
            Statement::Key { table, columns } => loader.key(&table, columns),
            Statement::Copy {
                table,
                columns,
                is_text,
            } => {
                self.copying = Some(Copying {
                    table,
                    columns,
                    is_text,
                });
            }
            Statement::Insert {
                table,
                columns,
                mut rows,
            } => {
                while let Some(row) = rows.next() {
                    match row {
                        Ok(values) => loader.row(&table, columns.as_deref(), values)?,
                        Err(()) => loader.lost(
                            "not-a-row",
                            &table,
                            "a row holds something that would have to be computed",
                        ),
                    }
                }
            }
            Statement::Other => {}
        }
        self.input.skip(len);
        if self.copying.is_some() {
            self.input.skip_line().map_err(Error::io("read the file"))?;
        }
        Ok(true)
    }

    /// The length of the next statement, its semicolon counted, and whether it has one; `None` where
    /// it is too long. Lines for `psql` that begin with a backslash are statements of their own.
    fn find_end(&mut self) -> Result<Option<(usize, bool)>, Error> {
        let (mut at, mut place, mut has_begun) = (0, Place::Plain, false);
        loop {
            // Three bytes ahead are looked at, and a dollar quote as far as its name goes.
            if !self
                .input
                .need(at + 80)
                .map_err(Error::io("read the file"))?
                && at >= self.input.rest().len()
            {
                return Ok(Some((at, false)));
            }
            if at > MAX_TEXT {
                return Ok(None);
            }
            let rest = self.input.rest().get(at..).unwrap_or_default();
            if !has_begun && rest.first() == Some(&b'\\') {
                let end = memchr::memchr(b'\n', rest);
                return Ok(Some((at + end.map_or(rest.len(), |end| end + 1), true)));
            }
            has_begun |= matches!(place, Place::Plain)
                && !rest.starts_with(b"--")
                && rest.first().is_some_and(|byte| !byte.is_ascii_whitespace());
            if matches!(place, Place::Plain) && rest.first() == Some(&b';') {
                return Ok(Some((at + 1, true)));
            }
            at += self.escapes_of(rest, &mut place, at);
        }
    }

    /// How far to go on in the text, whatever is quoted there.
    fn escapes_of(&self, rest: &[u8], place: &mut Place, at: usize) -> usize {
        let (next, step) = match place {
            Place::Plain => return plain(rest, place, self.escapes, at, self.input.rest()),
            Place::Quote(quote, escapes) => match memchr::memchr2(*quote, b'\\', rest) {
                // What follows must be at hand.
                Some(end) if end > 0 && end + 1 >= rest.len() => return end,
                Some(end) if rest.get(end) == Some(&b'\\') => {
                    return if *escapes { end + 2 } else { end + 1 };
                }
                Some(end) if rest.get(end + 1) == Some(quote) => return end + 2,
                Some(end) => (Place::Plain, end + 1),
                None => return rest.len(),
            },
            Place::Line => match memchr::memchr(b'\n', rest) {
                Some(end) => (Place::Plain, end + 1),
                None => return rest.len(),
            },
            Place::Block(depth) => match memchr::memchr2(b'*', b'/', rest) {
                Some(end) if end > 0 && end + 1 >= rest.len() => return end,
                Some(end) if rest.get(end..end + 2) == Some(b"*/") => (
                    if *depth == 1 {
                        Place::Plain
                    } else {
                        Place::Block(*depth - 1)
                    },
                    end + 2,
                ),
                Some(end) if rest.get(end..end + 2) == Some(b"/*") => {
                    (Place::Block(*depth + 1), end + 2)
                }
                Some(end) => return end + 1,
                None => return rest.len(),
            },
            Place::Dollar(tag) => match memchr::memmem::find(rest, tag) {
                Some(end) => (Place::Plain, end + tag.len()),
                // The tag may begin at the very end of what is at hand.
                None => return rest.len().saturating_sub(tag.len()).max(1),
            },
        };
        *place = next;
        step
    }
}

/// How far to go on where nothing is quoted.
fn plain(rest: &[u8], place: &mut Place, escapes: bool, at: usize, whole: &[u8]) -> usize {
    match rest.first() {
        Some(b'\'') => {
            let before = |n: usize| at.checked_sub(n).and_then(|at| whole.get(at)).copied();
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            // An E of its own before the quote, not the end of a word.
            let is_e = matches!(before(1), Some(b'E' | b'e')) && !before(2).is_some_and(is_word);
            *place = Place::Quote(b'\'', escapes || is_e);
        }
        Some(quote @ (b'"' | b'`')) => *place = Place::Quote(*quote, false),
        Some(b'-') if rest.starts_with(b"--") => *place = Place::Line,
        Some(b'/') if rest.starts_with(b"/*") => {
            *place = Place::Block(1);
            return 2;
        }
        Some(b'$') => {
            let name = rest.iter().skip(1).take(64).position(|byte| *byte == b'$');
            let tag = name.and_then(|len| rest.get(..len + 2));
            let is_tag = |tag: &&[u8]| {
                tag.get(1..tag.len() - 1)
                    .unwrap_or_default()
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                    && !tag.get(1).is_some_and(u8::is_ascii_digit)
            };
            if let Some(tag) = tag.filter(is_tag) {
                *place = Place::Dollar(tag.to_vec());
                return tag.len();
            }
        }
        // Words need no second look.
        Some(byte) if byte.is_ascii_alphanumeric() => {
            let run = rest
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
            let run = run.count();
            // An E before a quote belongs to it.
            return if rest.get(run) == Some(&b'\'') && run > 1 {
                run
            } else {
                run.max(1)
            };
        }
        _ => {}
    }
    1
}

/// Whether what is left of a dump says anything.
fn parse_worthy(text: &[u8]) -> bool {
    super::tokens::Tokens::new(text, false).next().is_some()
}
