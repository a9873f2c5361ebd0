//! What tells inputs with the same tables from others, so that a mapping made once serves again.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::survey::{Survey, TableKind};

impl Survey {
    /// The SHA-256 of the names of the tables and their columns, in lower-case hexadecimal digits.
    ///
    /// Rows, views and virtual tables do not count: a store grows, and its fingerprint stays. A log has
    /// that of the keys of its first records, in whatever order.
    pub fn fingerprint(&self) -> String {
        let mut tables: Vec<Vec<&str>> = self
            .tables
            .iter()
            .filter(|table| matches!(table.kind, TableKind::Table | TableKind::Log))
            .map(|table| {
                let mut names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
                names.sort_unstable();
                names.insert(0, &table.name);
                names
            })
            .collect();
        tables.sort_unstable();
        let mut hash = Sha256::new();
        for table in &tables {
            hash.update((table.len() as u64).to_be_bytes());
            for name in table {
                hash.update((name.len() as u64).to_be_bytes());
                hash.update(name.as_bytes());
            }
        }
        let digest = hash.finalize();
        digest.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").ok();
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::format::ContainerKind;
    use crate::source::survey::{SurveyColumn, SurveyTable, TableRole};

    fn survey(tables: &[(&str, &[&str], u64)]) -> Survey {
        let table = |(name, columns, n_rows): &(&str, &[&str], u64)| SurveyTable {
            name: (*name).to_owned(),
            kind: TableKind::Table,
            n_rows: Some(*n_rows),
            columns: columns
                .iter()
                .map(|name| SurveyColumn {
                    name: (*name).to_owned(),
                    declared: "TEXT".to_owned(),
                })
                .collect(),
            role: TableRole::Other,
            guesses: Vec::new(),
            missing: Vec::new(),
        };
        Survey {
            name: "a.db".to_owned(),
            container: ContainerKind::Sqlite,
            tables: tables.iter().map(table).collect(),
            tried: Vec::new(),
            chosen: 0,
            recognized: None,
        }
    }

    #[test]
    fn rows_do_not_count_and_names_of_tables_and_columns_do() {
        let one = survey(&[("l", &["a", "b"], 3), ("m", &["c"], 0)]).fingerprint();
        assert_eq!(one.len(), 64);
        let more = survey(&[("m", &["c"], 9), ("l", &["b", "a"], 400)]).fingerprint();
        assert_eq!(one, more);
        for other in [
            survey(&[("l", &["a"], 3), ("m", &["c"], 0)]),
            survey(&[("l", &["a", "b", "c"], 3), ("m", &[], 0)]),
            survey(&[("l", &["ab"], 3), ("m", &["c"], 0)]),
        ] {
            assert_ne!(one, other.fingerprint());
        }
    }
}
