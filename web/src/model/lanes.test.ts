import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { draw, type Look } from '../parts/lanes';
import { PlotSchema } from '../proto/picture_pb';
import { Lanes } from './lanes';

const plot = (s: number, late_s: number) =>
  create(PlotSchema, { owner: 'JP', sensor: 'x', timeUnixS: s + 0.5, cameUnixS: s + 0.5 + late_s });

test('late plots are counted beside the others, by the second in which they were measured', () => {
  const lanes = new Lanes();
  for (const [s, late_s] of [[100, 0.1], [100, 2.5], [101, 0.1], [102, 9]] as const) lanes.add(plot(s, late_s));
  const lane = lanes.lane('JP', 'x');
  expect([...lane.counts]).toEqual([
    [100, { plots: 2, late: 1 }],
    [101, { plots: 1, late: 0 }],
    [102, { plots: 1, late: 1 }],
  ]);
  expect([lane.plots, lane.late]).toEqual([4, 2]);
});

test('where the clock goes faster than the wall, late is what took as long on the wall', () => {
  const lanes = new Lanes();
  lanes.speed = 10;
  for (const late_s of [19, 21]) lanes.add(plot(100, late_s));
  expect(lanes.lane('JP', 'x').late).toBe(1);
});

/** A pen that notes what it is asked to draw. */
function noted(lanes: Lanes): string[] {
  const said: string[] = [];
  const pen = new Proxy({} as Record<string, unknown>, {
    get: (own, name) => own[name as string] ?? ((...at: number[]) => said.push(`${String(name)} ${at.join(' ')}`)),
    set: (own, name, value) => ((own[name as string] = value), true),
  });
  const canvas = { clientWidth: 400, clientHeight: 40, getContext: () => pen } as unknown as HTMLCanvasElement;
  draw(canvas, {
    lanes: [{ lane: lanes.lane('JP', 'x'), colour: '#fff' }],
    events: [],
    bookmarks_s: [],
    at_s: 0,
    time: { from_s: 100, to_s: 140 },
    line: '#000',
    text: '#000',
    lane_px: 15,
    head_px: 18,
  } satisfies Look);
  return said;
}

test('what came in time is a filled stroke, what came late a hollow one', () => {
  const lanes = new Lanes();
  lanes.add(plot(110, 0.1));
  lanes.add(plot(120, 5));
  const said = noted(lanes);
  expect(said).toContain('fillRect 100 19 9.5 12');
  expect(said.filter((one) => one.startsWith('strokeRect'))).toEqual(['strokeRect 200.5 19.5 8.5 11']);
  expect(said.some((one) => one.startsWith('fillRect 200 '))).toBe(false);
});
