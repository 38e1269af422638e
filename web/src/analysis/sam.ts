// Mirrors src/analysis/sam.cpp: the published form.

import type { KilowattHours, Percent } from '../units';

export const usualAlpha = 5;
const beta = 5;

// β · a^α / log₁₀(kWh); NaN where it means nothing, such as at or below 1 kWh.
export function sam(accuracy: Percent, electricity: KilowattHours, alpha = usualAlpha): number {
  if (!(accuracy >= 0 && accuracy <= 100)) return NaN;
  if (!(electricity > 1) || !Number.isFinite(electricity)) return NaN;
  const value = (beta * Math.pow(accuracy / 100, alpha)) / Math.log10(electricity);
  return Number.isFinite(value) ? value : NaN;
}

// Below 10 kWh the logarithm is below one and hands out the score.
export const isInflated = (electricity: KilowattHours): boolean => electricity < 10;
