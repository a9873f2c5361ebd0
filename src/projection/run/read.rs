//! Reads the events of a run in the order in which they arrive, and hands each on as soon as it is there.

use crate::event::{EventDetail, EventReader, Place, Want};

/// Reads the places that there are, in order, and hands over every index with what was read there;
/// `None` for one without a place. `each` says whether to go on.
pub(super) fn read_in_order(
    reader: &dyn EventReader,
    places: &[Option<Place>],
    want: Want,
    mut each: impl FnMut(usize, Option<Result<EventDetail, String>>) -> bool,
) {
    let (indices, wanted): (Vec<usize>, Vec<Place>) = places
        .iter()
        .enumerate()
        .filter_map(|(index, place)| Some((index, (*place)?)))
        .unzip();
    let mut next = 0;
    let mut goes_on = true;
    if !wanted.is_empty() {
        reader.read(&wanted, want, &mut |n, read| {
            let Some(at) = indices.get(n) else {
                return false;
            };
            // What needs no reading comes in its turn.
            while goes_on && next < *at {
                goes_on = each(next, None);
                next += 1;
            }
            if goes_on {
                goes_on = each(next, Some(read.map_err(|error| error.0)));
                next += 1;
            }
            goes_on
        });
    }
    while goes_on && next < places.len() {
        goes_on = each(next, None);
        next += 1;
    }
}
