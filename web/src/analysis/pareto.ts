// Mirrors src/analysis/pareto.cpp.

// The rows on the Pareto front, from the least energy to the most accurate: no other has an accuracy
// at least as high and an energy at most as high with one of them strict. Equal points are on it
// together; a point that is not a number is never on it. n·log n.
export function paretoFront(accuracyPercent: Float64Array, energyJ: Float64Array): Uint32Array {
  const places: number[] = [];
  for (let row = 0; row < energyJ.length; ++row) {
    if (!Number.isNaN(accuracyPercent[row]) && !Number.isNaN(energyJ[row])) places.push(row);
  }
  const few = withoutWhatASampleBeats(accuracyPercent, energyJ, places);
  return Uint32Array.from(frontOf(accuracyPercent, energyJ, few));
}

function frontOf(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  places: number[],
): number[] {
  // By energy, and the most accurate first among equals: then a point is on the front where its
  // accuracy exceeds that of all before it, or where it equals the point that did so last.
  places.sort(
    (a, b) => compare(energyJ[a]!, energyJ[b]!) || compare(accuracyPercent[b]!, accuracyPercent[a]!),
  );
  let last: number | undefined;
  return places.filter((place) => {
    const exceeds = last === undefined || accuracyPercent[place]! > accuracyPercent[last]!;
    const equals =
      last !== undefined &&
      energyJ[place] === energyJ[last] &&
      accuracyPercent[place] === accuracyPercent[last];
    if (exceeds) last = place;
    return exceeds || equals;
  });
}

// Of many points most are beaten by the front of a sample: one pass, so that few are left to sort.
function withoutWhatASampleBeats(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  places: number[],
): number[] {
  const step = Math.floor(places.length / 1024);
  if (step < 2) return places;
  const sample: number[] = [];
  for (let i = 0; i < places.length; i += step) sample.push(places[i]!);
  const front = frontOf(accuracyPercent, energyJ, sample);
  return places.filter((place) => {
    const before = countBelow(front, energyJ, energyJ[place]!);
    return before === 0 || !(accuracyPercent[front[before - 1]!]! >= accuracyPercent[place]!);
  });
}

// How many of the places, in order of energy, take less than `limit`.
function countBelow(places: readonly number[], energyJ: Float64Array, limit: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (energyJ[places[middle]!]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Infinities are numbers, too, and equal to themselves, which their difference is not.
export const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
