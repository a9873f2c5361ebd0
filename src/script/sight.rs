//! What a function of a script can see of an event, told from its source text.
//!
//! An event costs as much as is made of it. Most handlers use their event as `e.eventType` or
//! `e.data.total` and in no other way; for those an event needs to have no more than that. The text is
//! not parsed: whatever is not clearly such a use counts as a look at everything, so that a wrong
//! answer costs time and never a result. Uses in comments and texts count as uses, too.

/// What an event can be asked for.
pub(super) const NAMES: [&str; 15] = [
    "streamId",
    "sequenceNumber",
    "eventType",
    "isJson",
    "bodyRaw",
    "eventId",
    "metadataRaw",
    "linkMetadataRaw",
    "partition",
    "category",
    "created",
    "body",
    "data",
    "metadata",
    "linkMetadata",
];

/// What is told by its payload.
const PAYLOAD: [&str; 4] = ["isJson", "bodyRaw", "body", "data"];
/// What is told by its id and metadata, and by those of a link.
const REST: [&str; 5] = [
    "eventId",
    "metadataRaw",
    "metadata",
    "linkMetadataRaw",
    "linkMetadata",
];

/// Members that every object has: what a payload without them shows is not nothing.
const INHERITED: [&str; 7] = [
    "constructor",
    "toString",
    "toLocaleString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
];

/// The most members of a payload that are picked one by one.
const MAX_MEMBERS: usize = 16;

/// What a function can see of the event that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// The function does not take it.
    Nothing,
    /// These properties, as they are read.
    Fields(Fields),
    /// It may do anything with it.
    Everything,
}

/// The properties that a function reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    /// Which of [`NAMES`], bit by bit.
    names: u16,
    /// Members of the payload that are read.
    members: Vec<Box<str>>,
    /// Whether the payload is looked at in any other way.
    takes_whole: bool,
}

impl Sight {
    /// What a function sees of its parameter of that index, counted from 0.
    pub(super) fn of(source: &str, parameter: usize) -> Self {
        // An escape may stand for any letter of a name; what is built in shows no text.
        let unclear = ["\\u", "arguments", "[native code]"];
        if unclear.iter().any(|words| source.contains(words)) {
            return Self::Everything;
        }
        let Some((parameters, body)) = head(source) else {
            return Self::Everything;
        };
        let Some(name) = parameters.get(parameter) else {
            return Self::Nothing;
        };
        let mut text = Body {
            text: body,
            aliases: Vec::new(),
            fields: Fields::default(),
        };
        if text.event(name).is_none() || text.aliases().is_none() {
            return Self::Everything;
        }
        if text.fields.names == 0 {
            return Self::Nothing;
        }
        Self::Fields(text.fields)
    }

    /// Whether it sees anything.
    pub(super) fn is_some(&self) -> bool {
        *self != Self::Nothing
    }

    /// Whether it may see a property of the event.
    pub(super) fn sees(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Fields(fields) => fields.has(name),
            Self::Everything => true,
        }
    }

    /// Whether the payload must be read for it.
    pub(super) fn sees_payload(&self) -> bool {
        PAYLOAD.iter().any(|name| self.sees(name))
    }

    /// Whether it names what stands outside of the payload; `false` where that is not known.
    pub(super) fn names_rest(&self) -> bool {
        *self != Self::Everything && REST.iter().any(|name| self.sees(name))
    }
}

impl Fields {
    fn bit(name: &str) -> Option<u16> {
        let at = NAMES.iter().position(|known| *known == name)?;
        Some(1 << at)
    }

    /// Whether a property is read.
    pub(super) fn has(&self, name: &str) -> bool {
        Self::bit(name).is_some_and(|bit| self.names & bit != 0)
    }

    /// The members of the payload that are read, where nothing else of it is.
    pub(super) fn members(&self) -> Option<&[Box<str>]> {
        (!self.takes_whole).then_some(&self.members)
    }

    fn take_member(&mut self, name: &str) {
        let is_plain = !INHERITED.contains(&name) && !name.starts_with("__");
        if !is_plain || self.members.len() >= MAX_MEMBERS {
            self.takes_whole = true;
        } else if !self.members.iter().any(|known| **known == *name) {
            self.members.push(name.into());
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 128
}

/// Whether a text is a name of plain letters.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| is_word(byte) && byte < 128)
        && !text.as_bytes()[0].is_ascii_digit()
}

/// The parameters of a function and the text behind them, where all of them are plain names.
fn head(source: &str) -> Option<(Vec<&str>, &str)> {
    let source = source.trim_start();
    let word = |text: &str| text.bytes().take_while(|byte| is_word(*byte)).count();
    let first = &source[..word(source)];
    let mut rest = source[first.len()..].trim_start();
    if first == "async" || first == "class" {
        return None;
    }
    if first == "function" {
        rest = rest[word(rest)..].trim_start();
    } else if let Some(body) = rest.strip_prefix("=>") {
        return is_name(first).then(|| (vec![first], body));
    } else if first.is_empty()
        && let Some(quote) = source.bytes().next().filter(|c| matches!(c, b'"' | b'\''))
    {
        // A method whose name is a text.
        let name_end = source[1..].find(char::from(quote))?;
        if source[1..=name_end].contains('\\') {
            return None;
        }
        rest = source[name_end + 2..].trim_start();
    }
    let (parameters, body) = rest.strip_prefix('(')?.split_once(')')?;
    let parameters = parameters.trim().trim_end_matches(',');
    if parameters.is_empty() {
        return Some((Vec::new(), body));
    }
    let parameters: Vec<&str> = parameters.split(',').map(str::trim).collect();
    parameters
        .iter()
        .all(|name| is_name(name))
        .then_some((parameters, body))
}

/// A function's text, walked for uses of its event.
struct Body<'t> {
    text: &'t str,
    /// Names that stand for the payload, each with where that is said.
    aliases: Vec<(&'t str, usize)>,
    fields: Fields,
}

impl<'t> Body<'t> {
    /// Where a name stands as a word of its own and no member; `None` for one that touches a letter
    /// that may be a space.
    fn uses(&self, name: &str) -> Option<Vec<usize>> {
        let bytes = self.text.as_bytes();
        let mut found = Vec::new();
        for (at, _) in self.text.match_indices(name) {
            let before = at.checked_sub(1).map_or(b' ', |at| bytes[at]);
            let after = bytes.get(at + name.len()).copied().unwrap_or(b' ');
            if before >= 128 || after >= 128 {
                return None;
            }
            let is_member = before == b'.' && !self.text[..at].ends_with("..");
            if !is_word(before) && !is_word(after) && !is_member {
                found.push(at);
            }
        }
        Some(found)
    }

    /// The member that is read right behind `at`, and where it ends.
    fn member(&self, at: usize) -> Option<(&'t str, usize)> {
        let rest = self.text[at..].trim_start();
        let rest = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'))?;
        let rest = rest.trim_start();
        let len = rest.bytes().take_while(|byte| is_word(*byte)).count();
        let name = rest.get(..len)?;
        is_name(name).then(|| (name, self.text.len() - rest.len() + len))
    }

    /// Walks all uses of the event; `None` where one is no plain read of a property.
    fn event(&mut self, event: &str) -> Option<()> {
        for at in self.uses(event)? {
            let (name, end) = self.member(at + event.len())?;
            self.fields.names |= Fields::bit(name)?;
            if matches!(name, "data" | "body") {
                self.payload(at, end);
            }
        }
        Some(())
    }

    /// Walks all uses of the names that stand for the payload; `None` where one is written strangely.
    fn aliases(&mut self) -> Option<()> {
        let mut known: Vec<&str> = Vec::new();
        while let Some((name, said_at)) = self.aliases.pop() {
            if known.contains(&name) {
                self.fields.takes_whole = true;
                break;
            }
            known.push(name);
            for at in self.uses(name)? {
                if at != said_at {
                    self.payload(at, at + name.len());
                }
            }
        }
        Some(())
    }

    /// A use of the payload, which is written from `start` to `end`.
    fn payload(&mut self, start: usize, end: usize) {
        if let Some((member, _)) = self.member(end) {
            self.fields.take_member(member);
        } else if !self.is_asked_whether(start, end) && self.is_named(start, end).is_none() {
            self.fields.takes_whole = true;
        }
    }

    /// The text before a use on the same line, so that no comment can lie between.
    fn before(&self, start: usize) -> &'t str {
        self.text[..start].trim_end_matches([' ', '\t'])
    }

    /// Whether only that is looked at: is there a payload?
    fn is_asked_whether(&self, start: usize, end: usize) -> bool {
        let (before, after) = (self.before(start), self.text[end..].trim_start());
        let is_denied = before.ends_with('!');
        let begins = is_denied
            || before.ends_with(['(', ';', '{', ','])
            || ["&&", "||", "=>"].iter().any(|sign| before.ends_with(sign))
            || last_word(before).1 == "return";
        let asks = (after.starts_with("&&") && !after.starts_with("&&="))
            || (after.starts_with('?') && !after.starts_with("?.") && !after.starts_with("??"));
        let is_condition = before.strip_suffix('(').is_some_and(|before| {
            let (before, word) = last_word(before.trim_end_matches([' ', '\t']));
            word == "if" && !before.ends_with('.')
        });
        (begins && asks)
            || (is_denied && after.starts_with([')', ';', ',', '}', ':', '|']))
            || (is_condition && after.starts_with(')'))
    }

    /// Whether the payload is given a name, or taken apart into names of its members: then those are
    /// noted.
    fn is_named(&mut self, start: usize, end: usize) -> Option<()> {
        let after = &self.text[end..];
        let next = after.trim_start();
        let is_next_line = after[..after.len() - next.len()].contains('\n')
            && next
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_alphabetic())
            && !next.starts_with("in");
        if !next.starts_with(';') && !is_next_line {
            return None;
        }
        let target = self.before(start).strip_suffix('=')?;
        let target = target.trim_end_matches([' ', '\t']);
        if let Some(inner) = target.strip_suffix('}') {
            let (before, names) = inner.rsplit_once('{')?;
            is_declared(before).then_some(())?;
            let mut members = Vec::new();
            for name in names.trim().trim_end_matches(',').split(',') {
                let (member, local) = name.split_once(':').unwrap_or((name, "x"));
                (is_name(member.trim()) && is_name(local.trim())).then_some(())?;
                members.push(member.trim());
            }
            for name in members {
                self.fields.take_member(name);
            }
            return Some(());
        }
        let (before, name) = last_word(target);
        (is_name(name) && is_declared(before)).then_some(())?;
        self.aliases.push((name, before.len()));
        Some(())
    }
}

/// The last word of a text, and what stands before it.
fn last_word(text: &str) -> (&str, &str) {
    let len = text.bytes().rev().take_while(|byte| is_word(*byte)).count();
    text.split_at(text.len() - len)
}

/// Whether a text ends with what declares a variable.
fn is_declared(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', '\t']);
    let (_, word) = last_word(trimmed);
    matches!(word, "const" | "let" | "var")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(source: &str) -> Fields {
        match Sight::of(source, 1) {
            Sight::Fields(fields) => fields,
            other => panic!("{source}: {other:?}"),
        }
    }

    #[test]
    fn plain_reads_of_properties_are_all_that_is_seen() {
        for source in [
            "(s, e) => { s[e.eventType] = (s[e.eventType] || 0) + 1; }",
            "function (s, e) { s.n = e\n  .eventType; s.e = 1; }",
            "Paid(s, e) { s.e.x = e.eventType }",
            "'a b'(s, e) { s[`x${e.eventType}`] = 1 }",
            "function $any(s, e,) { return e?.eventType }",
        ] {
            let found = fields(source);
            assert!(found.has("eventType"), "{source}");
            assert!(!found.has("data") && !found.has("streamId"), "{source}");
        }
        assert_eq!(Sight::of("s => { s.n++ }", 1), Sight::Nothing);
        assert!(Sight::of("e => e.streamId", 0).sees("streamId"));
    }

    #[test]
    fn members_of_the_payload_are_told_where_nothing_else_of_it_is_used() {
        for source in [
            "(s, e) => { s.sum += e.data.total; if (e.body.status === 'x') s.n++; }",
            "(s, e) => { const d = e.data; s.sum += d.total; s.n += d?.status }",
            "(s, e) => { if (!e.data) return; const { total, status: x } = e.data;\n s.n = total + x }",
            "(s, e) => { if (e.data) s.n += e.data.total; return e.data && e.data.status }",
            "(s, e) => { let d = e.body\n s.d.x = d.total; d.status = 1 }",
        ] {
            let found = fields(source);
            let members: Option<Vec<&str>> = found
                .members()
                .map(|members| members.iter().map(|name| &**name).collect());
            assert_eq!(members, Some(vec!["total", "status"]), "{source}");
        }
    }

    #[test]
    fn a_payload_that_goes_anywhere_else_is_whole() {
        for source in [
            "(s, e) => { s.last = e.data; }",
            "(s, e) => { walk(e.data); }",
            "(s, e) => { s.n = e.data[s.key]; }",
            "(s, e) => { for (const k in e.data) s[k] = 1; }",
            "(s, e) => { s.x = 'a' in e.data && 1; }",
            "(s, e) => { const d = e.data; s.x = { ...d }; }",
            "(s, e) => { const d = e.data, f = d; }",
            "(s, e) => { let d = e.data; [d] = [1]; s.all = d; }",
            "(s, e) => { const { total, ...rest } = e.data; s.r = rest; }",
            "(s, e) => { const { total = 1 } = e.data; s.r = total; }",
            "(s, e) => { s.x = e.data.toString(); }",
            "(s, e) => { s.x = e.data ?? {}; }",
            "(s, e) => { s.x = (e.data || {}).total; }",
            "(s, e) => { s.x = k in // (\n e.data && 1; }",
            "(s, e) => ({ ...e.data })",
            "(s, e) => e.data",
            "(s, e) => f(e.data)",
        ] {
            assert_eq!(fields(source).members(), None, "{source}");
        }
    }

    #[test]
    fn whatever_is_unclear_may_see_everything() {
        for source in [
            "(s, e) => { s.last = e; }",
            "(s, e) => { f(e); }",
            "(s, e) => { s.x = { ...e }; }",
            "(s, e) => { s.x = { e }; }",
            "(s, e) => { s.x = e[s.key]; }",
            "(s, e) => { s.x = e.foo; }",
            "(s, e) => { s.x = e /* .data */ [s.key]; }",
            "(s, e) => { s.x = \\u0065.foo; }",
            "(s, e) => { s.x = arguments[1]; }",
            "(s, e) => { s.x = 'e' in e; }",
            "(s, { data }) => { s.x = data; }",
            "(s, e = 1) => { s.x = e.data; }",
            "(s, ...r) => { s.x = r[0]; }",
            "(...r) => { r[1].x }",
            "async (s, e) => { s.x = e.data; }",
            "async function (s, e) { s.x = e.data; }",
            "function* (s, e) { s.x = e.data; }",
            "['a'](s, e) { s.x = e.data; }",
            "(s, /* the event */ e) => { s.x = e.data; }",
            "(s, e) => { s.x =\u{a0}e\u{a0}[0]; }",
            "class A {}",
            "",
        ] {
            assert_eq!(Sight::of(source, 1), Sight::Everything, "{source}");
        }
    }
}
