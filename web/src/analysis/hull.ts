// Mirrors src/analysis/hull.cpp.

import { compare } from './pareto';

// The corners of the upper-left convex hull of (log E, A), as rows, from the least energy to the
// most accurate. Of points with one energy the most accurate counts, of equal ones the first; a
// point on the line between two corners is none. `counts` says which rows are considered.
export function upperLeftHull(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  counts: (row: number) => boolean = () => true,
): number[] {
  const order: number[] = [];
  for (let row = 0; row < energyJ.length; ++row) {
    const energy = energyJ[row]!;
    if (energy > 0 && energy < Infinity && Number.isFinite(accuracyPercent[row]) && counts(row)) {
      order.push(row);
    }
  }
  order.sort(
    (a, b) =>
      compare(energyJ[a]!, energyJ[b]!) ||
      compare(accuracyPercent[b]!, accuracyPercent[a]!) ||
      a - b,
  );

  const decade = (row: number): number => Math.log10(energyJ[row]!);
  const isCorner = (first: number, middle: number, last: number): boolean => {
    const gained = accuracyPercent[middle]! - accuracyPercent[first]!;
    const gainedLater = accuracyPercent[last]! - accuracyPercent[middle]!;
    return (
      gained * (decade(last) - decade(middle)) > gainedLater * (decade(middle) - decade(first))
    );
  };
  // Andrew's monotone chain, over the points that raise the accuracy.
  const hull: number[] = [];
  for (const row of order) {
    if (hull.length > 0 && !(accuracyPercent[row]! > accuracyPercent[hull.at(-1)!]!)) continue;
    while (hull.length >= 2 && !isCorner(hull.at(-2)!, hull.at(-1)!, row)) hull.pop();
    hull.push(row);
  }
  return hull;
}
