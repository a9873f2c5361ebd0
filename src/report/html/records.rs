//! Raw records as HTML: folded without a script, open from the start so that they are printed.

use std::fmt::Write as _;

use super::super::escape::esc;
use super::super::exhibits::{Exhibit, Stored};
use super::super::paper::Paper;
use super::super::text::moment;
use crate::audit::{count, counted};
use crate::event::Zone;

/// Writes the records.
pub(super) fn write(out: &mut String, paper: &Paper, exhibits: &[Exhibit], zone: Zone) {
    for one in exhibits {
        let version = one
            .version
            .map_or_else(String::new, |version| format!(" v{version}"));
        let time = one.time.map_or_else(String::new, |time| {
            format!("<span>{}</span>", esc(&moment(time, zone)))
        });
        writeln!(
            out,
            "<details class=\"record\" open>\n<summary><code>{}</code><span>{}</span>\
             <span>{}{version}</span>{time}</summary>\n<div id=\"e{}\">",
            esc(&paper.reference(one.position)),
            esc(&one.event_type),
            esc(&one.stream),
            one.position
        )
        .ok();
        write_about(out, one);
        if let Some(why) = &one.unreadable {
            writeln!(out, "<p class=\"bad\">It cannot be read: {}</p>", esc(why)).ok();
        } else {
            write_stored(out, "Data", &one.data);
            write_stored(out, "Metadata", &one.metadata);
        }
        out.push_str("</div>\n</details>\n");
    }
}

fn write_about(out: &mut String, one: &Exhibit) {
    let id = one.id.as_deref().map(|id| format!("id {}", esc(id)));
    let user = one.user.as_deref().map(|user| format!("by {}", esc(user)));
    let place = Some(esc(&one.place)).filter(|place| !place.is_empty());
    let parts: Vec<String> = [place, id, user].into_iter().flatten().collect();
    if !parts.is_empty() {
        writeln!(out, "<p class=\"note\">{}</p>", parts.join(" \u{b7} ")).ok();
    }
}

fn write_stored(out: &mut String, name: &str, stored: &Stored) {
    let Some(text) = &stored.text else { return };
    let how = match (stored.is_masked, stored.is_presented) {
        (true, _) => ", values masked",
        (false, true) => ", as presented",
        (false, false) => "",
    };
    let digest = stored
        .sha256
        .as_deref()
        .map_or_else(String::new, |digest| format!(", SHA-256 {digest}"));
    let left = if stored.left_out > 0 {
        format!(", {} not shown", counted(stored.left_out, "byte"))
    } else {
        String::new()
    };
    writeln!(
        out,
        "<p class=\"note\">{name}, {} {}{how}{left}{digest}</p>\n<pre><code>{}</code></pre>",
        count(stored.bytes),
        if stored.bytes == 1 { "byte" } else { "bytes" },
        lines(text)
    )
    .ok();
}

/// Text whose line ends stay line ends.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(esc).collect();
    lines.join("\n")
}
