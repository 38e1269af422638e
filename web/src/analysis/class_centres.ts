// Mirrors src/analysis/class_centres.cpp.

import { hasScore } from './scores';

// Where the models of one class lie: the means of ln E and of A.
export interface ClassCentre {
  readonly kind: number; // the word's place
  readonly models: number;
  readonly energyJ: number; // the geometric mean, per image
  readonly accuracyPercent: number;
}

// Of the classes that the scored models have; those whose class is unknown are in none.
export function classCentres(
  accuracyPercent: Float64Array,
  energyJ: Float64Array,
  kinds: Uint16Array,
  kindCount: number,
): ClassCentre[] {
  const models = new Uint32Array(kindCount);
  const logarithms = new Float64Array(kindCount);
  const accuracies = new Float64Array(kindCount);
  for (let row = 0; row < energyJ.length; ++row) {
    const kind = kinds[row]!;
    if (kind >= kindCount || !hasScore(accuracyPercent[row]!, energyJ[row]!)) continue;
    ++models[kind]!;
    logarithms[kind]! += Math.log(energyJ[row]!);
    accuracies[kind]! += accuracyPercent[row]!;
  }
  const centres: ClassCentre[] = [];
  for (let kind = 0; kind < kindCount; ++kind) {
    const count = models[kind]!;
    if (count === 0) continue;
    centres.push({
      kind,
      models: count,
      energyJ: Math.exp(logarithms[kind]! / count),
      accuracyPercent: accuracies[kind]! / count,
    });
  }
  return centres;
}
