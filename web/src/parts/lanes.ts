// Draws the lanes of the timeline: a stroke for each second with plots, darker where there are more, and hollow where
// they came late.

import type { Lane } from '../model/lanes';
import type { Stretch } from '../model/window';
import type { Event } from '../proto/picture_pb';

/** So wide is a hollow stroke at least. */
const LATE_PX = 5;

export interface Look {
  lanes: { lane: Lane; colour: string }[];
  events: { event: Event; colour: string }[];
  bookmarks_s: number[];
  at_s: number;
  time: Stretch;
  line: string;
  text: string;
  lane_px: number;
  head_px: number;
}

export function draw(canvas: HTMLCanvasElement, look: Look): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const scale = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  if (!pen || width === 0) return;
  pen.scale(scale, scale);
  const { from_s, to_s } = look.time;
  const x = (s: number) => ((s - from_s) / (to_s - from_s)) * width;
  look.lanes.forEach(({ lane, colour }, i) => {
    const top = look.head_px + i * look.lane_px;
    pen.fillStyle = look.line;
    pen.fillRect(0, top + look.lane_px - 1, width, 0.5);
    drawLane(pen, lane, colour, x, { from_s, to_s, top, height: look.lane_px - 3, width });
  });
  for (const { event, colour } of look.events) {
    if (event.timeUnixS < from_s || event.timeUnixS > to_s) continue;
    pen.fillStyle = colour;
    pen.fillRect(x(event.timeUnixS) - 1, 2, 2, look.head_px - 5);
  }
  pen.fillStyle = look.text;
  for (const at_s of look.bookmarks_s) {
    const at = x(at_s);
    pen.beginPath();
    pen.moveTo(at - 4, 1);
    pen.lineTo(at + 4, 1);
    pen.lineTo(at, 8);
    pen.fill();
  }
  pen.fillRect(x(look.at_s) - 1, 0, 2, height);
}

interface Box extends Stretch {
  top: number;
  height: number;
  width: number;
}

function drawLane(
  pen: CanvasRenderingContext2D,
  lane: Lane,
  colour: string,
  x: (s: number) => number,
  { from_s, to_s, top, height, width }: Box,
): void {
  const bins = new Map<number, number>();
  const late = new Set<number>();
  for (const [second, { plots, late: late_plots }] of lane.counts) {
    if (second < from_s || second > to_s) continue;
    const bin = Math.floor(x(second));
    bins.set(bin, (bins.get(bin) ?? 0) + plots - late_plots);
    if (late_plots > 0) late.add(bin);
  }
  const most = Math.max(1, ...bins.values());
  // A second is as wide as it is, two pixels at least.
  const wide = Math.max(1.5, width / (to_s - from_s) - 0.5);
  pen.fillStyle = pen.strokeStyle = colour;
  for (const [bin, plots] of bins) {
    if (plots === 0) continue;
    pen.globalAlpha = 0.35 + 0.65 * Math.sqrt(plots / most);
    pen.fillRect(bin, top + 1, wide, height);
  }
  pen.globalAlpha = 1;
  // A frame needs room to be hollow: it is wider than a stroke, and drawn over what stands beside it.
  const frame = Math.max(LATE_PX, wide);
  pen.lineWidth = 1;
  for (const bin of late) {
    pen.clearRect(bin, top + 1, frame, height);
    pen.strokeRect(bin + 0.5, top + 1.5, frame - 1, height - 1);
  }
}
