// Mirrors src/analysis/pareto.cpp.

// The rows on the Pareto front, from the least energy to the most accurate: no other has an accuracy
// at least as high and an energy at most as high with one of them strict. Equal points are on it
// together; a point that is not a number is never on it. Where `isAsked` is given, of the rows that it
// marks. n·log n.
export function paretoFront(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  isAsked?: Uint8Array,
): Uint32Array {
  const places = new Uint32Array(energyJ.length);
  let count = 0;
  for (let row = 0; row < energyJ.length; ++row) {
    const isPoint = accuracyPercent[row] === accuracyPercent[row] && energyJ[row] === energyJ[row];
    if (isPoint && (isAsked === undefined || isAsked[row] !== 0)) places[count++] = row;
  }
  const few = withoutWhatASampleBeats(accuracyPercent, energyJ, places.subarray(0, count));
  return frontOf(accuracyPercent, energyJ, few);
}

// By energy, and the most accurate first among equals: then a point is on the front where its
// accuracy exceeds that of all before it, or where it equals the point that did so last.
function frontOf(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  places: Uint32Array,
): Uint32Array {
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
  places: Uint32Array,
): Uint32Array {
  const step = Math.floor(places.length / 1024);
  if (step < 2) return places;
  const sample = Uint32Array.from({ length: Math.ceil(places.length / step) }, (_, i) => places[i * step]!);
  const front = frontOf(accuracyPercent, energyJ, sample);
  const accuracyOn = Float64Array.from(front, (place) => accuracyPercent[place]!);
  const energyOn = Float64Array.from(front, (place) => energyJ[place]!);
  let count = 0;
  for (let i = 0; i < places.length; ++i) {
    const place = places[i]!;
    const before = countBelow(energyOn, energyJ[place]!);
    if (before > 0 && accuracyOn[before - 1]! >= accuracyPercent[place]!) continue;
    places[count++] = place;
  }
  return places.subarray(0, count);
}

// How many of the numbers, which rise, are less than `limit`.
function countBelow(rising: Float64Array, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Infinities are numbers, too, and equal to themselves, which their difference is not.
export const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
