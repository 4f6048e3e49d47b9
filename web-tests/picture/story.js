// The scene that most tests on a fixture open: two missiles of different owners' names, one that flies low, a past to
// go through.

import { Flight, hello, moment } from './scenes.js';

/** A story that began so long ago, s, and never on a whole second: nor does what a radar sees. */
export function story({ ago_s = 330, instance = 'fixture-1' } = {}) {
  const now = Date.now() / 1000;
  const begin_s = Math.floor(now - ago_s) + 0.7;
  const flights = [
    new Flight({ name: 'JP-2b7e-0412', from: [39.6, 125.3], to: [41.2, 139.2], begin_s }),
    new Flight({ name: 'KR-91aa-0007', from: [39.9, 124.9], to: [37.2, 144.5], begin_s: begin_s + 60, lasts_s: 900 }),
    new Flight({ name: 'US-77', from: [34, 129], to: [36.5, 133], begin_s: begin_s - 100, lasts_s: 3000,
      apogee_m: 9e3, phase: 'air-breathing' }),
  ];
  const happened = [[2, 'first-plot', 'KR'], [20, 'confirmed', ''], [40, 'area', ''], [95, 'first-plot', 'JP'],
    [300, 'known', '']].map(([after_s, kind, owner]) => ({ timeUnixS: begin_s + after_s, kind, owner, detail: '',
    view: owner ? '' : 'together', track: 'JP-2b7e-0412' }));
  const at = (t, since = t) => {
    const told = moment(flights, t, { events: happened.filter((one) => one.timeUnixS > since && one.timeUnixS <= t) });
    for (const track of told.pictures.flatMap((picture) => picture.tracks)) {
      if (track.name === 'US-77') Object.assign(track, { arrival: [], launch: [], path: [] });
    }
    return told;
  };
  return {
    begin_s,
    hello: hello({ historyFromUnixS: begin_s - 30, instance }),
    moment: (t) => at(t),
    past: (from, to, step) => {
      // Coarse: a fixture has no time to lose.
      const apart_s = Math.max(step, 4);
      const all = [];
      for (let t = Math.max(from, begin_s - 30); t <= to; t += apart_s) all.push(at(t, t - apart_s));
      return all;
    },
    at: (t) => at(t),
  };
}
