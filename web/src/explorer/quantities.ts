// What can stand on an axis, size a point and fill a column of a table.

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
  readonly isBetter: 'more' | 'less' | 'neither';
}

const list: readonly Quantity[] = [
  q('energy', 'Energy of an image', 'J', true, 'log', 'less'),
  q('accuracy', 'Accuracy', '%', false, 'linear', 'more'),
  q('score', 'Score', '', false, 'linear', 'more'),
  q('latency', 'Latency of a batch', 'ms', false, 'log', 'less'),
  q('throughput', 'Images a second', '', false, 'log', 'more'),
  q('parameters', 'Parameters', '', true, 'log', 'neither'),
  q('macs', 'MACs of an image', '', true, 'log', 'neither'),
  q('activations', 'Activations of an image', '', true, 'log', 'neither'),
  q('memory', 'Memory', 'B', true, 'log', 'less'),
  q('input-size', 'Input size', 'px', false, 'linear', 'neither'),
  q('batch-size', 'Batch size', '', false, 'log', 'neither'),
  q('year', 'Year', '', false, 'linear', 'neither'),
  q('training', 'Electricity to train', 'kWh', false, 'log', 'less'),
  q('sam', 'SAM', '', false, 'linear', 'more'),
  q('other-energy', 'Energy on the other setup', 'J', true, 'log', 'less'),
];

function q(
  id: QuantityId,
  label: string,
  unit: string,
  takesPrefix: boolean,
  scale: Scale,
  isBetter: Quantity['isBetter'],
): Quantity {
  return { id, label, unit, takesPrefix, scale, isBetter };
}

const byId = new Map(list.map((each) => [each.id, each]));

export const quantity = (id: QuantityId): Quantity => byId.get(id)!;

export const withUnit = ({ label, unit }: Quantity): string =>
  unit === '' ? label : `${label} (${unit})`;
