// Observed lines in pieces: what is finished is never sent to the graphics card again.

import type { Course } from '../model/course';
import type { Line, Point } from './scene';

/** Points of a piece; the last point of one is the first of the next. */
const PIECE = 32;
/** Pieces of a block. A block that is full never changes. */
const BLOCK = 128;
/** With more objects than this, only the last piece of each is drawn. */
const WHOLE_MAX = 150;

interface Kept {
  course: Course;
  /** Points that are in finished pieces. */
  done: number;
  version: number;
  tail: Line | undefined;
}

export class Trails {
  private kept = new Map<string, Kept>();
  private full: Line[][] = [];
  private open: Line[] = [];

  /** The lines of these courses; the same arrays as before where nothing was added. */
  update(courses: ReadonlyMap<string, Course>, names: Iterable<string>): { blocks: Line[][]; tail: Line[] } {
    const wanted = new Set(names);
    const short = wanted.size > WHOLE_MAX;
    if (this.mustBegin(courses, wanted)) this.begin();
    const tail: Line[] = [];
    for (const name of wanted) {
      const course = courses.get(name);
      if (!course || course.length < 2) continue;
      let kept = this.kept.get(name);
      if (!kept) this.kept.set(name, (kept = { course, done: 0, version: -1, tail: undefined }));
      if (kept.version !== course.version) this.grow(name, kept, short);
      if (kept.tail) tail.push(kept.tail);
    }
    return { blocks: this.open.length > 0 ? [...this.full, this.open] : this.full, tail };
  }

  private mustBegin(courses: ReadonlyMap<string, Course>, wanted: Set<string>): boolean {
    for (const [name, kept] of this.kept) {
      const course = courses.get(name);
      if (!wanted.has(name) || course !== kept.course || course.length < kept.done) return true;
    }
    return false;
  }

  private begin(): void {
    this.kept = new Map();
    this.full = [];
    this.open = [];
  }

  private grow(name: string, kept: Kept, short: boolean): void {
    const { course } = kept;
    if (short) kept.done = Math.max(kept.done, course.length - PIECE);
    while (!short && course.length - kept.done > PIECE) {
      this.open = [...this.open, { name, path: points(course, kept.done, kept.done + PIECE), chosen: false }];
      kept.done += PIECE - 1;
      if (this.open.length === BLOCK) {
        this.full = [...this.full, this.open];
        this.open = [];
      }
    }
    kept.version = course.version;
    kept.tail = { name, path: points(course, kept.done, course.length), chosen: false };
  }
}

function points(course: Course, from: number, to: number): Point[] {
  const path: Point[] = [];
  for (let i = from; i < to; i++) {
    path.push([course.lons_deg[i] ?? 0, course.lats_deg[i] ?? 0, course.heights_m[i] ?? 0]);
  }
  return path;
}
