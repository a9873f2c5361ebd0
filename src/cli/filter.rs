//! `--where` and `--that`: filters and questions of the command line, and what is wrong with them.

use std::sync::Arc;

use super::open::{CommonArgs, known_folder};
use crate::fold::{Folder, Merge, Reducer};
use crate::history::History;
use crate::query::{Context, Filter, QueryError, Search};

/// From what the words of a filter count without a window: `--now` and `--as-of`.
pub(super) fn context(common: &CommonArgs, history: &History) -> anyhow::Result<Context> {
    let mut context = Context::at(common.now(), common.tz);
    context.marks.playhead = common.known(history)?.map(|known| known.position);
    Ok(context)
}

/// The positions of the events that a filter lets through, rising. `state.` means states by these
/// rules, or merged payloads.
pub(super) fn matching(
    text: &str,
    common: &CommonArgs,
    history: &Arc<History>,
    rules: Option<Arc<dyn Reducer>>,
) -> anyhow::Result<Vec<u32>> {
    let wrong = |error: QueryError| explained("--where", text, &error);
    let filter = Filter::parse(text).map_err(wrong)?;
    let context = context(common, history)?;
    let reducer = rules.unwrap_or_else(|| Arc::new(Merge));
    let folder = Folder::new(Arc::clone(history), reducer);
    let folder = Arc::new(known_folder(folder, common.known(history)?));
    let search = Search::new(&filter, &folder, &context).map_err(wrong)?;
    Ok(search.positions(&super::stop::is_stopped)?)
}

/// What is wrong, with the text and a line that points at the part.
pub(super) fn explained(option: &str, text: &str, error: &QueryError) -> anyhow::Error {
    let one_line = text.replace(['\n', '\r', '\t'], " ");
    let width = |end: usize| {
        one_line
            .get(..end.min(one_line.len()))
            .map_or(0, |head| head.chars().count())
    };
    let (from, to) = (width(error.span.0.start), width(error.span.0.end));
    let marks = "^".repeat(to.saturating_sub(from).max(1));
    anyhow::anyhow!(
        "{error}\n{option} {one_line}\n{:indent$}{marks}",
        "",
        indent = option.len() + 1 + from
    )
}
