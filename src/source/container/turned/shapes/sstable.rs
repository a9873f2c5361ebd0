//! Rows of Cassandra as `sstabledump` prints them: partition by partition, cells by name. The dump does not
//! say how the columns of the keys are called, so they are numbered.

use super::{Lines, elements, member, text_of};

/// All rows of a partition.
pub(super) fn partition(partition: &[u8], lines: &mut Lines) {
    let key = member(partition, &["partition", "key"]).unwrap_or(b"[]");
    if member(partition, &["partition", "deletion_info"]).is_some() {
        lines.lost(
            "deleted-partition",
            "a partition was deleted; what it held before is not in the dump",
        );
    }
    let Some(rows) = member(partition, &["rows"]) else {
        return;
    };
    elements(rows, &mut |one| match text_of(one, &["type"]).as_deref() {
        Some("row") => row(key, one, lines),
        Some("range_tombstone_bound" | "range_tombstone_boundary") => lines.lost(
            "deleted-rows",
            "a range of rows was deleted; what they held is not in the dump",
        ),
        _ => {}
    });
}

fn row(key: &[u8], row: &[u8], lines: &mut Lines) {
    if member(row, &["deletion_info"]).is_some() {
        return lines.lost(
            "deleted-rows",
            "a row was deleted; what it held is not in the dump",
        );
    }
    lines.raw(b"{");
    let clustering = member(row, &["clustering"]).unwrap_or(b"[]");
    for (name, values) in [("partition", key), ("clustering", clustering)] {
        let mut number = 0;
        elements(values, &mut |value| {
            lines.member(&format!("{name}_{number}"), value);
            number += 1;
        });
    }
    if let Some(written) = member(row, &["liveness_info", "tstamp"]) {
        lines.member("written", written);
    }
    if let Some(cells) = member(row, &["cells"]) {
        elements(cells, &mut |cell| {
            // What has a path is a part of a collection, or a value that was deleted.
            let name = text_of(cell, &["name"]).filter(|_| member(cell, &["path"]).is_none());
            if let (Some(name), Some(value)) = (name, member(cell, &["value"])) {
                lines.member(&name, value);
            }
        });
    }
    lines.raw(b"}");
    lines.end();
}
