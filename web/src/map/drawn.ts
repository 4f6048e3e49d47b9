// What is drawn above the ground, as the renderer goes over it: for whoever tests what is seen.

import type { Layer } from '@deck.gl/core';

/** How many things each layer has. */
export type Drawn = Record<string, number>;

export class Census {
  private seen: Drawn = {};
  private said = '';

  constructor(private readonly tell: (drawn: Drawn) => void) {}

  /** Asked by the renderer of each layer that it is about to draw. */
  readonly layerFilter = ({ layer, isPicking }: { layer: Layer; isPicking: boolean }): boolean => {
    const { data } = layer.props as { data?: unknown };
    if (!isPicking && Array.isArray(data)) this.seen[layer.id] = data.length;
    return true;
  };

  /** Told by the renderer that a picture is drawn. */
  readonly onAfterRender = (): void => {
    const said = JSON.stringify(this.seen);
    if (said !== this.said) this.tell(this.seen);
    this.said = said;
    this.seen = {};
  };
}
