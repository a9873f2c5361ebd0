//! A format bound to the columns that are really read.

use super::cell::Cell;
use super::field::Piece;
use super::format::{Decode, Role, StoreFormat};
use super::payload::{decoded, present, stored, wire_bytes, without_keys};
use super::schemas::Schemas;
use crate::event::json::{quote, scan};
use crate::event::{Payload, RawPayload};

/// A piece of a field, with the index of its column among those read.
#[derive(Clone, Debug)]
enum BoundPiece {
    Text(Vec<u8>),
    Column {
        column: usize,
        path: Vec<String>,
        pad: usize,
        /// The text that ends what is taken of it.
        end: Option<Vec<u8>>,
        /// The text after which it begins.
        start: Option<Vec<u8>>,
        decode: Vec<Decode>,
    },
}

/// A column, the path inside it, and how it is decoded.
type Place<'b> = (usize, &'b [String], &'b [Decode]);

/// The place that a field is as it stands; `None` where it is put together or cut.
fn plain_place(field: &[BoundPiece]) -> Option<Place<'_>> {
    match field {
        [
            BoundPiece::Column {
                column,
                path,
                pad: 0,
                end: None,
                start: None,
                decode,
            },
        ] => Some((*column, path, decode)),
        _ => None,
    }
}

/// Some roles of a format and the columns that must be read for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    /// The columns or keys to be read, each once.
    pub(super) columns: Vec<String>,
    /// Each role's fields in the order in which they are tried.
    roles: [Vec<Vec<BoundPiece>>; Role::ALL.len()],
    /// The column that alone, and as it stands, gives a role.
    plain: [Option<usize>; Role::ALL.len()],
    /// Columns whose values are put behind a stream's name, but for those that stand for none.
    qualifiers: Vec<(usize, Vec<String>)>,
    /// Columns that make the payload and the metadata where no role does.
    rest: [Vec<usize>; 2],
    /// Columns that no role reads.
    extra: Vec<usize>,
    /// The column that holds an object of them.
    extra_object: Option<usize>,
    /// The column that says whether the payload is taken for JSON.
    json_flag: Option<usize>,
}

/// The roles that the event log needs.
pub(super) const LOG_ROLES: [Role; 6] = [
    Role::Stream,
    Role::Category,
    Role::Version,
    Role::Type,
    Role::Time,
    Role::Occurred,
];

impl Bound {
    /// Binds the given roles, their columns in the order of the roles.
    pub(super) fn new(format: &StoreFormat, roles: &[Role]) -> Self {
        let mut bound = Self::default();
        // A schema is found by the event's type.
        let by_type = format.schemas.is_some() && roles.contains(&Role::Data);
        let type_too = (by_type && !roles.contains(&Role::Type)).then_some(&Role::Type);
        for role in roles.iter().chain(type_too) {
            for field in format.fields(*role) {
                let pieces = field.pieces.iter();
                let pieces = pieces.map(|piece| bound.piece(piece, format)).collect();
                bound.roles[*role as usize].push(pieces);
            }
        }
        if roles.contains(&Role::Data) {
            bound.json_flag = format.json_flag.as_deref().map(|name| bound.column(name));
        }
        if roles.contains(&Role::Stream) {
            for qualifier in &format.qualify {
                let column = bound.column(&qualifier.column);
                bound.qualifiers.push((column, qualifier.plain.clone()));
            }
        }
        if let Some(rest) = &format.rest {
            let sets = [(Role::Data, &rest.data), (Role::Metadata, &rest.metadata)];
            for (which, (role, names)) in sets.into_iter().enumerate() {
                if roles.contains(&role) {
                    bound.rest[which] = names.iter().map(|name| bound.column(name)).collect();
                }
            }
        }
        for role in Role::ALL {
            bound.plain[role as usize] = bound.find_plain(role);
        }
        bound
    }

    /// Also binds the columns that no role of the format reads, or the one that holds all of those.
    pub(super) fn with_extra<'n>(
        mut self,
        format: &StoreFormat,
        all: impl Iterator<Item = &'n str>,
    ) -> Self {
        if let Some(name) = &format.extra {
            self.extra_object = Some(self.column(name));
            return self;
        }
        for name in all {
            if !format.reads(name) {
                let column = self.column(name);
                self.extra.push(column);
            }
        }
        self
    }

    fn piece(&mut self, piece: &Piece, format: &StoreFormat) -> BoundPiece {
        match piece {
            Piece::Text(text) => BoundPiece::Text(text.clone().into_bytes()),
            Piece::Column { column, path, pad } => BoundPiece::Column {
                column: self.column(column),
                path: path.clone(),
                pad: *pad,
                end: None,
                start: None,
                decode: format.decode.get(column).cloned().unwrap_or_default(),
            },
            Piece::Before { column, path, end } => BoundPiece::Column {
                column: self.column(column),
                path: path.clone(),
                pad: 0,
                end: Some(end.clone().into_bytes()),
                start: None,
                decode: format.decode.get(column).cloned().unwrap_or_default(),
            },
            Piece::After {
                column,
                path,
                start,
            } => BoundPiece::Column {
                column: self.column(column),
                path: path.clone(),
                pad: 0,
                end: None,
                start: Some(start.clone().into_bytes()),
                decode: format.decode.get(column).cloned().unwrap_or_default(),
            },
        }
    }

    /// The index of a column, which is read from now on.
    pub(super) fn column(&mut self, name: &str) -> usize {
        if let Some(at) = self.columns.iter().position(|known| known == name) {
            return at;
        }
        self.columns.push(name.to_owned());
        self.columns.len() - 1
    }

    /// The column that alone, and as it stands, gives a role; `None` where it takes more than that.
    pub(super) fn plain_column(&self, role: Role) -> Option<usize> {
        self.plain[role as usize]
    }

    fn find_plain(&self, role: Role) -> Option<usize> {
        if role == Role::Stream && !self.qualifiers.is_empty() {
            return None;
        }
        let [only] = self.roles[role as usize].as_slice() else {
            return None;
        };
        plain_place(only)
            .filter(|(_, path, decode)| path.is_empty() && decode.is_empty())
            .map(|(column, _, _)| column)
    }

    /// Whether the role is read at all.
    pub(super) fn has(&self, role: Role) -> bool {
        !self.roles[role as usize].is_empty()
    }

    /// What a role reads: the first of its fields that holds something; an empty text counts in the
    /// last of them only. `scratch` keeps the bytes that had to be made on the way.
    pub(super) fn read<'r, 'a: 'r>(
        &self,
        role: Role,
        get: impl Fn(usize) -> Cell<'a>,
        scratch: &'r mut Vec<u8>,
    ) -> Cell<'r> {
        if let Some(column) = self.plain[role as usize] {
            return get(column);
        }
        let is_qualified = role == Role::Stream && !self.qualifiers.is_empty();
        // Several places inside one column cost one decoding.
        let mut last: Option<(usize, Vec<u8>)> = None;
        let fields = &self.roles[role as usize];
        for (n, field) in fields.iter().enumerate() {
            // An empty text counts where nothing else can be tried.
            let is_last = n + 1 == fields.len();
            if let Some((column, path, decode)) = plain_place(field).filter(|_| !is_qualified) {
                let cell = get(column);
                let bytes = match last.take() {
                    Some((known, bytes)) if known == column => Some(bytes),
                    _ => decoded(cell, decode, !path.is_empty()),
                };
                let Some(bytes) = bytes else {
                    let found = cell.at(path);
                    if !found.is_null() && (is_last || found.bytes() != Some(b"")) {
                        return found;
                    }
                    continue;
                };
                if !of_bytes(&bytes).at(path).is_null() {
                    *scratch = bytes;
                    return of_bytes(scratch).at(path);
                }
                last = Some((column, bytes));
                continue;
            }
            scratch.clear();
            let found = put_together(field, &get, scratch);
            if found.is_some() && (is_last || !scratch.is_empty()) {
                if is_qualified {
                    self.qualify(&get, scratch);
                }
                return Cell::Text(scratch);
            }
        }
        Cell::Null
    }

    /// Puts the qualifiers behind a stream's name.
    fn qualify<'a>(&self, get: &impl Fn(usize) -> Cell<'a>, name: &mut Vec<u8>) {
        let mut text = Vec::new();
        for (column, plain) in &self.qualifiers {
            let Some(value) = get(*column).name(&mut text) else {
                continue;
            };
            if !plain.iter().any(|one| one.as_bytes() == value) {
                name.push(b'@');
                name.extend_from_slice(value);
            }
        }
    }

    /// The payload that a role gives, as stored and as presented.
    pub(super) fn payload<'a>(
        &self,
        role: Role,
        get: &impl Fn(usize) -> Cell<'a>,
        format: &StoreFormat,
    ) -> (RawPayload, Payload) {
        let rules = if role == Role::Data {
            format.present.as_slice()
        } else {
            &[]
        };
        for field in &self.roles[role as usize] {
            let Some((column, path, decode)) = plain_place(field) else {
                let mut made = Vec::new();
                if put_together(field, get, &mut made).is_some() {
                    let made = Cell::Text(&made);
                    return (stored(made), present(made, &[], rules));
                }
                continue;
            };
            let whole = get(column);
            let found = whole.at(path);
            if !found.is_null() {
                let shown = leave_out(role, format, present(found, decode, rules));
                return (stored(found), shown);
            }
            // The place is inside what the column is packed from.
            let unpacked = (!path.is_empty()).then(|| decoded(whole, decode, true));
            if let Some(bytes) = unpacked.flatten() {
                let found = of_bytes(&bytes).at(path);
                if !found.is_null() {
                    let shown = leave_out(role, format, present(found, &[], rules));
                    return (stored(whole), shown);
                }
            }
        }
        let rest = &self.rest[usize::from(role == Role::Metadata)];
        if rest.is_empty() || self.has(role) {
            return (RawPayload::default(), Payload::Missing);
        }
        let object = object_of(
            rest.iter()
                .filter_map(|column| Some((self.columns.get(*column)?.as_str(), get(*column)))),
        );
        let raw = RawPayload {
            bytes: Some(object.as_bytes().into()),
        };
        (raw, Payload::Json(object.into()))
    }

    /// The payload by a schema; `None` where none fits it.
    pub(super) fn by_schema<'a>(
        &self,
        schemas: &Schemas,
        get: &impl Fn(usize) -> Cell<'a>,
    ) -> Option<Payload> {
        let mut made = Vec::new();
        let event_type = self.read(Role::Type, get, &mut made).text();
        self.roles[Role::Data as usize].iter().find_map(|field| {
            let (column, path, decode) = plain_place(field)?;
            let found = get(column).at(path);
            let bytes = wire_bytes(found, decode)?;
            let json = schemas.read(event_type.as_deref(), &bytes)?;
            Some(Payload::Json(json.into()))
        })
    }

    /// Whether the store takes the payload for JSON; `None` where it does not say.
    pub(super) fn marked_json<'a>(&self, get: &impl Fn(usize) -> Cell<'a>) -> Option<bool> {
        match get(self.json_flag?) {
            Cell::Int(0) | Cell::Json(b"false") | Cell::Text(b"false") => Some(false),
            Cell::Int(_) | Cell::Json(b"true") | Cell::Text(b"true") => Some(true),
            _ => None,
        }
    }

    /// Whether JSON's null stands where the payload should.
    pub(super) fn has_null_data<'a>(&self, get: &impl Fn(usize) -> Cell<'a>) -> bool {
        self.roles[Role::Data as usize].iter().any(|field| {
            plain_place(field)
                .is_some_and(|(column, path, _)| get(column).at(path) == Cell::Json(b"null"))
        })
    }

    /// The columns that no role reads, with what they hold.
    pub(super) fn extra<'a>(&self, get: &impl Fn(usize) -> Cell<'a>) -> Vec<(String, Payload)> {
        if let Some(column) = self.extra_object {
            return get(column).bytes().map(members).unwrap_or_default();
        }
        let columns = self.extra.iter();
        let named = columns.filter_map(|at| Some((self.columns.get(*at)?, get(*at))));
        named
            .filter(|(_, cell)| !cell.is_null())
            .map(|(name, cell)| (name.clone(), present(cell, &[], &[])))
            .collect()
    }
}

/// The members of an object as columns; what is no object holds none.
fn members(object: &[u8]) -> Vec<(String, Payload)> {
    let mut columns = Vec::new();
    scan::members(object, |key, value| {
        let quoted = [b"\"", key, b"\""].concat();
        let name = scan::string_text(&quoted).map(std::borrow::Cow::into_owned);
        let payload = match scan::string_text(value) {
            Some(text) => Payload::Text(text.into()),
            None => present(Cell::Json(value), &[Decode::Binary], &[]),
        };
        columns.extend(name.map(|name| (name, payload)));
    })
    .ok();
    columns
}

/// Decoded bytes: text where they are that.
fn of_bytes(bytes: &[u8]) -> Cell<'_> {
    match std::str::from_utf8(bytes) {
        Ok(_) => Cell::Text(bytes),
        Err(_) => Cell::Blob(bytes),
    }
}

/// The payload without the members that the format leaves out.
fn leave_out(role: Role, format: &StoreFormat, payload: Payload) -> Payload {
    match payload {
        Payload::Json(text) if role == Role::Data && !format.without.is_empty() => {
            Payload::Json(without_keys(text.into(), &format.without).into())
        }
        payload => payload,
    }
}

/// Writes the pieces of a field one after another; `None` where one of its columns holds nothing.
fn put_together<'a>(
    field: &[BoundPiece],
    get: &impl Fn(usize) -> Cell<'a>,
    out: &mut Vec<u8>,
) -> Option<()> {
    let mut text = Vec::new();
    for piece in field {
        match piece {
            BoundPiece::Text(text) => out.extend_from_slice(text),
            BoundPiece::Column {
                column,
                path,
                pad,
                end,
                start,
                decode,
            } => {
                let whole = get(*column);
                let bytes = decoded(whole, decode, !path.is_empty());
                let cell = bytes.as_deref().map_or(whole, of_bytes);
                let mut value = cell.at(path).name(&mut text)?;
                if let Some(end) = end {
                    let at = memchr::memmem::find(value, end).filter(|at| *at > 0)?;
                    value = value.get(..at)?;
                }
                if let Some(start) = start {
                    let at = memchr::memmem::find(value, start)?;
                    value = value.get(at + start.len()..)?;
                }
                out.extend(std::iter::repeat_n(b'0', pad.saturating_sub(value.len())));
                out.extend_from_slice(value);
            }
        }
    }
    Some(())
}

/// A JSON object of columns: texts that hold an object or array as that, other texts as texts.
fn object_of<'n, 'a>(columns: impl Iterator<Item = (&'n str, Cell<'a>)>) -> String {
    let mut out = String::from("{");
    for (n, (name, cell)) in columns.enumerate() {
        if n > 0 {
            out.push(',');
        }
        quote(name, &mut out);
        out.push(':');
        match present(cell, &[], &[]) {
            Payload::Missing => out.push_str("null"),
            Payload::Json(text) if matches!(cell, Cell::Text(_)) && !is_structured(&text) => {
                quote(&text, &mut out);
            }
            Payload::Json(text) => out.push_str(&text),
            Payload::Text(text) => quote(&text, &mut out),
            Payload::Bytes(_) => quote(&cell.text().unwrap_or_default(), &mut out),
        }
    }
    out.push('}');
    out
}

fn is_structured(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}
