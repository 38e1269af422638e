// Where a score has one value: closed forms over energy and accuracy, the inverses of
// analysis/scores.ts.

import { logShare, manhattan, type EnergyRange, type ScoreName } from '../analysis/scores';
import { roundStep } from './axis';

export interface ScoreSurface {
  readonly score: ScoreName;
  readonly weight: number;
  readonly range: EnergyRange;
}

// SAM is of the electricity to train: it has no value at a place of this plane.
export const hasLevels = ({ score, range }: ScoreSurface): boolean =>
  score !== 'sam' && range.greatest > 0 && (score !== 'log-manhattan' || range.greatest > range.least);

// The accuracy in percent at which the score has the level; beyond 0 … 100 there is no model of it.
// Infinite where only energy counts.
export function accuracyAt(surface: ScoreSurface, level: number, energyJ: number): number {
  const { score, weight, range } = surface;
  if (score === 'efficiency') return level * energyJ;
  const share = score === 'manhattan' ? energyJ / range.greatest : logShare(energyJ, range);
  return 100 - (100 - level - weight * share * 100) / (1 - weight);
}

// The energy in joules at which it has the level; not finite where only accuracy counts.
export function energyAt(surface: ScoreSurface, level: number, accuracyPercent: number): number {
  const { score, weight, range } = surface;
  if (score === 'efficiency') return accuracyPercent / level;
  const share = (100 - level - (1 - weight) * (100 - accuracyPercent)) / (100 * weight);
  return score === 'manhattan'
    ? share * range.greatest
    : range.least * Math.pow(range.greatest / range.least, share);
}

export function scoreAt(surface: ScoreSurface, accuracyPercent: number, energyJ: number): number {
  const { score, weight, range } = surface;
  if (score === 'efficiency') return accuracyPercent / energyJ;
  const share = score === 'manhattan' ? energyJ / range.greatest : logShare(energyJ, range);
  return manhattan(share, accuracyPercent, weight);
}

// Whether a level is drawn over energies or over accuracies: over the one along which it is not
// steep.
export const isOverEnergy = ({ score, weight }: ScoreSurface): boolean =>
  score === 'efficiency' || weight <= 0.5;

// Round levels between the least and the greatest score of a rectangle of the plane, rising.
export function levelsWithin(
  surface: ScoreSurface,
  energy: { readonly low: number; readonly high: number },
  accuracy: { readonly low: number; readonly high: number },
  wanted: number,
): number[] {
  const least = scoreAt(surface, accuracy.low, energy.high);
  const greatest = scoreAt(surface, accuracy.high, energy.low);
  if (!(greatest > least) || greatest === Infinity) return [];
  if (surface.score === 'efficiency' && least > 0 && greatest / least > 20) {
    return decadeLevels(least, greatest, wanted);
  }
  const step = roundStep((greatest - least) / wanted);
  const levels: number[] = [];
  for (let i = Math.floor(least / step) + 1; i * step < greatest; ++i) levels.push(i * step);
  return levels;
}

// Efficiency spans decades: its levels rise by even factors.
function decadeLevels(least: number, greatest: number, wanted: number): number[] {
  const decades = Math.log10(greatest / least);
  const digits = decades * 3 <= wanted * 1.5 ? [1, 2, 5] : [1];
  const levels: number[] = [];
  for (let decade = Math.floor(Math.log10(least)); 10 ** decade <= greatest; ++decade) {
    for (const digit of digits) {
      const level = digit * 10 ** decade;
      if (level > least && level < greatest) levels.push(level);
    }
  }
  return levels;
}
