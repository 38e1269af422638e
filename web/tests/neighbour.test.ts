import { describe, expect, it } from 'vitest';
import { neighbour, type Placed } from '../src/plot/neighbour';

// Pixels are a hundred times the values; upwards is up.
const axis = { scale: 'linear', low: 0, high: 10 } as const;
const geometry = { width: 1000, height: 1000, x: axis, y: axis, fullX: axis, fullY: axis };
const placed = (places: readonly (readonly [number, number])[], hidden = -1): Placed => ({
  x: Float64Array.from(places, ([x]) => x),
  y: Float64Array.from(places, ([, y]) => y),
  emphasised: Uint8Array.from(places, (_, row) => (row === hidden ? 0 : 1)),
});

describe('the next point', () => {
  const first = placed([[5, 5], [6, 5], [8, 9], [NaN, 5]]);

  it('is the nearest in the direction, of whichever setup', () => {
    const second = placed([[5.5, 5]]);
    expect(neighbour([first], geometry, [500, 500], [1, 0])).toEqual({ set: 0, row: 1 });
    expect(neighbour([first, second], geometry, [500, 500], [1, 0])).toEqual({ set: 1, row: 0 });
    expect(neighbour([first], geometry, [600, 500], [0, -1])).toEqual({ set: 0, row: 2 });
  });

  it('is none beyond the last, and none that is dimmed', () => {
    expect(neighbour([first], geometry, [800, 100], [1, 0])).toBeUndefined();
    const dimmed = placed([[5, 5], [6, 5]], 1);
    expect(neighbour([dimmed], geometry, [500, 500], [1, 0])).toBeUndefined();
  });
});
