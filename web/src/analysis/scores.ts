// Mirrors src/analysis/scores.cpp. Columns have one number a row, NaN where it is unknown.

import { kilowattHours, percent } from '../units';
import { sam } from './sam';

export const scoreNames = ['manhattan', 'log-manhattan', 'efficiency', 'sam'] as const;
export type ScoreName = (typeof scoreNames)[number];

export const hasWeight = (score: ScoreName): boolean =>
  score === 'manhattan' || score === 'log-manhattan';

// E_min and N of a setup, over all its models before any threshold; zero where it has no energy.
export interface EnergyRange {
  readonly least: number;
  readonly greatest: number;
}

export function energyRange(energyJ: Float64Array): EnergyRange {
  let least = Infinity;
  let greatest = 0;
  for (let row = 0; row < energyJ.length; ++row) {
    const energy = energyJ[row]!;
    if (!(energy > 0) || energy === Infinity) continue;
    if (energy < least) least = energy;
    if (energy > greatest) greatest = energy;
  }
  return greatest === 0 ? { least: 0, greatest: 0 } : { least, greatest };
}

// Whether a model has any score: a percentage, and a finite energy above zero.
export const hasScore = (accuracyPercent: number, energyJ: number): boolean =>
  accuracyPercent >= 0 && accuracyPercent <= 100 && energyJ > 0 && energyJ < Infinity;

// ln(E/E_min) / ln(N/E_min), NaN where it is undefined.
export function logShare(energyJ: number, { least, greatest }: EnergyRange): number {
  if (!(least > 0 && greatest >= least)) return NaN;
  if (energyJ === least) return 0;
  const length = Math.log(greatest / least);
  return length === 0 ? NaN : Math.log(energyJ / least) / length;
}

// The score at a share of the greatest energy, the linear or the logarithmic one.
export const manhattan = (energyShare: number, accuracyPercent: number, weight: number): number =>
  100 - (weight * energyShare * 100 + (1 - weight) * (100 - accuracyPercent));

const isShare = (weight: number): boolean => weight >= 0 && weight <= 1;

export interface ScoreColumns {
  readonly accuracyPercent: Float64Array;
  readonly energyJ: Float64Array;
  readonly trainKwh?: Float64Array | undefined; // SAM alone reads it
}

// One score a row, NaN where it is undefined.
export function scoresOf(
  score: ScoreName,
  columns: ScoreColumns,
  range: EnergyRange,
  weight: number,
): Float64Array {
  const { accuracyPercent, energyJ, trainKwh } = columns;
  const rows = energyJ.length;
  const into = new Float64Array(rows);
  switch (score) {
    case 'efficiency':
      for (let row = 0; row < rows; ++row) {
        const accuracy = accuracyPercent[row]!;
        const energy = energyJ[row]!;
        into[row] = hasScore(accuracy, energy) ? accuracy / energy : NaN;
      }
      break;
    case 'manhattan':
      fillManhattan(into, columns, range.greatest, weight);
      break;
    case 'log-manhattan':
      fillLogManhattan(into, columns, range, weight);
      break;
    case 'sam':
      for (let row = 0; row < rows; ++row) {
        into[row] =
          trainKwh === undefined
            ? NaN
            : sam(percent(accuracyPercent[row]!), kilowattHours(trainKwh[row]!));
      }
      break;
  }
  return into;
}

function fillManhattan(
  into: Float64Array,
  { accuracyPercent, energyJ }: ScoreColumns,
  greatest: number,
  weight: number,
): void {
  if (!(greatest > 0) || !isShare(weight)) {
    into.fill(NaN);
    return;
  }
  for (let row = 0; row < into.length; ++row) {
    const accuracy = accuracyPercent[row]!;
    const energy = energyJ[row]!;
    into[row] = hasScore(accuracy, energy)
      ? manhattan(energy / greatest, accuracy, weight)
      : NaN;
  }
}

function fillLogManhattan(
  into: Float64Array,
  { accuracyPercent, energyJ }: ScoreColumns,
  range: EnergyRange,
  weight: number,
): void {
  if (!isShare(weight)) {
    into.fill(NaN);
    return;
  }
  for (let row = 0; row < into.length; ++row) {
    const accuracy = accuracyPercent[row]!;
    const energy = energyJ[row]!;
    into[row] = hasScore(accuracy, energy)
      ? manhattan(logShare(energy, range), accuracy, weight)
      : NaN;
  }
}
