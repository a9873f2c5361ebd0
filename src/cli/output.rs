//! Tables for people, and text from files made safe to print.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::event::visible;

/// As [`visible`], but lines stay lines: for messages of our own that quote a file.
pub fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| visible(line).into_owned())
        .collect();
    lines.join("\n")
}

/// The beginning of a text on one line, for a column of a table.
pub fn preview(text: &str, n_chars: usize) -> String {
    let mut shown: String = visible(text.get(..text.len().min(n_chars * 8)).unwrap_or(text))
        .chars()
        .take(n_chars + 1)
        .collect();
    if shown.chars().count() > n_chars {
        shown.pop();
        shown.pop();
        shown.push('…');
    }
    shown
}

/// A table that is printed when all its rows are known.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table with these headings; those that begin with `>` stand over numbers.
    pub fn new(headings: &[&str]) -> Self {
        let right = headings
            .iter()
            .map(|heading| heading.starts_with('>'))
            .collect();
        let names = headings
            .iter()
            .map(|heading| heading.trim_start_matches('>').to_owned())
            .collect();
        Self {
            rows: vec![names],
            right,
        }
    }

    /// Adds a row; its texts are made safe to print.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(
            cells
                .iter()
                .map(|cell| visible(cell).into_owned())
                .collect(),
        );
    }

    /// Prints the table, columns aligned.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut widths = vec![0; self.right.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), is_right) in row.iter().zip(&widths).zip(&self.right) {
                let pad = width - cell.chars().count().min(*width);
                let (before, after) = if *is_right { (pad, 0) } else { (0, pad) };
                write!(line, "{:before$}{cell}{:after$}  ", "", "").ok();
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_moves_the_cursor() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\n"),
            "a\\u001b[2Jb\\u202ec\\u000a"
        );
        assert_eq!(preview("abcdef", 4), "abc…");
    }
}
