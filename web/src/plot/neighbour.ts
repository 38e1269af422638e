// The next point for an arrow key.

import { pixelX, pixelY, type Geometry } from './geometry';
import type { Place } from './region';

// The points of one setup.
export interface Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly emphasised: Uint8Array; // those that are gone to are 1
}

// The nearest point from a place in a direction, in pixels; sideways counts double. `set` is the
// place of its setup in the list.
export function neighbour(
  sets: readonly Placed[],
  geometry: Geometry,
  [fromX, fromY]: Place,
  [towardsX, towardsY]: readonly [number, number],
): { readonly set: number; readonly row: number } | undefined {
  let best: [set: number, row: number] | undefined;
  let least = Infinity;
  sets.forEach(({ x, y, emphasised }, set) => {
    for (let row = 0; row < emphasised.length; ++row) {
      if (emphasised[row] === 0) continue;
      const right = pixelX(geometry, x[row]!) - fromX;
      const down = pixelY(geometry, y[row]!) - fromY;
      const ahead = right * towardsX + down * towardsY;
      const aside = Math.abs(right * towardsY) + Math.abs(down * towardsX);
      const distance = ahead + 2 * aside;
      if (ahead > 0.01 && distance < least) {
        best = [set, row];
        least = distance;
      }
    }
  });
  return best && { set: best[0], row: best[1] };
}
