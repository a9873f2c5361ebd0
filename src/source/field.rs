//! Where a role is read: a column or key, a place inside the JSON that it holds, or several of them
//! put together.
//!
//! ```text
//! aggregate_id                    a column or key
//! metadata/correlation_id         a member inside the JSON that a column holds
//! payload/#tag                    the only key of the object there
//! agg_type || '-' || agg_id       several, joined; nothing where one of the columns holds nothing
//! pad3(subsec)                    with zeros in front, up to three digits
//! before(stream_name, '-')        what stands before the first such text; nothing where there is none
//! after(PK, '#')                  what stands after the first such text; nothing where there is none
//! "strange name"/inside           a name in quotes, where it holds a slash, a quote or a bar
//! ```

use serde::{Deserialize, Serialize};

/// The step of a path that stands for the only key of an object.
pub(super) const TAG: &str = "#tag";
/// How the text form of [`Piece::Before`] begins.
const BEFORE: &str = "before(";
/// How the text form of [`Piece::After`] begins.
const AFTER: &str = "after(";

/// A part of a [`Field`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Text(String),
    /// What a column or key holds.
    Column {
        /// Its name; `table.column` for one of a joined table.
        column: String,
        /// The names of members on the way into the JSON that it holds.
        path: Vec<String>,
        /// To how many characters it is filled up with zeros in front.
        pad: usize,
    },
    /// The beginning of what a column or key holds.
    Before {
        /// Its name.
        column: String,
        /// The names of members on the way into the JSON that it holds.
        path: Vec<String>,
        /// The text that ends the beginning; without it, or at the very front, there is nothing.
        end: String,
    },
    /// The end of what a column or key holds.
    After {
        /// Its name.
        column: String,
        /// The names of members on the way into the JSON that it holds.
        path: Vec<String>,
        /// The text that the end follows; without it there is nothing.
        start: String,
    },
}

/// A place from which a role is read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "FieldText", into = "String")]
pub struct Field {
    /// What it is put together of; mostly one column.
    pub pieces: Vec<Piece>,
}

impl Field {
    /// A whole column or key.
    pub fn column(name: &str) -> Self {
        Self::inside(name, &[])
    }

    /// A place inside the JSON that a column or key holds.
    pub fn inside(name: &str, path: &[&str]) -> Self {
        let piece = Piece::Column {
            column: name.to_owned(),
            path: path.iter().map(|step| (*step).to_owned()).collect(),
            pad: 0,
        };
        Self {
            pieces: vec![piece],
        }
    }

    /// Text that is the same for every record.
    pub fn text(text: &str) -> Self {
        Self {
            pieces: vec![Piece::Text(text.to_owned())],
        }
    }

    /// Reads the text form; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim();
        let mut pieces = Vec::new();
        loop {
            let (piece, after) = piece(rest)?;
            pieces.push(piece);
            rest = after.trim_start();
            if rest.is_empty() {
                return Ok(Self { pieces });
            }
            rest = rest
                .strip_prefix("||")
                .ok_or_else(|| format!("\"{rest}\" follows without || before it"))?
                .trim_start();
        }
    }

    /// The columns or keys that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Column { column, .. }
            | Piece::Before { column, .. }
            | Piece::After { column, .. } => Some(column.as_str()),
        })
    }

    /// The column or key, where the field is one as it stands.
    pub fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [
                Piece::Column {
                    column,
                    path,
                    pad: 0,
                },
            ] if path.is_empty() => Some(column),
            _ => None,
        }
    }
}

/// The first piece of a text, and what follows it.
fn piece(text: &str) -> Result<(Piece, &str), String> {
    if let Some(inner) = text.strip_prefix('\'') {
        let (text, rest) = quoted(inner, '\'')?;
        return Ok((Piece::Text(text), rest));
    }
    if let Some(inner) = text.strip_prefix(BEFORE) {
        let (column, path, end, rest) = cut_at(inner)?;
        return Ok((Piece::Before { column, path, end }, rest));
    }
    if let Some(inner) = text.strip_prefix(AFTER) {
        let (column, path, start, rest) = cut_at(inner)?;
        let piece = Piece::After {
            column,
            path,
            start,
        };
        return Ok((piece, rest));
    }
    if let Some((pad, inner)) = padded(text) {
        let (column, path, rest) = column(inner.trim_start())?;
        let rest = rest.trim_start().strip_prefix(')');
        let rest = rest.ok_or("a bracket is not closed")?;
        return Ok((Piece::Column { column, path, pad }, rest));
    }
    let (column, path, rest) = column(text)?;
    let piece = Piece::Column {
        column,
        path,
        pad: 0,
    };
    Ok((piece, rest))
}

type CutAndRest<'a> = (String, Vec<String>, String, &'a str);

/// What follows `before(` and `after(`.
fn cut_at(inner: &str) -> Result<CutAndRest<'_>, String> {
    let (column, path, rest) = column(inner.trim_start())?;
    let rest = rest.trim_start().strip_prefix(',').map(str::trim_start);
    let rest = rest.and_then(|rest| rest.strip_prefix('\''));
    let rest = rest.ok_or("before( and after( need a comma and a text in single quotes")?;
    let (text, rest) = quoted(rest, '\'')?;
    let rest = rest.trim_start().strip_prefix(')');
    let rest = rest.ok_or("a bracket is not closed")?;
    if text.is_empty() {
        return Err("before( and after( need a text that is not empty".to_owned());
    }
    Ok((column, path, text, rest))
}

/// `pad3(…`: the width, and what follows the bracket.
fn padded(text: &str) -> Option<(usize, &str)> {
    let digits = text.strip_prefix("pad")?;
    let (width, rest) = digits.split_once('(')?;
    let width = width
        .parse()
        .ok()
        .filter(|width| (1..=18).contains(width))?;
    Some((width, rest))
}

type ColumnAndRest<'a> = (String, Vec<String>, &'a str);

fn column(text: &str) -> Result<ColumnAndRest<'_>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        let (step, after) = step(rest)?;
        steps.push(step);
        rest = after;
        match rest.strip_prefix('/') {
            Some(more) => rest = more,
            None => break,
        }
    }
    let path = steps.split_off(1);
    Ok((steps.pop().unwrap_or_default(), path, rest))
}

fn step(text: &str) -> Result<(String, &str), String> {
    if let Some(inner) = text.strip_prefix('"') {
        return quoted(inner, '"');
    }
    let end = text
        .find("||")
        .into_iter()
        .chain(text.find(['/', ')', ',']))
        .min()
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let name = name.trim_end();
    if name.is_empty() {
        return Err("the name of a column or key is missing".to_owned());
    }
    if name.contains(['\'', '"']) {
        return Err(format!("the name {name} needs double quotes around it"));
    }
    Ok((name.to_owned(), rest))
}

/// Text up to the closing quote, doubled ones standing for one; and what follows.
fn quoted(text: &str, quote: char) -> Result<(String, &str), String> {
    let mut inner = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            inner.push(c);
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        if !rest.starts_with(quote) {
            return Ok((inner, rest));
        }
        inner.push(quote);
        chars.next();
    }
    Err(format!("a quote {quote} is not closed"))
}

/// The two forms in which a field is written in TOML.
#[derive(Deserialize)]
#[serde(untagged)]
enum FieldText {
    Short(String),
    Long {
        column: String,
        #[serde(default)]
        path: Vec<String>,
    },
}

impl TryFrom<FieldText> for Field {
    type Error = String;

    fn try_from(text: FieldText) -> Result<Self, String> {
        match text {
            FieldText::Short(text) => Self::parse(&text),
            FieldText::Long { column, path } => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                Ok(Self::inside(&column, &path))
            }
        }
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.to_string()
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, piece) in self.pieces.iter().enumerate() {
            if n > 0 {
                f.write_str(" || ")?;
            }
            match piece {
                Piece::Text(text) => write!(f, "'{}'", text.replace('\'', "''"))?,
                Piece::Column { column, path, pad } => {
                    if *pad > 0 {
                        write!(f, "pad{pad}(")?;
                    }
                    write_path(f, column, path)?;
                    if *pad > 0 {
                        f.write_str(")")?;
                    }
                }
                Piece::Before { column, path, end } => {
                    f.write_str(BEFORE)?;
                    write_path(f, column, path)?;
                    write!(f, ", '{}')", end.replace('\'', "''"))?;
                }
                Piece::After {
                    column,
                    path,
                    start,
                } => {
                    f.write_str(AFTER)?;
                    write_path(f, column, path)?;
                    write!(f, ", '{}')", start.replace('\'', "''"))?;
                }
            }
        }
        Ok(())
    }
}

fn write_path(f: &mut std::fmt::Formatter<'_>, column: &str, path: &[String]) -> std::fmt::Result {
    write_step(f, column)?;
    for step in path {
        f.write_str("/")?;
        write_step(f, step)?;
    }
    Ok(())
}

/// A name, in quotes where the grammar would read it otherwise.
fn write_step(f: &mut std::fmt::Formatter<'_>, name: &str) -> std::fmt::Result {
    let is_plain = !name.is_empty()
        && name.trim() == name
        && !name.contains(['/', '\'', '"', ')', ','])
        && !name.contains("||")
        && !name.starts_with(BEFORE)
        && !name.starts_with(AFTER)
        && padded(name).is_none();
    if is_plain {
        f.write_str(name)
    } else {
        write!(f, "\"{}\"", name.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_read_as_they_are_written() {
        for (text, expected) in [
            ("aggregate_id", Field::column("aggregate_id")),
            ("case:concept:name", Field::column("case:concept:name")),
            ("state/timestamp", Field::inside("state", &["timestamp"])),
            ("\"a/b\"/\"c\"\"d\"", Field::inside("a/b", &["c\"d"])),
            ("'it''s'", Field::text("it's")),
        ] {
            assert_eq!(Field::parse(text), Ok(expected), "{text}");
        }
        let both = Field::parse("agg_type || '-' ||agg_id").expect("an expression");
        assert_eq!(both.to_string(), "agg_type || '-' || agg_id");
        assert_eq!(both.columns().collect::<Vec<_>>(), ["agg_type", "agg_id"]);
        let padded = Field::parse("s || '.' || pad3( ms )").expect("a padded column");
        assert_eq!(padded.to_string(), "s || '.' || pad3(ms)");
        let head = Field::parse("before( data/name ,'''' )").expect("a beginning");
        assert_eq!(head.to_string(), "before(data/name, '''')");
        assert_eq!(head.columns().collect::<Vec<_>>(), ["data"]);
        let tail = Field::parse("after(PK,'#' )").expect("an end");
        assert_eq!(tail.to_string(), "after(PK, '#')");
    }

    #[test]
    fn what_is_no_field_is_refused_in_a_sentence() {
        for text in [
            "",
            "a ||",
            "|| b",
            "'open",
            "\"open",
            "a//b",
            "it's",
            "pad3(x",
            "before(x)",
            "before(x, '')",
            "before(x, '-'",
        ] {
            assert!(Field::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_column_and_path_survive_their_text(column in "\\PC{1,8}", path in prop::collection::vec("\\PC{1,8}", 0..3), text in "\\PC{0,5}") {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let mut field = Field::inside(&column, &path);
            field.pieces.push(Piece::Text(text));
            prop_assert_eq!(Field::parse(&field.to_string()), Ok(field));
        }
    }
}
