// A stretch of numbers along one side of the plot. "Along" is the place on it: 0 at `low`, 1 at
// `high`, even steps for even differences or for even factors.

import { plain, si } from '../look/numbers';

export type Scale = 'linear' | 'log';

export interface Axis {
  readonly scale: Scale;
  readonly low: number;
  readonly high: number;
}

const straight = (scale: Scale, value: number): number =>
  scale === 'log' ? Math.log10(value) : value;
const bent = (scale: Scale, value: number): number => (scale === 'log' ? 10 ** value : value);

export function along({ scale, low, high }: Axis, value: number): number {
  const from = straight(scale, low);
  return (straight(scale, value) - from) / (straight(scale, high) - from);
}

export function valueAt({ scale, low, high }: Axis, place: number): number {
  const from = straight(scale, low);
  return bent(scale, from + place * (straight(scale, high) - from));
}

export const has = (axis: Axis, value: number): boolean => value >= axis.low && value <= axis.high;

// Holds all numbers that have a place on the scale, with some air; `most` is not exceeded (100 %).
export function axisOver(
  scale: Scale,
  columns: readonly Float64Array[],
  most: number = Infinity,
): Axis {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let row = 0; row < column.length; ++row) {
      const value = column[row]!;
      if (!(value > -Infinity && value < Infinity) || (scale === 'log' && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return scale === 'log' ? { scale, low: 0.1, high: 10 } : { scale, low: 0, high: 1 };
  const from = straight(scale, low);
  const to = straight(scale, high);
  const air = to > from ? 0.04 * (to - from) : scale === 'log' ? 0.3 : Math.abs(to) * 0.1 || 1;
  const isNearZero = scale === 'linear' && low >= 0 && from - air < 0.1 * (to - from);
  return {
    scale,
    low: isNearZero ? 0 : bent(scale, from - air),
    high: Math.max(Math.min(bent(scale, to + air), most), high),
  };
}

export interface Tick {
  readonly value: number;
  readonly label: string; // empty: a line without a number
}

// How the numbers along an axis are written.
export interface NumberStyle {
  readonly unit: string;
  readonly takesPrefix: boolean;
  readonly isYear?: boolean;
}

export function ticks(axis: Axis, style: NumberStyle, wanted: number): Tick[] {
  return axis.scale === 'log' ? logTicks(axis, style, wanted) : linearTicks(axis, style, wanted);
}

function linearTicks({ low, high }: Axis, style: NumberStyle, wanted: number): Tick[] {
  const { unit, takesPrefix, isYear = false } = style;
  const step = Math.max(isYear ? 1 : 0, roundStep((high - low) / Math.max(wanted, 1)));
  const found: Tick[] = [];
  const digits = (value: number): number =>
    Math.max(Math.ceil(Math.log10(Math.abs(value) / step + 1e-9)) + 1, 1);
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) {
    const value = i * step;
    const number = takesPrefix ? si(value, unit, digits(value)) : plain(value, digits(value));
    found.push({ value, label: isYear ? String(value) : number });
  }
  return found;
}

// 1, 2 or 5 times a power of ten, at least that.
export function roundStep(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5].find((each) => each * decade >= least * (1 - 1e-9));
  return digit === undefined ? 10 * decade : digit * decade;
}

// Powers of ten; where few are shown also 2 and 5 times those; where many are, some.
function logTicks({ low, high }: Axis, style: NumberStyle, wanted: number): Tick[] {
  const decades = Math.log10(high / low);
  if (decades < 0.35) return linearTicks({ scale: 'linear', low, high }, style, wanted);
  const digits = decades * 3 <= wanted * 1.2 ? [1, 2, 5] : [1];
  const every = digits.length > 1 ? 1 : Math.max(1, Math.ceil(decades / Math.max(wanted, 1)));
  const found: Tick[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); ++decade) {
    for (let digit = 1; digit < 10; ++digit) {
      const value = digit * 10 ** decade;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const isNumbered = digits.includes(digit) && decade % every === 0;
      if (!isNumbered && decades > 6) continue;
      const label = style.takesPrefix ? si(value, style.unit, 1) : plain(value, 1);
      found.push({ value, label: isNumbered ? label : '' });
    }
  }
  return found;
}
