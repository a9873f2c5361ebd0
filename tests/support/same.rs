//! Whether two logs say the same, whatever they were made of.
//!
//! Include it with `#[path = "support/same.rs"] mod same;`.

use annals::event::{Position, Timestamp};
use annals::history::{Axis, Clock, EventLog, Grouping};

/// Counts by name, since groups are numbered in another order.
pub fn counts(log: &EventLog, clock: Clock, axis: Axis, by: Grouping) -> Vec<Vec<(u32, u32)>> {
    let n = u32::try_from(log.len()).unwrap();
    let bounds: Vec<u32> = (0..=9).map(|part| n * part / 9).collect();
    let counted = log.by(clock).count_columns(axis, by, &bounds);
    let groups = log.groups(by);
    let column = |column: usize| {
        let row = counted.column(column);
        let each = groups.iter().zip(0_u32..);
        let mut of: Vec<(u32, u32)> = each
            .map(|(group, id)| (id, row[usize::from(*group)]))
            .collect();
        if groups
            .iter()
            .any(|group| usize::from(*group) >= annals::history::OTHER_GROUP)
        {
            of.clear();
        }
        of.push((u32::MAX, row.iter().sum()));
        of
    };
    (0..counted.n_columns()).map(column).collect()
}

/// Two logs that say the same of every event, stream, type and range.
pub fn same(grown: &EventLog, whole: &EventLog) {
    assert_eq!(grown.len(), whole.len());
    assert_eq!(grown.has_versions(), whole.has_versions());
    assert_eq!(grown.time_digits(), whole.time_digits());
    assert_eq!(grown.type_names(), whole.type_names());
    assert_eq!(grown.type_counts(), whole.type_counts());
    assert_eq!(grown.category_names(), whole.category_names());
    assert_eq!(grown.category_counts(), whole.category_counts());
    assert_eq!(grown.times_go_back(), whole.times_go_back());
    for at in (0..).take(whole.len()).map(Position) {
        assert_eq!(grown.time(at), whole.time(at));
        assert_eq!(grown.stream(at), whole.stream(at));
        assert_eq!(grown.event_type(at), whole.event_type(at));
        assert_eq!(grown.place(at), whole.place(at));
        assert_eq!(grown.version(at), whole.version(at));
    }
    for stream in whole.streams() {
        assert_eq!(grown.stream_info(stream), whole.stream_info(stream));
        assert_eq!(grown.events_of(stream), whole.events_of(stream));
        assert_eq!(grown.stream_span(stream), whole.stream_span(stream));
        let breaks = |log: &EventLog| log.version_breaks(stream).collect::<Vec<_>>();
        assert_eq!(breaks(grown), breaks(whole));
    }
    assert_eq!(grown.has_occurred(), whole.has_occurred());
    for clock in [Clock::Recorded, Clock::Occurred] {
        let (grown_by, whole_by) = (grown.by(clock), whole.by(clock));
        for rank in 0..u32::try_from(whole.len()).unwrap() {
            assert_eq!(
                grown_by.position(rank),
                whole_by.position(rank),
                "{clock:?} {rank}"
            );
            let at = Position(rank);
            assert_eq!(grown_by.time(at), whole_by.time(at));
        }
        assert_eq!(grown_by.n_untimed(), whole_by.n_untimed());
        assert_eq!(grown_by.range(), whole_by.range());
        for axis in [Axis::Time, Axis::Sequence] {
            for by in [Grouping::Category, Grouping::Type] {
                assert_eq!(
                    counts(grown, clock, axis, by),
                    counts(whole, clock, axis, by)
                );
            }
        }
    }
    let (first, last) = whole.time_range().unwrap_or((Timestamp(0), Timestamp(0)));
    let step = last.0.saturating_sub(first.0) / 40 + 1;
    let around = (-1..42).map(|n| Timestamp(first.0.saturating_add(step.saturating_mul(n))));
    for moment in around {
        assert_eq!(grown.last_at_time(moment), whole.last_at_time(moment));
        assert_eq!(
            grown.rank_before_time(moment),
            whole.rank_before_time(moment)
        );
    }
    let wanted: Vec<bool> = (0..whole.type_names().len())
        .map(|id| id % 3 == 1)
        .collect();
    let streams: Vec<bool> = whole.streams().map(|id| id.index() % 3 == 1).collect();
    for first in [0, 1, whole.len() / 2].map(|first| first.min(whole.len())) {
        let marks = |log: &EventLog| {
            let mut words = vec![0; (log.len() - first).div_ceil(64)];
            log.mark_types(Position(u32::try_from(first).unwrap()), &wanted, &mut words);
            let mut others = vec![0; log.len().div_ceil(64)];
            log.mark_streams(&streams, &mut others);
            (words, others)
        };
        assert_eq!(marks(grown), marks(whole));
    }
}
