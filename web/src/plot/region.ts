// A brushed rectangle or a lasso: a polygon over two quantities, in their units, so that it stays on
// the same models when the plot is zoomed.

export type Place = readonly [x: number, y: number];
export type Region = readonly Place[];

// By the number of sides that a ray to the right crosses. `toX`, `toY` straighten the axes: between
// its corners a polygon is straight on the screen.
export function rowsInside(
  region: Region,
  x: Float64Array,
  y: Float64Array,
  toX: (value: number) => number,
  toY: (value: number) => number,
): Uint8Array {
  const corners = region.map(([left, up]) => [toX(left), toY(up)] as const);
  const isInside = new Uint8Array(x.length);
  for (let row = 0; row < x.length; ++row) {
    const px = toX(x[row]!);
    const py = toY(y[row]!);
    let inside = 0;
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const [ax, ay] = corners[i]!;
      const [bx, by] = corners[j]!;
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside ^= 1;
    }
    isInside[row] = inside;
  }
  return isInside;
}

export const rectangle = (a: Place, b: Place): Region => [a, [b[0], a[1]], b, [a[0], b[1]]];

// Leaves out corners nearer than `least` to the one before, in pixels.
export function thinned(places: readonly Place[], least: number): Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const last = kept.at(-1);
    if (last === undefined || Math.hypot(place[0] - last[0], place[1] - last[1]) >= least) {
      kept.push(place);
    }
  }
  return kept;
}
