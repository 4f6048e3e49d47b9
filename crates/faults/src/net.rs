//! Links: what is sent may be lost, arrive twice, late, overtaken, or with a bit turned.

use crate::chance::Chance;
use crate::plan::Links;
use crate::totals::Totals;

/// The way of one message: when its copies arrive, and what is then in them.
pub fn way(chance: &mut Chance, links: &Links, octets: &[u8], totals: &mut Totals) -> Vec<(f64, Vec<u8>)> {
    if chance.happens(links.drop) {
        totals.add("message dropped");
        return Vec::new();
    }
    let mut copies = 1;
    if chance.happens(links.twice) {
        totals.add("message duplicated");
        copies = 2;
    }
    let mut arrivals = Vec::new();
    for _ in 0..copies {
        let mut delay_s = chance.between(0.0005, 0.003);
        if chance.happens(links.late) {
            totals.add("message delayed, overtaken");
            delay_s += chance.between(0.005, 0.4);
        }
        let mut octets = octets.to_vec();
        if chance.happens(links.flip) && !octets.is_empty() {
            totals.add("bit flipped in a message");
            let at = chance.place(octets.len());
            octets[at] ^= 1 << chance.place(8);
        }
        arrivals.push((delay_s, octets));
    }
    arrivals
}
