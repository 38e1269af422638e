// Mirrors src/analysis/dominance.cpp.

import { compare } from './pareto';

// The rows that keep `row` off the Pareto front, the least energy first; among equals the greatest
// accuracy, then the first row. Numbers that are NaN are beaten by none and beat none.
export function rowsThatBeat(
  row: number,
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
): number[] {
  const accuracy = accuracyPercent[row]!;
  const energy = energyJ[row]!;
  const rows: number[] = [];
  for (let other = 0; other < energyJ.length; ++other) {
    const atLeast = accuracyPercent[other]! >= accuracy && energyJ[other]! <= energy;
    if (atLeast && (accuracyPercent[other]! > accuracy || energyJ[other]! < energy)) {
      rows.push(other);
    }
  }
  return rows.sort(
    (a, b) =>
      compare(energyJ[a]!, energyJ[b]!) ||
      compare(accuracyPercent[b]!, accuracyPercent[a]!) ||
      a - b,
  );
}
