// The columns of models and of what they come to on one setup, named as the explorer uses them.

import { ColumnTable, unknownWord, type TableHead, type TextColumn, type WordColumn } from './columns';
import type { Source } from './source';

interface ModelsHead extends TableHead {
  readonly page?: string;
}

interface PointsHead extends TableHead {
  readonly setup: { readonly id: string; readonly label: string };
  readonly without_energy?: readonly { readonly row: number; readonly reason: string }[];
}

export interface Counts {
  readonly parameters: Float64Array | undefined;
  readonly macs: Float64Array | undefined;
  readonly activations: Float64Array | undefined;
}

// Rows are in the order of (model, input size).
export interface Models {
  readonly version: string;
  readonly rows: number;
  readonly names: TextColumn;
  readonly inputSize: Uint32Array; // pixels of a side, 0 where it is no image
  readonly kind: WordColumn | undefined; // the class
  readonly family: WordColumn | undefined;
  readonly year: Float64Array | undefined;
  readonly trainKwh: Float64Array | undefined;
  readonly accuracyPercent: ReadonlyMap<string, Float64Array>; // by test set
  readonly counts: ReadonlyMap<string, Counts>; // by counter
  readonly page: string | undefined; // an address with {model} in it
}

export interface Points {
  readonly version: string;
  readonly setup: string;
  readonly label: string;
  readonly energyJ: Float64Array; // an image
  readonly energyLowJ: Float64Array | undefined;
  readonly energyHighJ: Float64Array | undefined;
  readonly comparisonLowJ: Float64Array | undefined;
  readonly comparisonHighJ: Float64Array | undefined;
  readonly throughputPerS: Float64Array | undefined;
  readonly latencyMs: Float64Array | undefined;
  readonly batchSize: Float64Array | undefined;
  readonly utilisationPercent: Float64Array | undefined;
  readonly memoryBytes: Float64Array | undefined;
  readonly temperatureC: Float64Array | undefined;
  readonly basis: WordColumn | undefined;
  readonly isImported: Uint8Array | undefined;
  readonly withoutEnergy: readonly { readonly row: number; readonly reason: string }[];
}

export function modelsOf(buffer: ArrayBuffer): Models {
  const table = new ColumnTable<ModelsHead>(buffer);
  const counters = new Set<string>();
  for (const { counter } of table.head.columns) if (counter !== undefined) counters.add(counter);
  const countsOf = (counter: string): Counts => {
    const of = (name: string): Float64Array | undefined => {
      const column = table.all(name).find((each) => each.counter === counter);
      return column && table.numbers(column);
    };
    return { parameters: of('parameters'), macs: of('macs'), activations: of('activations') };
  };
  const { page } = table.head;
  return {
    version: table.head.version,
    rows: table.rows,
    names: table.text('model') ?? noText,
    inputSize: table.u32('input_size') ?? new Uint32Array(table.rows),
    kind: table.words('class'),
    family: table.words('family'),
    year: table.f64('year'),
    trainKwh: table.f64('train_kwh'),
    accuracyPercent: new Map(
      table.all('accuracy_percent').map((each) => [each.test_set ?? '', table.numbers(each)]),
    ),
    counts: new Map([...counters].map((counter) => [counter, countsOf(counter)])),
    page: page?.startsWith('https://') ? page : undefined,
  };
}

const noText: TextColumn = {
  length: 0,
  at: () => '',
  bytes: new Uint8Array(),
  ends: new Uint32Array(1),
};

export function pointsOf(buffer: ArrayBuffer): Points {
  const table = new ColumnTable<PointsHead>(buffer);
  return {
    version: table.head.version,
    setup: table.head.setup.id,
    label: table.head.setup.label,
    energyJ: table.f64('energy_j') ?? new Float64Array(table.rows).fill(NaN),
    energyLowJ: table.f64('energy_low_j'),
    energyHighJ: table.f64('energy_high_j'),
    comparisonLowJ: table.f64('comparison_low_j'),
    comparisonHighJ: table.f64('comparison_high_j'),
    throughputPerS: table.f64('throughput_per_s'),
    latencyMs: table.f64('latency_ms'),
    batchSize: table.f64('batch_size'),
    utilisationPercent: table.f64('utilisation_percent'),
    memoryBytes: table.f64('memory_bytes'),
    temperatureC: table.f64('temperature_c'),
    basis: table.words('basis'),
    isImported: table.u8('is_imported'),
    withoutEnergy: table.head.without_energy ?? [],
  };
}

export const askForModels = async (source: Source): Promise<Models> =>
  modelsOf(await source.bytes('models'));

export const askForPoints = async (source: Source, setup: string): Promise<Points> =>
  pointsOf(await source.bytes(`setups/${encodeURIComponent(setup)}/points`));

// "resnet50.a1_in1k@224", as the command line names models; without a size where there is none.
export function labelOf(models: Models, row: number): string {
  const size = models.inputSize[row]!;
  return size === 0 ? models.names.at(row) : `${models.names.at(row)}@${size}`;
}

export function rowOfLabel(models: Models, label: string): number | undefined {
  const at = label.lastIndexOf('@');
  const size = at < 0 ? NaN : Number(label.slice(at + 1));
  return Number.isInteger(size)
    ? find(models, label.slice(0, at), size)
    : find(models, label, 0);
}

// Rows are in order of the names' bytes.
function find(models: Models, name: string, size: number): number | undefined {
  const wanted = new TextEncoder().encode(name);
  let low = 0;
  let high = models.rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareName(models.names, middle, wanted) || models.inputSize[middle]! - size;
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

function compareName({ bytes, ends }: TextColumn, row: number, wanted: Uint8Array): number {
  const start = ends[row]!;
  const length = ends[row + 1]! - start;
  for (let i = 0; i < Math.min(length, wanted.length); ++i) {
    const difference = bytes[start + i]! - wanted[i]!;
    if (difference !== 0) return difference;
  }
  return length - wanted.length;
}

// The model's own page; only models of a known family have one.
export function pageOf(models: Models, row: number): string | undefined {
  const isKnown = models.family !== undefined && models.family.codes[row] !== unknownWord;
  return isKnown ? models.page?.replace('{model}', encodeURIComponent(models.names.at(row))) : undefined;
}

// "measured", "modelled, published by others": where a model's energy comes from; empty where that is
// not known.
export function basisWords({ basis, isImported }: Points, row: number): string {
  const code = basis?.codes[row] ?? unknownWord;
  const words = [basis?.words[code], isImported?.[row] ? 'published by others' : undefined];
  return words.filter((word) => word !== undefined).join(', ');
}
