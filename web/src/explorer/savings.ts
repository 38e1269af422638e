// What a year of a model's use takes and what another one saves, as src/report/switch_model.h says:
// a year has 365 days.

import { rowsThatBeat } from '../analysis/dominance';
import { energyRatio, energySaving, type EnergyFigure, type EnergyRatio, type EnergySaving } from '../analysis/energy_ratio';
import type { Points } from '../data/models';
import { joules, type Interval } from '../units';
import type { Judged } from './choice';

export function figureOf(points: Points, row: number): EnergyFigure {
  const low = points.comparisonLowJ?.[row] ?? NaN;
  const high = points.comparisonHighJ?.[row] ?? NaN;
  const isKnown = !Number.isNaN(low) && !Number.isNaN(high);
  return {
    energy: joules(points.energyJ[row]!),
    comparison: isKnown ? { low, high } : undefined,
  };
}

export interface Usage {
  readonly imagesPerDay: number;
  readonly kwhPrice: number | undefined; // in any currency
  readonly gridGPerKwh: number | undefined; // grams of CO2 equivalent
}

const daysAYear = 365;
const joulesPerKwh = 3.6e6;

export const yearlyKwh = ({ imagesPerDay }: Usage, perImageJ: number): number =>
  (perImageJ * imagesPerDay * daysAYear) / joulesPerKwh;

export const yearlyInterval = (usage: Usage, interval: Interval | undefined): Interval | undefined =>
  interval && { low: yearlyKwh(usage, interval.low), high: yearlyKwh(usage, interval.high) };

export interface Alternative {
  readonly row: number;
  readonly gainedPercent: number; // points of accuracy
  readonly saved: EnergySaving; // per image
  readonly ratio: EnergyRatio | undefined; // its energy to that of the model in use
  readonly isSlower: boolean; // fewer images a second
}

export interface Switch {
  readonly alternatives: readonly Alternative[]; // the least energy first
  readonly beyond: number;
}

// Models that are at least as accurate for no more energy, one of them strictly; undefined where the
// model in use has no score.
export function alternativesTo(row: number, judged: Judged, points: Points, top: number): Switch | undefined {
  if (Number.isNaN(judged.judgeablePercent[row])) return undefined;
  const better = rowsThatBeat(row, judged.judgeablePercent, judged.energyJ);
  const current = figureOf(points, row);
  const speed = points.throughputPerS;
  const alternatives = better.slice(0, top).map((other): Alternative => {
    const figure = figureOf(points, other);
    return {
      row: other,
      gainedPercent: judged.accuracyPercent[other]! - judged.accuracyPercent[row]!,
      saved: energySaving(current, figure),
      ratio: energyRatio(figure, current),
      isSlower: speed !== undefined && speed[other]! < speed[row]!,
    };
  });
  return { alternatives, beyond: better.length - alternatives.length };
}

// Of models that are compared the first for which there is an alternative; else the first.
export const firstToReplace = (
  rows: readonly number[],
  judged: Judged,
  points: Points,
): number | undefined =>
  rows.find((row) => (alternativesTo(row, judged, points, 1)?.alternatives.length ?? 0) > 0) ?? rows[0];
