// What a fixture node tells: made up, smooth, and the same for the same time.

const RAD = Math.PI / 180;
const EARTH_M = 6371e3;

export const OWNERS = ['JP', 'KR', 'US'];
export const SENSORS = [
  { owner: 'JP', name: 'jp-north', latDeg: 40.9, lonDeg: 140.3, heightM: 200, rangeMaxM: 1.2e6, azimuthFromDeg: 200,
    azimuthToDeg: 340, elevationMinDeg: 1, elevationMaxDeg: 80 },
  { owner: 'KR', name: 'kr-central', latDeg: 36.9, lonDeg: 127.3, heightM: 400, rangeMaxM: 9e5, azimuthFromDeg: 0,
    azimuthToDeg: 360, elevationMinDeg: 1, elevationMaxDeg: 80 },
  { owner: 'US', name: 'us-sea', latDeg: 37.5, lonDeg: 133.5, heightM: 20, rangeMaxM: 7e5, azimuthFromDeg: 0,
    azimuthToDeg: 360, elevationMinDeg: 0.5, elevationMaxDeg: 85 },
];

export function hello(more = {}) {
  return { owner: 'JP', exercise: true, version: '0.6.0', owners: OWNERS, sensors: SENSORS, speed: 1,
    historyFromUnixS: 0, instance: 'fixture-1', ...more };
}

/** A closed ring round a place: lon, lat, …. */
export function ring(lat, lon, major_m, minor_m, azimuth_deg) {
  const flat = [];
  for (let i = 0; i <= 48; i++) {
    const a = (2 * Math.PI * i) / 48;
    const [x, y] = [major_m * Math.cos(a), minor_m * Math.sin(a)];
    const z = azimuth_deg * RAD;
    const [north, east] = [x * Math.cos(z) - y * Math.sin(z), x * Math.sin(z) + y * Math.cos(z)];
    flat.push(lon + east / (EARTH_M * RAD * Math.cos(lat * RAD)), lat + north / (EARTH_M * RAD));
  }
  return flat;
}

function area(way, probability, at, size, times, said) {
  const scale = probability > 0.9 ? 1 : 0.48;
  const [lat, lon] = at;
  const [major, minor] = [size * scale, size * scale * 0.35];
  const half = (times.spread * scale) / 1;
  return { way, weight: 1, probability, latDeg: lat, lonDeg: lon, majorM: major, minorM: minor, azimuthDeg: 75,
    earliestUnixS: times.middle - half, middleUnixS: times.middle, latestUnixS: times.middle + half, saidUnixS: said,
    outlineDeg: ring(lat, lon, major, minor, 75) };
}

/** A flight from one place to another that begins at a time. */
export class Flight {
  constructor({ name, from, to, begin_s, lasts_s = 780, apogee_m = 550e3, phase }) {
    Object.assign(this, { name, from, to, begin_s, lasts_s, apogee_m, phase });
  }

  at(t) {
    const x = Math.min(1, Math.max(0, (t - this.begin_s) / this.lasts_s));
    const mix = (a, b) => a + (b - a) * x;
    return { lat: mix(this.from[0], this.to[0]), lon: mix(this.from[1], this.to[1]),
      height: 4 * this.apogee_m * x * (1 - x), x };
  }

  track(t, owners = OWNERS) {
    const here = this.at(t);
    const [before, after] = [this.at(t - 0.5), this.at(t + 0.5)];
    const end = this.begin_s + this.lasts_s;
    const left = Math.max(0.03, 1 - here.x);
    const size = 20e3 + 900e3 * left ** 2 * (owners.length === 1 ? 2.2 : 1);
    const times = { middle: end, spread: 20 + 200 * left ** 2 * (owners.length === 1 ? 2 : 1) };
    const sigma = 60 + 2500 * left ** 4 * (owners.length === 1 ? 3 : 1);
    const path = Array.from({ length: 48 }, (_, i) => {
      const time = t + ((end - t) * (i + 1)) / 48;
      const { lat, lon, height } = this.at(time);
      return { timeUnixS: time, latDeg: lat, lonDeg: lon, heightM: height };
    });
    return { name: this.name, phase: this.phase ?? (here.x < 0.12 ? 'boost' : here.x > 0.93 ? 're-entry' : 'coast'),
      existence: 0.9995, timeUnixS: t, latDeg: here.lat, lonDeg: here.lon, heightM: here.height,
      eastMps: (after.lon - before.lon) * RAD * EARTH_M * Math.cos(here.lat * RAD),
      northMps: (after.lat - before.lat) * RAD * EARTH_M, upMps: after.height - before.height,
      covariance: [sigma ** 2, 0.3 * sigma ** 2, 0, 0.6 * sigma ** 2, 0, 0.8 * sigma ** 2],
      plots: Math.max(1, Math.floor((t - this.begin_s) * owners.length)),
      contributions: owners.map((owner, i) => ({ owner, sensor: SENSORS.find((one) => one.owner === owner).name,
        plots: Math.max(1, Math.floor(t - this.begin_s) - i * 20), lastUnixS: t - 0.2 * i, latencyMs: 12 + 30 * i })),
      lost: false, velocitySigmaMps: sigma / 20, path: here.x < 0.06 ? [] : path,
      arrival: [area('any', 0.5, this.to, size, times, Math.floor(t)),
        area('any', 0.95, this.to, size, times, Math.floor(t)),
        { ...area('coast', 0.95, this.to, size * 0.7, times, Math.floor(t)), weight: 0.82 },
        { ...area('glide', 0.95, [this.to[0] + 0.6, this.to[1] + 0.9], size * 1.1, times, Math.floor(t)),
          weight: 0.18 }],
      launch: [area('any', 0.95, this.from, 4e3 + 30e3 * left, { middle: this.begin_s, spread: 4 }, Math.floor(t))] };
  }
}

export function partners(t) {
  return ['KR', 'US'].map((owner, i) => ({ owner, up: true, dataAgeS: 0.6 + i, clockOffsetMs: 0.4, plots: 900n,
    latencyP50Ms: 14, latencyP99Ms: 41, agrees: true, tier: 'full' }));
}

/** A moment of flights at a time: every owner's picture and the one together. */
export function moment(flights, t, more = {}) {
  const flying = flights.filter((one) => t >= one.begin_s && t <= one.begin_s + one.lasts_s + 20);
  const first = Math.min(...flights.map((one) => one.begin_s));
  const delays = { together: 0, JP: 95, KR: 0, US: 130 };
  const pictures = ['together', ...OWNERS].map((view) => ({ view, whole: true,
    tracks: flying.filter((one) => t >= one.begin_s + 8 + delays[view])
      .map((one) => one.track(t, view === 'together' ? OWNERS : [view])),
    firstTrackUnixS: t > first + 8 + delays[view] ? first + 8 + delays[view] : 0,
    firstWarningUnixS: t > first + 40 + delays[view] ? first + 40 + delays[view] : 0,
    firstKnownUnixS: t > first + 300 + delays[view] ? first + 300 + delays[view] : 0 }));
  const plots = flying.flatMap((one) => SENSORS.map((sensor, i) => {
    const seen = one.at(t - 0.1 * i);
    return { owner: sensor.owner, sensor: sensor.name, timeUnixS: t - 0.1 * i, cameUnixS: t, placed: true,
      latDeg: seen.lat + 0.02 * Math.sin(t * (i + 1)), lonDeg: seen.lon + 0.02 * Math.cos(t * (i + 2)),
      heightM: seen.height, track: one.name };
  }));
  return { nowUnixS: t, pictures, plots, events: [], partners: partners(t),
    agreement: { cyclesAgreed: 120n, cyclesDiffer: 0n, difference: '',
      digests: { JP: 'ab12', KR: 'ab12', US: 'ab12' } },
    ...more };
}
