import type { Layer } from '@deck.gl/core';
import { expect, test } from 'vitest';
import { Census, type Drawn } from './drawn';

test('what the renderer goes over is told, once for each change', () => {
  const told: Drawn[] = [];
  const census = new Census((drawn) => told.push(drawn));
  const draw = (...layers: [string, number][]) => {
    for (const [id, length] of layers) {
      const layer = { id, props: { data: Array(length).fill(0) } } as unknown as Layer;
      expect(census.layerFilter({ layer, isPicking: false })).toBe(true);
      census.layerFilter({ layer: { ...layer, id: 'picked' } as Layer, isPicking: true });
    }
    census.onAfterRender();
  };
  draw(['drops', 2], ['notes', 1]);
  draw(['drops', 2], ['notes', 1]);
  draw(['drops', 2]);
  expect(told).toEqual([{ drops: 2, notes: 1 }, { drops: 2 }]);
});
