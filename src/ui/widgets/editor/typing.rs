//! What keys do to a script beyond writing a letter: new lines that keep their indentation, whole
//! lines moved to the side, comments.

use std::ops::Range;

/// One step of indentation.
const STEP: &str = "  ";

/// A script after a key, with what is selected in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub text: String,
    pub selected: Range<usize>,
}

/// Begins a new line that is indented as the one before, one step more after an opening bracket;
/// a closing bracket behind the cursor gets a line of its own.
pub(super) fn enter(text: &str, selected: Range<usize>) -> Typed {
    let (head, tail) = (&text[..selected.start], &text[selected.end..]);
    let line = &head[line_start(head, head.len())..];
    let indent: String = line
        .chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect();
    let opens = line.trim_end().ends_with(['{', '(', '[']);
    let closes = tail.starts_with(['}', ')', ']']);
    let mut made = format!("{head}\n{indent}");
    if opens {
        made.push_str(STEP);
    }
    let at = made.len();
    if opens && closes {
        made.push('\n');
        made.push_str(&indent);
    }
    made.push_str(tail);
    Typed {
        text: made,
        selected: at..at,
    }
}

/// Indents: the lines of a selection that holds more than one, otherwise what follows the cursor.
pub(super) fn tab(text: &str, selected: Range<usize>) -> Typed {
    if text[selected.clone()].contains('\n') {
        return each_line(text, selected, |line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{STEP}{line}")
            }
        });
    }
    let column = text[line_start(text, selected.start)..selected.start]
        .chars()
        .count();
    let spaces = STEP.len() - column % STEP.len();
    let made = format!(
        "{}{}{}",
        &text[..selected.start],
        &STEP[..spaces],
        &text[selected.end..]
    );
    let at = selected.start + spaces;
    Typed {
        text: made,
        selected: at..at,
    }
}

/// Takes a step of indentation from each line that is touched.
pub(super) fn untab(text: &str, selected: Range<usize>) -> Typed {
    each_line(text, selected, |line| {
        let rest = line.strip_prefix('\t').or_else(|| line.strip_prefix(STEP));
        rest.or_else(|| line.strip_prefix(' '))
            .unwrap_or(line)
            .to_owned()
    })
}

/// Makes each line that is touched a comment, or none where all of them are.
pub(super) fn comment(text: &str, selected: Range<usize>) -> Typed {
    let lines = touched(text, &selected);
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    let written = || text[lines.clone()].lines().filter(|l| !l.trim().is_empty());
    let all = written().next().is_some() && written().all(is_comment);
    each_line(text, selected, |line| {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        if body.is_empty() {
            return line.to_owned();
        }
        if all {
            let body = body.strip_prefix("//").unwrap_or(body);
            return format!("{indent}{}", body.strip_prefix(' ').unwrap_or(body));
        }
        format!("{indent}// {body}")
    })
}

/// A closing bracket typed on an empty line stands one step further left.
pub(super) fn close(text: &str, selected: Range<usize>, bracket: char) -> Option<Typed> {
    let start = line_start(text, selected.start);
    let line = &text[start..selected.start];
    let shorter = line.strip_suffix(STEP)?;
    if !line.trim().is_empty() || !selected.is_empty() {
        return None;
    }
    let at = start + shorter.len() + bracket.len_utf8();
    Some(Typed {
        text: format!(
            "{}{shorter}{bracket}{}",
            &text[..start],
            &text[selected.end..]
        ),
        selected: at..at,
    })
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// The whole lines that a selection touches, without the last end of line.
fn touched(text: &str, selected: &Range<usize>) -> Range<usize> {
    // A selection that ends where a line begins does not touch that line.
    let last = if selected.end > selected.start && text[..selected.end].ends_with('\n') {
        selected.end - 1
    } else {
        selected.end
    };
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    line_start(text, selected.start)..end
}

fn each_line(text: &str, selected: Range<usize>, change: impl Fn(&str) -> String) -> Typed {
    let lines = touched(text, &selected);
    let changed: Vec<String> = text[lines.clone()].split('\n').map(change).collect();
    let first = changed.first().map_or(0, String::len);
    let first_before = text[lines.clone()].split('\n').next().map_or(0, str::len);
    let changed = changed.join("\n");
    let made = format!("{}{changed}{}", &text[..lines.start], &text[lines.end..]);
    let end = lines.start + changed.len();
    let selected = if selected.is_empty() {
        let column = (selected.start - lines.start + first).saturating_sub(first_before);
        let mut at = (lines.start + column).min(end);
        while !made.is_char_boundary(at) {
            at -= 1;
        }
        at..at
    } else {
        lines.start..end
    };
    Typed {
        text: made,
        selected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a key on a text in which `|` stands for both ends of what is selected.
    fn typed(marked: &str, key: impl Fn(&str, Range<usize>) -> Typed) -> String {
        let from = marked.find('|').unwrap();
        let to = marked.rfind('|').unwrap();
        let text = marked.replace('|', "");
        let to = if to == from { from } else { to - 1 };
        let mut typed = key(&text, from..to);
        let Range { start, end } = typed.selected;
        typed.text.insert(end, '|');
        if start != end {
            typed.text.insert(start, '|');
        }
        typed.text
    }

    #[test]
    fn a_new_line_is_indented_as_the_one_before_and_more_in_brackets() {
        assert_eq!(typed("  a|b", enter), "  a\n  |b");
        assert_eq!(typed("when({|})", enter), "when({\n  |\n})");
        assert_eq!(typed("  f(a, [|", enter), "  f(a, [\n    |");
        assert_eq!(typed("a|bc|d", enter), "a\n|d");
    }

    #[test]
    fn tab_fills_up_to_the_next_step_or_moves_whole_lines() {
        assert_eq!(typed("a|", tab), "a |");
        assert_eq!(typed("|a", tab), "  |a");
        assert_eq!(typed("|a\n\nb|", tab), "|  a\n\n  b|");
        assert_eq!(typed("|  a\n b\n|c", untab), "|a\nb|\nc");
        assert_eq!(typed("    ä|", untab), "  ä|");
    }

    #[test]
    fn a_closing_bracket_goes_back_one_step() {
        let close = |text: &str, at| close(text, at, '}').unwrap();
        assert_eq!(typed("f({\n    |", close), "f({\n  }|");
        assert_eq!(super::close("  a", 3..3, '}'), None);
    }

    #[test]
    fn comments_come_and_go() {
        assert_eq!(typed("  a|", comment), "  // a|");
        assert_eq!(typed("  // a|", comment), "  a|");
        assert_eq!(typed("|a\n//b|", comment), "|// a\n// //b|");
    }
}
