import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Course } from '../model/course';
import { TrackSchema } from '../proto/picture_pb';
import { principal } from './ellipsoid';
import { Trails } from './trails';

test('what is finished stays the same array, and the line has no gap', () => {
  const course = new Course();
  const courses = new Map([['a', course]]);
  const trails = new Trails();
  let before: unknown[] = [];
  for (let s = 0; s < 500; s++) {
    course.add(create(TrackSchema, { timeUnixS: s, lonDeg: s / 10, latDeg: 1, heightM: 1 }));
    const { blocks, tail } = trails.update(courses, courses.keys());
    const again = trails.update(courses, courses.keys());
    expect(again.tail[0]).toBe(tail[0]);
    const lines = [...blocks.flat(), ...tail];
    for (let i = 1; i < lines.length; i++) expect(lines[i]?.path[0]).toEqual(lines[i - 1]?.path.at(-1));
    if (lines.length > 0) expect(lines.at(-1)?.path.at(-1)?.[0]).toBeCloseTo(s / 10);
    before.forEach((line, i) => expect(blocks.flat()[i]).toBe(line));
    before = blocks.flat();
  }
  expect(before.length).toBeGreaterThan(10);
});

test('a course goes on past the date line, and is thinned without losing its ends', () => {
  const course = new Course();
  for (let s = 0; s < 5000; s++) {
    course.add(create(TrackSchema, { timeUnixS: s, lonDeg: ((170 + s / 100 + 180) % 360) - 180 }));
  }
  expect(course.length).toBeLessThan(1300);
  expect(course.lons_deg[0]).toBe(170);
  expect(course.lons_deg.at(-1)).toBeCloseTo(219.99);
});

test('axes of an error: those that were put in', () => {
  const { values } = principal([4, 0, 0, 9, 0, 1]);
  expect(values.toSorted((a, b) => a - b).map(Math.round)).toEqual([1, 4, 9]);
  const { values: turned, axes } = principal([5, 4, 0, 5, 0, 2]);
  expect(turned.toSorted((a, b) => a - b).map((x) => Math.round(x * 1e6) / 1e6)).toEqual([1, 2, 9]);
  for (let i = 0; i < 3; i++) expect(Math.hypot(...axes.map((row) => row[i] ?? 0))).toBeCloseTo(1);
});
