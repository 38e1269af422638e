// What can stand on an axis, size a point and fill a column of a table.

import { fixed, plain, si } from '../look/numbers';
import type { Scale } from '../plot/axis';

export const quantityIds = [
  'energy',
  'accuracy',
  'score',
  'latency',
  'throughput',
  'parameters',
  'macs',
  'activations',
  'memory',
  'input-size',
  'batch-size',
  'year',
  'training',
  'sam',
  'other-energy',
] as const;
export type QuantityId = (typeof quantityIds)[number];

export interface Quantity {
  readonly id: QuantityId;
  readonly label: string;
  readonly unit: string;
  readonly takesPrefix: boolean; // "mJ", "GB", "12 M"
  readonly scale: Scale; // on which it is told apart best
  readonly isYear: boolean; // "2014", and no part of one
}

const list: readonly Quantity[] = [
  q('energy', 'Energy of an image', 'J', true, 'log'),
  q('accuracy', 'Accuracy', '%', false, 'linear'),
  q('score', 'Score', '', false, 'linear'),
  q('latency', 'Latency of a batch', 'ms', false, 'log'),
  q('throughput', 'Images a second', '', false, 'log'),
  q('parameters', 'Parameters', '', true, 'log'),
  q('macs', 'MACs of an image', '', true, 'log'),
  q('activations', 'Activations of an image', '', true, 'log'),
  q('memory', 'Memory', 'B', true, 'log'),
  q('input-size', 'Input size', 'px', false, 'linear'),
  q('batch-size', 'Batch size', '', false, 'log'),
  q('year', 'Year', '', false, 'linear'),
  q('training', 'Electricity to train', 'kWh', false, 'log'),
  q('sam', 'SAM', '', false, 'linear'),
  q('other-energy', 'Energy on the other setup', 'J', true, 'log'),
];

function q(
  id: QuantityId,
  label: string,
  unit: string,
  takesPrefix: boolean,
  scale: Scale,
): Quantity {
  return { id, label, unit, takesPrefix, scale, isYear: id === 'year' };
}

const byId = new Map(list.map((each) => [each.id, each]));

export const quantity = (id: QuantityId): Quantity => byId.get(id)!;

export const withUnit = ({ label, unit }: Quantity): string =>
  unit === '' ? label : `${label} (${unit})`;

// A value without its unit, unless that takes a prefix: for columns whose title has it.
export function numberText(id: QuantityId, value: number): string {
  const { unit, takesPrefix, isYear } = quantity(id);
  if (!Number.isFinite(value)) return '–';
  if (isYear) return String(Math.round(value));
  if (takesPrefix) return si(value, unit);
  const isShare = id === 'accuracy' || id === 'sam' || (id === 'score' && Math.abs(value) < 1000);
  return isShare ? fixed(value, 2) : plain(value, id === 'score' ? 4 : 3);
}

// "12.3 mJ", "85.47 %", "224 px".
export function valueText(id: QuantityId, value: number): string {
  const { unit, takesPrefix } = quantity(id);
  const isBare = unit === '' || takesPrefix || !Number.isFinite(value);
  return isBare ? numberText(id, value) : `${numberText(id, value)} ${unit}`;
}

export interface AxisChoice {
  readonly x: QuantityId;
  readonly y: QuantityId;
}

// Whether the axes set one setup's energy against the other's.
export const setsAgainst = ({ x, y }: AxisChoice): boolean =>
  x === 'other-energy' || y === 'other-energy';

// What stands beside an axis; numbers along it carry their unit where it takes prefixes. Of two
// setups that are set against each other it names which.
export function axisTitle(
  id: QuantityId,
  axes: AxisChoice,
  setup: string,
  other: string | undefined,
): string {
  const about = quantity(id);
  const title = about.takesPrefix ? about.label : withUnit(about);
  if (other === undefined || !setsAgainst(axes)) return title;
  if (id === 'other-energy') return `${quantity('energy').label} on ${other}`;
  return id === 'energy' ? `${title} on ${setup}` : title;
}
