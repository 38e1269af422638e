// Mirrors src/analysis/energy_ratio.cpp, whose header derives the intervals.

import type { Interval, Joules } from '../units';

// An energy with its comparison interval, where there is one.
export interface EnergyFigure {
  readonly energy: Joules;
  readonly comparison?: Interval | undefined;
}

export interface EnergyRatio {
  readonly factor: number;
  readonly interval?: Interval | undefined;
}

const isEnergy = (energy: number): boolean => energy > 0 && energy < Infinity;
const joinedLogs = (a: number, b: number): number => Math.hypot(Math.log(a), Math.log(b));

// How many times the energy of `reference` that of `model` is; undefined where an energy is not
// finite and above zero.
export function energyRatio(model: EnergyFigure, reference: EnergyFigure): EnergyRatio | undefined {
  const f = model.energy;
  const e = reference.energy;
  if (!isEnergy(f) || !isEnergy(e)) return undefined;
  const factor = f / e;
  const of = model.comparison;
  const to = reference.comparison;
  if (of === undefined || to === undefined || !(of.low > 0) || !(to.low > 0)) return { factor };
  const down = joinedLogs(f / of.low, to.high / e);
  const up = joinedLogs(of.high / f, e / to.low);
  if (!Number.isFinite(down) || !Number.isFinite(up)) return { factor };
  return { factor, interval: { low: factor * Math.exp(-down), high: factor * Math.exp(up) } };
}

export interface EnergySaving {
  readonly energy: Joules;
  readonly interval?: Interval | undefined;
}

// What each image takes less with `to` than with `from`.
export function energySaving(from: EnergyFigure, to: EnergyFigure): EnergySaving {
  const energy = (from.energy - to.energy) as Joules;
  const a = from.comparison;
  const b = to.comparison;
  if (a === undefined || b === undefined) return { energy };
  const down = Math.hypot(from.energy - a.low, b.high - to.energy);
  const up = Math.hypot(a.high - from.energy, to.energy - b.low);
  return { energy, interval: { low: energy - down, high: energy + up } };
}

// Whether the interval leaves open which of the two needs less; undefined where there is none.
export const isUnsure = ({ interval }: EnergyRatio): boolean | undefined =>
  interval && interval.low <= 1 && interval.high >= 1;
