//! What is believed of owners' keys, whatever comes in.

use proptest::prelude::*;

use super::super::sample::*;
use super::super::{NodeEntry, Revocation, Role};
use super::*;
use crate::identity::NodeKey;

/// Japan (root 1, node 11) and Korea (root 3, node 13) are pinned.
fn roll() -> Roll {
    let mut roll = Roll::new();
    roll.pin("japan", key(1).id()).unwrap();
    roll.pin("korea", key(3).id()).unwrap();
    roll
}

fn japan() -> SealedRoster {
    first("japan", &key(1), &key(11)).seal(&key(1)).unwrap()
}

/// Japan's first roster is taken.
fn with_japan() -> (Roll, SealedRoster) {
    let (mut roll, sealed) = (roll(), japan());
    let taken = roll.take(sealed.octets(), at(0)).unwrap();
    assert_eq!(
        taken,
        Taken::First {
            owner: "japan".into(),
            version: 1
        }
    );
    (roll, sealed)
}

fn refused(roll: &mut Roll, sealed: &SealedRoster, now: Time) -> String {
    let before = roll.roster("japan").cloned();
    let refusal = roll.take(sealed.octets(), now).unwrap_err();
    assert_eq!(roll.roster("japan").cloned(), before, "what is held stays");
    format!("{}: {refusal}", refusal.word())
}

fn revoke(roster: &mut Roster, seed: u8, since: Time, reason: Reason) {
    roster.revoked.push(Revocation {
        key: key(seed).id(),
        at: since,
        reason,
    });
    roster.revoked.sort_by_key(|revocation| revocation.key);
}

fn renewed(roster: &mut Roster, root: &NodeKey, seeds: &[u8]) {
    roster.nodes = seeds
        .iter()
        .map(|seed| entry(&roster.owner, root, &key(*seed)))
        .collect();
    roster.nodes.sort_by_key(|entry| entry.key);
}

#[test]
fn a_root_is_pinned_once_and_only_people_change_it() {
    let (mut roll, _) = with_japan();
    assert_eq!(roll.pin("japan", key(1).id()), Ok(()));
    let error = roll.pin("japan", key(2).id()).unwrap_err().to_string();
    assert!(
        error.contains(&key(1).id().to_string()) && error.contains(&key(2).id().to_string()),
        "{error}"
    );
    assert!(roll.roster("japan").is_some());
    roll.repin("japan", key(2).id()).unwrap();
    assert!(roll.roster("japan").is_none());
    let word = roll.take(japan().octets(), at(0)).unwrap_err().word();
    assert_eq!(word, "wrong-root");
    assert!(roll.pin("../x", key(1).id()).is_err());
    assert_eq!(
        roll.owners().map(|owner| &**owner).collect::<Vec<_>>(),
        ["japan", "korea"]
    );
}

#[test]
fn newer_rosters_are_taken_and_the_same_changes_nothing() {
    let (mut roll, one) = with_japan();
    let same = Taken::Same {
        owner: "japan".into(),
        version: 1,
    };
    assert_eq!(roll.take(one.octets(), at(1)).unwrap(), same);
    let two = next(&one).seal(&key(1)).unwrap();
    let taken = roll.take(two.octets(), at(1)).unwrap();
    let newer = |from, to| Taken::Newer {
        owner: "japan".into(),
        from,
        to,
        root: None,
        fork: None,
    };
    assert_eq!(taken, newer(1, 2));
    // One or more may have been missed.
    let four = next(&next(&two).seal(&key(1)).unwrap()).seal(&key(1)).unwrap();
    assert_eq!(roll.take(four.octets(), at(3)).unwrap(), newer(2, 4));
    assert_eq!(roll.authorities("japan"), four.roster().authorities);
}

#[test]
fn strangers_wrong_roots_and_forged_signatures_are_refused() {
    let (mut roll, one) = with_japan();
    let usa = first("usa", &key(5), &key(15)).seal(&key(5)).unwrap();
    assert!(refused(&mut roll, &usa, at(0)).starts_with("stranger: "));
    // Korea signs, with its own good root, a roster that says it is Japan's.
    let forged = next(&first("japan", &key(3), &key(13)).seal(&key(3)).unwrap())
        .seal(&key(3))
        .unwrap();
    let why = refused(&mut roll, &forged, at(1));
    assert!(
        why.starts_with("wrong-root: ") && why.contains(&key(3).id().to_string()),
        "{why}"
    );
    let mut octets = one.octets().to_vec();
    *octets.last_mut().unwrap() ^= 1;
    assert_eq!(roll.take(&octets, at(0)).unwrap_err().word(), "signature");
    assert_eq!(roll.take(b"roster", at(0)).unwrap_err().word(), "signature");
}

#[test]
fn older_versions_are_refused() {
    let (mut roll, one) = with_japan();
    let two = next(&one).seal(&key(1)).unwrap();
    roll.take(two.octets(), at(1)).unwrap();
    let why = refused(&mut roll, &one, at(1));
    assert!(
        why.starts_with("older: version 1") && why.contains("2 is held"),
        "{why}"
    );
}

#[test]
fn two_rosters_of_one_version_are_a_fork_and_named() {
    let (mut roll, one) = with_japan();
    let two = next(&one).seal(&key(1)).unwrap();
    let mut other = next(&one);
    other.nodes.clear();
    let other = other.seal(&key(1)).unwrap();
    roll.take(two.octets(), at(1)).unwrap();
    let why = refused(&mut roll, &other, at(1));
    assert!(
        why.starts_with("forked: japan signed two rosters of version 2"),
        "{why}"
    );
    assert!(
        why.contains(&two.digest().to_string()) && why.contains(&other.digest().to_string()),
        "{why}"
    );
    // Also when the fork shows only after a newer one came.
    let three = next(&two).seal(&key(1)).unwrap();
    roll.take(three.octets(), at(2)).unwrap();
    assert!(refused(&mut roll, &other, at(2)).starts_with("forked: "));
    // And when only the newer one is seen, which stands on the other side.
    let mut roll = self::roll();
    roll.take(two.octets(), at(1)).unwrap();
    let beyond = next(&other).seal(&key(1)).unwrap();
    let taken = roll.take(beyond.octets(), at(2)).unwrap();
    let fork = Some([two.digest(), other.digest()]);
    assert_eq!(
        taken,
        Taken::Newer {
            owner: "japan".into(),
            from: 2,
            to: 3,
            root: None,
            fork
        }
    );
}

#[test]
fn ended_and_future_rosters_are_refused_but_for_the_tolerance_of_clocks() {
    let end = japan().roster().expires;
    let issued = japan().roster().issued;
    for (now, word) in [
        (issued + -SKEW_MAX_S, None),
        (issued + (-SKEW_MAX_S - 0.001), Some("future")),
        (end + (SKEW_MAX_S - 0.001), None),
        (end + SKEW_MAX_S, Some("expired")),
    ] {
        let taken = roll().take(japan().octets(), now);
        assert_eq!(taken.err().map(|refusal| refusal.word()), word, "{now}");
    }
    // What was taken before is read again from the own disk, ended or not; nothing is signed under it.
    let mut roll = roll();
    roll.restore(japan()).unwrap();
    let refusal = roll.signer("japan", key(11).id(), end + SKEW_MAX_S).unwrap_err();
    assert_eq!(refusal.word(), "roster-expired");
    assert!(roll.signer("japan", key(11).id(), end + (SKEW_MAX_S - 0.001)).is_ok());
}

#[test]
fn a_revocation_counts_from_its_instant_and_cannot_be_taken_back() {
    let (mut roll, one) = with_japan();
    let id = key(11).id();
    assert_eq!(roll.signer("japan", id, at(1)).unwrap(), key(11).public());
    let mut two = next(&one);
    revoke(&mut two, 11, at(2), Reason::Stolen);
    let two = two.seal(&key(1)).unwrap();
    roll.take(two.octets(), at(1)).unwrap();
    // Before it, what arrived stays verified; at it, without any tolerance, no more.
    assert!(roll.signer("japan", id, at(2) + -0.001).is_ok());
    let refusal = roll.signer("japan", id, at(2)).unwrap_err();
    assert_eq!(refusal.word(), "revoked");
    assert!(refusal.to_string().contains("stolen"), "{refusal}");
    let shown = certificate("japan", &key(1), &key(11));
    assert_eq!(roll.certificate("japan", &shown, at(2)).unwrap_err().word(), "revoked");

    let mut without = next(&two);
    without.revoked.clear();
    let mut later = next(&two);
    later.revoked[0].at = at(3);
    for taken_back in [without, later] {
        let why = refused(&mut roll, &taken_back.seal(&key(1)).unwrap(), at(2));
        assert!(why.starts_with("unrevoked: ") && why.contains(&id.to_string()), "{why}");
    }
    let mut earlier = next(&two);
    earlier.revoked[0].at = at(1);
    roll.take(earlier.seal(&key(1)).unwrap().octets(), at(2)).unwrap();
    assert_eq!(roll.signer("japan", id, at(1)).unwrap_err().word(), "revoked");
}

#[test]
fn a_node_key_is_replaced_and_both_sign_meanwhile() {
    let (mut roll, one) = with_japan();
    let mut two = next(&one);
    renewed(&mut two, &key(1), &[11, 12]);
    let old = two
        .nodes
        .iter_mut()
        .find(|entry| entry.key == key(11).public())
        .unwrap();
    old.validity.until = at(10);
    let new = two
        .nodes
        .iter_mut()
        .find(|entry| entry.key == key(12).public())
        .unwrap();
    new.validity.from = at(8);
    roll.take(two.seal(&key(1)).unwrap().octets(), at(1)).unwrap();
    let may = |seed: u8, when| {
        roll.signer("japan", key(seed).id(), when)
            .map_err(|refusal| refusal.word())
    };
    for (when, old, new) in [
        (at(7), None, Some("not-yet-valid")),
        (at(8) + -SKEW_MAX_S, None, None),
        (at(9), None, None),
        (at(10) + SKEW_MAX_S, Some("expired"), None),
    ] {
        assert_eq!((may(11, when).err(), may(12, when).err()), (old, new), "{when}");
    }
    // Of the past, the old key still signs: history stays verified.
    assert!(may(11, at(1)).is_ok());
}

#[test]
fn a_root_hands_over_and_who_missed_it_can_follow() {
    let (mut roll, one) = with_japan();
    let two = handed_over(&one, &key(1), &key(2)).seal(&key(2)).unwrap();
    let three = handed_over(&two, &key(2), &key(4)).seal(&key(4)).unwrap();
    let mut late = roll.clone();
    let taken = roll.take(two.octets(), at(1)).unwrap();
    assert!(
        matches!(taken, Taken::Newer { root: Some(root), .. } if root == key(2).id()),
        "{taken:?}"
    );
    roll.take(three.octets(), at(2)).unwrap();
    // Two changes at once, from the first root.
    late.take(three.octets(), at(2)).unwrap();
    // Never saw a roster: knows only the name that people compared at the beginning, or of the middle.
    for known in [1, 2, 4] {
        let mut new = Roll::new();
        new.pin("japan", key(known).id()).unwrap();
        new.take(three.octets(), at(2)).unwrap();
        assert!(new.signer("japan", key(11).id(), at(2)).is_ok());
    }
    // The key that gave way has nothing to say any more, even with a higher number.
    let mut by_old = next(&next(&next(&one).seal(&key(1)).unwrap()).seal(&key(1)).unwrap());
    by_old.nodes.clear();
    let why = refused(&mut roll, &by_old.seal(&key(1)).unwrap(), at(3));
    assert!(why.starts_with("wrong-root: "), "{why}");
    // Nor can it hand over a second time, to a thief.
    let theft = handed_over(&next(&one).seal(&key(1)).unwrap(), &key(1), &key(66))
        .seal(&key(66))
        .unwrap();
    let theft = handed_over(&theft, &key(66), &key(67)).seal(&key(67)).unwrap();
    assert!(refused(&mut roll, &next(&theft).seal(&key(67)).unwrap(), at(5)).starts_with("wrong-root: "));
}

#[test]
fn a_handover_needs_the_old_key() {
    let (mut roll, one) = with_japan();
    let mut thief = handed_over(&one, &key(66), &key(67));
    thief.authorities = vec![authority("japan", &key(67))];
    let thief = thief.seal(&key(67)).unwrap();
    let why = refused(&mut roll, &thief, at(1));
    assert!(why.starts_with("wrong-root: "), "{why}");
}

#[test]
fn keys_of_another_owner_are_refused() {
    let (mut roll, _) = with_japan();
    let mut korea = first("korea", &key(3), &key(13));
    renewed(&mut korea, &key(3), &[11, 13]);
    let why = refused(&mut roll, &korea.seal(&key(3)).unwrap(), at(0));
    assert!(why.starts_with("key-of-another: ") && why.contains("of japan"), "{why}");
    let mut korea = first("korea", &key(3), &key(13));
    renewed(&mut korea, &key(3), &[1, 13]);
    assert!(refused(&mut roll, &korea.seal(&key(3)).unwrap(), at(0)).starts_with("key-of-another: "));
}

#[test]
fn who_asks_for_a_key_learns_why_not() {
    let (roll, _) = with_japan();
    let word = |owner: &str, seed: u8| {
        roll.signer(owner, key(seed).id(), at(1))
            .map_err(|refusal| refusal.word())
    };
    assert_eq!(word("usa", 11), Err("stranger"));
    assert_eq!(word("korea", 13), Err("no-roster"));
    assert_eq!(word("japan", 13), Err("unknown-key"));
    // The root signs rosters, no frames.
    assert_eq!(word("japan", 1), Err("unknown-key"));
}

#[test]
fn a_certificate_is_the_very_one_of_the_roster() {
    let (roll, _) = with_japan();
    let listed = certificate("japan", &key(1), &key(11));
    assert_eq!(roll.certificate("japan", &listed, at(1)).unwrap(), key(11).id());
    let hosts = ["10.0.0.1".to_owned()];
    let twin = crate::identity::node_certificate("japan", &key(1), &key(11).public(), &hosts, year()).unwrap();
    let named_korea = certificate("korea", &key(1), &key(11));
    let rogue = certificate("japan", &key(66), &key(67));
    for (shown, why) in [
        (&twin, "fingerprint"),
        (&named_korea, "\"korea\""),
        (&rogue, "no key of a node"),
        (&authority("japan", &key(1)), "japan root"),
        (&Certificate::from_der(b"certificate").unwrap(), "no X.509"),
    ] {
        let error = roll.certificate("japan", shown, at(1)).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    // Each owner's own, under the other's name.
    assert_eq!(
        roll.certificate("korea", &named_korea, at(1)).unwrap_err().word(),
        "no-roster"
    );
}

#[test]
fn what_ends_soon_is_told() {
    let (mut roll, one) = with_japan();
    let month_s = 31.0 * 86_400.0;
    let roster = Due {
        owner: "japan".into(),
        what: DueWhat::Roster,
        until: one.roster().expires,
    };
    assert_eq!(roll.due(at(0), 86_400.0), []);
    assert_eq!(roll.due(at(0), month_s), std::slice::from_ref(&roster));
    let mut two = next(&one);
    two.nodes[0].validity.until = at(24);
    roll.take(two.seal(&key(1)).unwrap().octets(), at(1)).unwrap();
    let node = Due {
        owner: "japan".into(),
        what: DueWhat::Node(key(11).id()),
        until: at(24),
    };
    assert_eq!(roll.due(at(2), 86_400.0), std::slice::from_ref(&node));
    let roster = Due {
        until: one.roster().expires + 3_600.0,
        ..roster
    };
    assert_eq!(roll.due(at(2), month_s), [roster, node]);
}

/// What may be done with rosters of Japan: honest moves, and those of who has a node's key, or an old root.
#[derive(Clone, Debug)]
enum Move {
    Renew,
    Revoke(u8),
    AddNode(u8),
    HandOver,
    /// An earlier one again.
    Replay(prop::sample::Index),
    /// The newest, with an octet changed.
    Tamper(prop::sample::Index, u8),
    /// Signed by a root of the past, or a stranger.
    WrongRoot(prop::sample::Index),
    /// The newest once more, its revocations taken off.
    Unrevoke,
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        Just(Move::Renew),
        (11..16_u8).prop_map(Move::Revoke),
        (11..16_u8).prop_map(Move::AddNode),
        Just(Move::HandOver),
        any::<prop::sample::Index>().prop_map(Move::Replay),
        (any::<prop::sample::Index>(), 1..=255_u8).prop_map(|(place, change)| Move::Tamper(place, change)),
        any::<prop::sample::Index>().prop_map(Move::WrongRoot),
        Just(Move::Unrevoke),
    ]
}

/// Makes the roster of a move, and says whether it has to be taken.
fn made(chosen: &Move, given: &mut Vec<SealedRoster>, roots: &mut Vec<u8>) -> (Vec<u8>, bool) {
    let newest = given.last().unwrap().clone();
    let root = key(*roots.last().unwrap());
    let mut roster = next(&newest);
    match chosen {
        Move::Renew => {}
        Move::Revoke(seed) => {
            let is_new = roster.revocation(key(*seed).id()).is_none();
            if is_new {
                let since = roster.issued;
                revoke(&mut roster, *seed, since, Reason::Stolen);
            }
        }
        Move::AddNode(seed) => {
            if !roster.nodes.iter().any(|node| node.key == key(*seed).public()) {
                roster.nodes.push(NodeEntry {
                    role: Role::Standby,
                    ..entry("japan", &root, &key(*seed))
                });
                roster.nodes.sort_by_key(|entry| entry.key);
            }
        }
        Move::HandOver => {
            let to = 100 + u8::try_from(roots.len()).unwrap();
            roots.push(to);
            let mut roster = handed_over(&newest, &root, &key(to));
            // Only so many authorities fit; the oldest go.
            roster.authorities = vec![authority("japan", &key(to))];
            given.push(roster.seal(&key(to)).unwrap());
            return (given.last().unwrap().octets().to_vec(), true);
        }
        Move::Replay(which) => return (which.get(&*given).octets().to_vec(), false),
        Move::Tamper(place, change) => {
            let mut octets = newest.octets().to_vec();
            let place = place.index(octets.len());
            octets[place] ^= change;
            return (octets, false);
        }
        Move::WrongRoot(which) => {
            let past = &roots[..roots.len() - 1];
            let seed = if past.is_empty() { 66 } else { *which.get(past) };
            roster.root = key(seed).public();
            roster.handovers.clear();
            roster.authorities = vec![authority("japan", &key(seed))];
            return (roster.seal(&key(seed)).unwrap().octets().to_vec(), false);
        }
        Move::Unrevoke => {
            let had = !roster.revoked.is_empty();
            roster.revoked.clear();
            let sealed = roster.seal(&root).unwrap();
            if had {
                return (sealed.octets().to_vec(), false);
            }
            given.push(sealed);
            return (given.last().unwrap().octets().to_vec(), true);
        }
    }
    given.push(roster.seal(&root).unwrap());
    (given.last().unwrap().octets().to_vec(), true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn whatever_comes_only_the_owner_moves_it_and_only_forward(chosen in prop::collection::vec(moves(), 1..12)) {
        let (mut roll, one) = with_japan();
        let (mut given, mut roots) = (vec![one], vec![1]);
        for chosen in &chosen {
            let before = roll.roster("japan").cloned().unwrap();
            let (octets, is_to_be_taken) = made(chosen, &mut given, &mut roots);
            let now = given.last().unwrap().roster().issued;
            let taken = roll.take(&octets, now);
            let held = roll.roster("japan").unwrap();
            if is_to_be_taken {
                let is_newer = matches!(taken, Ok(Taken::Newer { .. }));
                prop_assert!(is_newer, "{:?}: {:?}", chosen, taken);
                prop_assert_eq!(held, given.last().unwrap());
            } else {
                prop_assert!(!matches!(taken, Ok(Taken::Newer { .. })), "{:?}: {:?}", chosen, taken);
                prop_assert_eq!(held, &before);
            }
            // Whatever is revoked in any roster of the owner signs no more.
            for revocation in given.iter().flat_map(|sealed| &sealed.roster().revoked) {
                prop_assert!(roll.signer("japan", revocation.key, now).is_err());
            }
        }
    }
}
