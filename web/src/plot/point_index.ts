// Finds the point under the pointer among a million: a grid over the places of all points.

export interface NearPoint {
  readonly row: number;
  readonly distance: number; // below 1, which is the reach
}

export interface PointIndex {
  // The nearest shown point within the reach, in shares of the sides; undefined where there is none.
  nearest(
    x: number,
    y: number,
    reachX: number,
    reachY: number,
    isShown: (row: number) => boolean,
  ): NearPoint | undefined;
}

// `x` and `y` are shares from 0 to 1; what is outside or not a number is not found.
export function pointIndex(x: Float32Array, y: Float32Array): PointIndex {
  const side = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(x.length / 2))));
  const cellOf = (row: number): number => {
    const cx = Math.floor(x[row]! * side);
    const cy = Math.floor(y[row]! * side);
    if (!(cx >= 0 && cx <= side && cy >= 0 && cy <= side)) return -1;
    return Math.min(cy, side - 1) * side + Math.min(cx, side - 1);
  };
  const starts = new Uint32Array(side * side + 1);
  for (let row = 0; row < x.length; ++row) {
    const cell = cellOf(row);
    if (cell >= 0) ++starts[cell + 1]!;
  }
  for (let cell = 0; cell < side * side; ++cell) starts[cell + 1]! += starts[cell]!;
  const rows = new Uint32Array(starts[side * side]!);
  const next = starts.slice();
  for (let row = 0; row < x.length; ++row) {
    const cell = cellOf(row);
    if (cell >= 0) rows[next[cell]!++] = row;
  }
  const clamp = (cell: number): number => Math.max(0, Math.min(side - 1, cell));

  return {
    nearest(atX, atY, reachX, reachY, isShown) {
      let best: NearPoint | undefined;
      const [left, right] = [atX - reachX, atX + reachX].map((at) => clamp(Math.floor(at * side)));
      const [low, high] = [atY - reachY, atY + reachY].map((at) => clamp(Math.floor(at * side)));
      for (let cy = low!; cy <= high!; ++cy) {
        for (let i = starts[cy * side + left!]!; i < starts[cy * side + right! + 1]!; ++i) {
          const row = rows[i]!;
          const distance = Math.hypot((x[row]! - atX) / reachX, (y[row]! - atY) / reachY);
          if (distance < (best?.distance ?? 1) && isShown(row)) best = { row, distance };
        }
      }
      return best;
    },
  };
}
