//! Receipts as laws: appending keeps them true, any change before their end is found and placed.

use super::super::tree::leaf_hash;
use super::*;
use proptest::prelude::*;

fn grown(leaves: &[u32], receipt: Option<&Receipt>) -> Grown {
    let mut grown = Grown::new(leaves.len() as u64, receipt);
    for leaf in leaves {
        grown.push(leaf_hash(&leaf.to_be_bytes()));
    }
    grown
}

fn receipt(leaves: &[u32]) -> Receipt {
    let made = grown(leaves, None).receipt("a", None);
    let read = Receipt::parse(&made.to_json());
    assert_eq!(read.as_ref(), Ok(&made));
    made
}

fn since(before: &[u32], after: &[u32]) -> Since {
    let receipt = receipt(before);
    grown(after, Some(&receipt)).since(&receipt)
}

#[test]
fn what_became_of_a_history_is_told() {
    let all: Vec<u32> = (0..10).collect();
    assert_eq!(since(&all, &all), Since::Unchanged);
    assert_eq!(since(&[], &[]), Since::Unchanged);
    assert_eq!(since(&[], &all), Since::Appended(10));
    assert_eq!(since(&all[..7], &all), Since::Appended(3));
    assert_eq!(
        since(&all, &all[..7]),
        Since::Truncated {
            left: 7,
            unproved: 0
        }
    );
    assert_eq!(
        since(&all, &[]),
        Since::Truncated {
            left: 0,
            unproved: 0
        }
    );
    let mut changed = all.clone();
    changed[4] = 99;
    assert_eq!(since(&all, &changed), Since::Rewritten { from: 4, to: 4 });
    assert_eq!(
        since(&all, &changed[..6]),
        Since::Rewritten { from: 4, to: 4 }
    );
}

#[test]
fn in_a_long_history_the_place_is_a_part() {
    let all: Vec<u32> = (0..20_000).collect();
    for at in [0_u64, 7, 8, 19_983, 19_999] {
        let mut changed = all.clone();
        changed[usize::try_from(at).unwrap()] = 99_999;
        let Since::Rewritten { from, to } = since(&all, &changed) else {
            panic!("{at} is not found");
        };
        assert!(
            from <= at && at <= to && to - from < 8,
            "{at} is in {from} to {to}"
        );
    }
    assert_eq!(
        since(&all, &all[..15_003]),
        Since::Truncated {
            left: 15_003,
            unproved: 3
        }
    );
}

#[test]
fn a_receipt_that_was_altered_is_refused() {
    let text = receipt(&(0..9).collect::<Vec<u32>>()).to_json();
    assert!(Receipt::parse(&text.replace("\"events\": 9", "\"events\": 8")).is_err());
    assert!(
        Receipt::parse(&text.replace("\"annals_receipt\": 1", "\"annals_receipt\": 2")).is_err()
    );
    let part = text.find("\"parts\"").unwrap();
    let digit = text[part..].find(|c: char| c.is_ascii_digit()).unwrap() + part;
    let other = if &text[digit..=digit] == "1" {
        "2"
    } else {
        "1"
    };
    let altered = format!("{}{other}{}", &text[..digit], &text[digit + 1..]);
    assert!(Receipt::parse(&altered).is_err());
    assert!(Receipt::parse("{}").is_err() && Receipt::parse("").is_err());
}

proptest! {
    #[test]
    fn appending_keeps_a_receipt_true(before in prop::collection::vec(any::<u32>(), 0..70), more in prop::collection::vec(any::<u32>(), 1..70)) {
        let after = [before.clone(), more.clone()].concat();
        prop_assert_eq!(since(&before, &after), Since::Appended(more.len() as u64));
    }

    #[test]
    fn any_change_before_its_end_is_found_and_placed(before in prop::collection::vec(any::<u32>(), 1..70), at: prop::sample::Index, more in prop::collection::vec(any::<u32>(), 0..9)) {
        let at = at.index(before.len());
        let mut after = [before.clone(), more].concat();
        after[at] = after[at].wrapping_add(1);
        let at = at as u64;
        prop_assert_eq!(since(&before, &after), Since::Rewritten { from: at, to: at });
    }

    #[test]
    fn an_event_removed_or_inserted_is_found_where_the_rest_moved(before in prop::collection::hash_set(any::<u32>(), 2..60), at: prop::sample::Index) {
        let before: Vec<u32> = before.into_iter().collect();
        let at = at.index(before.len());
        let mut removed = before.clone();
        removed.remove(at);
        let left = removed.len() as u64;
        let expected = if at + 1 == before.len() {
            Since::Truncated { left, unproved: 0 }
        } else {
            Since::Rewritten { from: at as u64, to: at as u64 }
        };
        prop_assert_eq!(since(&before, &removed), expected);
        let inserted = [&before[..at], &[before[at].wrapping_add(1)], &before[at..]].concat();
        prop_assert_eq!(since(&before, &inserted), Since::Rewritten { from: at as u64, to: at as u64 });
    }
}
