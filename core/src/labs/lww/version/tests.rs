//! Versions and entries: what replaces what, and how two entries become one.

use core::mem;

use super::*;
use crate::unit::{Dice, Purpose};

fn dot(node: u8, number: u32) -> Dot {
    Dot { node, number }
}

fn past(dots: &[Dot]) -> Past {
    let mut past = Past::default();
    dots.iter().for_each(|dot| past.add(*dot));
    past
}

fn write(dot: Dot, seen: &Past) -> Entry {
    let context = Frozen::new(Seen { past: seen.clone(), top: None });
    let stamp = Stamp { high: i64::from(dot.number), low: 0, node: dot.node };
    Entry::of(Version { dot, stamp, value: Some(Value::Int(1)), context }, Order::Vector)
}

#[test]
fn equal_pasts_are_equal_in_whatever_order_their_writes_came() {
    let all = [dot(0, 1), dot(0, 2), dot(0, 3), dot(1, 2)];
    let backwards: Vec<_> = all.iter().rev().copied().collect();
    assert_eq!(past(&all), past(&backwards));
    let mut joined = past(&all[..1]);
    joined.join(&past(&all[2..]));
    assert!(joined.contains(dot(0, 3)) && !joined.contains(dot(0, 2)) && !joined.covers(&past(&all)));
    joined.join(&past(&all[1..2]));
    assert_eq!(joined, past(&all));
}

// Preguiça et al. 2010, §3: the third write of a replica, by somebody who has not seen the second.
#[test]
fn a_dot_beyond_the_clock_leaves_a_gap() {
    let seen = past(&[dot(0, 1), dot(0, 3)]);
    assert!(seen.contains(dot(0, 3)) && !seen.contains(dot(0, 2)));
    assert_eq!(seen.next(0), 4);
    assert!(seen.flattened().contains(dot(0, 2)), "a plain vector says more than it knows");
}

// A was overwritten by B, whose replica had never seen A, and B by C, whose writer had read B there. So C replaces A
// wherever they meet, and replicas that met them in different orders agree.
#[test]
fn what_a_write_replaced_stays_replaced_by_what_replaces_it() {
    let (flaws, mut dropped) = (Flaws::default(), Vec::new());
    let (a, nothing) = (write(dot(1, 1), &Past::default()), Past::default());
    let b = write(dot(0, 1), &a.past);
    let c = write(dot(0, 2), &b.past);
    let mut without_b = a.clone();
    without_b.merge(&c, Order::Vector, &flaws, &mut dropped);
    let mut with_b = a.clone();
    with_b.merge(&b, Order::Vector, &flaws, &mut dropped);
    with_b.merge(&c, Order::Vector, &flaws, &mut dropped);
    assert_eq!(without_b, with_b);
    assert_eq!(with_b.versions.len(), 1);
    assert!(mem::take(&mut dropped).iter().all(|dropped| dropped.seen));
    // Nobody who writes without having seen C replaces it.
    with_b.merge(&write(dot(2, 1), &nothing), Order::Vector, &flaws, &mut dropped);
    assert_eq!(with_b.versions.len(), 2);
}

#[test]
fn to_share_what_the_other_has_is_to_merge_it() {
    let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
    let mut shared = 0;
    for _ in 0..20_000 {
        let mut any = || {
            let entries = dice.between(1, 3);
            let mut entry = Entry::default();
            for _ in 0..entries {
                let dot = dot(dice.below(2) as u8, dice.between(1, 3) as u32);
                // A write has one stamp, wherever it comes.
                let high = i64::from((5 * dot.number + 3 * u32::from(dot.node)) % 4);
                let stamp = Stamp { high, low: 0, node: dot.node };
                let context = Frozen::new(Seen::default());
                let version = Version { dot, stamp, value: Some(Value::Int(high)), context };
                let new = Entry::of(version, Order::Wall);
                entry.merge(&new, Order::Wall, &Flaws::default(), &mut Vec::new());
            }
            Frozen::new(entry)
        };
        let (old, new) = (any(), any());
        let (mut by_hand, mut expected) = ((*old).clone(), Vec::new());
        let changed = by_hand.merge(&new, Order::Wall, &Flaws::default(), &mut expected);
        let mut dropped = Vec::new();
        let merged = Entry::merged(&old, &new, Order::Wall, &Flaws::default(), &mut dropped);
        assert_eq!(dropped, expected);
        assert_eq!(merged.is_some(), changed);
        if let Some(merged) = merged {
            assert_eq!(*merged, by_hand);
            shared += u32::from(merged.is(&new));
        }
    }
    assert!(shared > 1_000, "only {shared} were shared");
}
