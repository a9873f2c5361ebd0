//! A mapping written as TOML, so that `--mapping` and the dialog read it back as it was.

use super::format::{Decode, Fields, MappingOverride};
use crate::event::TimeUnit;

impl MappingOverride {
    /// The mapping as TOML, with roles in a fixed order; [`Self::parse`] gives the same mapping again.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let mut line = |name: &str, value: &str| {
            out.push_str(name);
            out.push_str(" = ");
            out.push_str(value);
            out.push('\n');
        };
        if let Some(table) = &self.table {
            line("table", &quoted(table));
        }
        if let Some(keyed) = self.keyed_by_category {
            line("keyed_by_category", if keyed { "true" } else { "false" });
        }
        if let Some(unit) = self.time_unit {
            line("time_unit", &quoted(unit_word(unit.0)));
        }
        if !self.schemas.is_empty() {
            let paths = self
                .schemas
                .iter()
                .map(|path| quoted(&path.to_string_lossy()));
            let paths: Vec<String> = paths.collect();
            line("schemas", &format!("[{}]", paths.join(", ")));
        }
        if !self.roles.is_empty() {
            out.push_str("\n[roles]\n");
            for (role, fields) in &self.roles {
                out.push_str(role.name());
                out.push_str(" = ");
                out.push_str(&places(fields));
                out.push('\n');
            }
        }
        if !self.messages.is_empty() {
            out.push_str("\n[messages]\n");
            for (event_type, message) in &self.messages {
                out.push_str(&quoted(event_type));
                out.push_str(" = ");
                out.push_str(&quoted(message));
                out.push('\n');
            }
        }
        if !self.decode.is_empty() {
            out.push_str("\n[decode]\n");
            for (column, steps) in &self.decode {
                let words: Vec<String> =
                    steps.iter().map(|step| quoted(step_word(*step))).collect();
                out.push_str(&quoted(column));
                out.push_str(" = [");
                out.push_str(&words.join(", "));
                out.push_str("]\n");
            }
        }
        out
    }
}

/// The places of a role; an empty list where the role is left open on purpose.
fn places(fields: &Fields) -> String {
    let texts: Vec<String> = fields
        .0
        .iter()
        .map(|field| quoted(&field.to_string()))
        .collect();
    match texts.as_slice() {
        [only] => only.clone(),
        _ => format!("[{}]", texts.join(", ")),
    }
}

fn unit_word(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Auto => "auto",
        TimeUnit::S => "s",
        TimeUnit::Ms => "ms",
        TimeUnit::Us => "us",
        TimeUnit::Ns => "ns",
        TimeUnit::Ticks => "ticks",
        TimeUnit::Julian => "julian",
        TimeUnit::Ulid => "ulid",
        TimeUnit::Uuid7 => "uuid7",
        TimeUnit::Uuid1 => "uuid1",
    }
}

fn step_word(step: Decode) -> &'static str {
    match step {
        Decode::Auto => "auto",
        Decode::Lower => "lower",
        Decode::Binary => "binary",
        Decode::Zlib => "zlib",
        Decode::Gzip => "gzip",
        Decode::Zstd => "zstd",
        Decode::Jsonb => "jsonb",
        Decode::Msgpack => "msgpack",
        Decode::Cbor => "cbor",
        Decode::Yaml => "yaml",
        Decode::Xml => "xml",
        Decode::Base64 => "base64",
        Decode::Hex => "hex",
        Decode::Text => "text",
        Decode::Plain => "plain",
        Decode::Unguarded => "unguarded",
        Decode::JsonText => "json-text",
        Decode::Uuid => "uuid",
        Decode::Guid => "guid",
    }
}

/// A text as TOML writes it, all special characters escaped.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn comes_back(text: &str) {
        let mapping = MappingOverride::parse(text).unwrap();
        let written = mapping.to_toml();
        assert_eq!(MappingOverride::parse(&written), Ok(mapping), "{written}");
    }

    #[test]
    fn a_mapping_written_reads_back_as_it_was() {
        comes_back("");
        comes_back(
            "table = \"a \\\"b\\\"\"\n[roles]\nstream = \"s\"\ntype = [\"t\", \"u/v\"]\ncausation = []\n",
        );
        comes_back("schemas = [\"a b.pb\"]\n[messages]\n\"order placed\" = \"shop.OrderPlaced\"\n");
        comes_back(
            "keyed_by_category = false\ntime_unit = \"ms\"\n[roles]\ndata = \"body/inner\"\n[decode]\n\"a b\" = [\"base64\", \"zstd\", \"json-text\"]\nbody = []\n",
        );
    }
}
