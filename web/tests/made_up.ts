// Made-up models in any number, the same each time: a cloud in the shape of the published one.

import { writeColumns, type WrittenColumn } from './column_writer';

export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const madeUpSetups = ['made-up_a', 'made-up_b'] as const;
const classes = ['CNN', 'Transformer', 'Hybrid', 'MLP'];
const families = ['ResNet', 'ViT', 'ConvNeXt', 'MLP-Mixer', 'EfficientNet', 'Swin', 'CoAtNet'];
const classOfFamily = [0, 1, 0, 3, 0, 1, 2];
const sizes = [160, 192, 224, 256, 288, 384, 448, 512];

export interface MadeUp {
  readonly catalogue: object;
  readonly models: ArrayBuffer;
  readonly points: ReadonlyMap<string, ArrayBuffer>;
}

export function madeUpModels(rows: number): MadeUp {
  const random = randomNumbers(rows);
  const gaussian = (): number => random() + random() + random() + random() - 2;
  const names = Array.from({ length: rows }, (_, i) => `made_up_${String(i).padStart(7, '0')}.in1k`);
  const column = (): Float64Array => new Float64Array(rows);
  const [year, parameters, macs, activations] = [column(), column(), column(), column()];
  const [original, real] = [column(), column()];
  const inputSize = new Uint32Array(rows);
  const kind = new Uint16Array(rows);
  const family = new Uint16Array(rows);
  const energies = madeUpSetups.map(column);
  for (let row = 0; row < rows; ++row) {
    const size = random();
    family[row] = random() < 0.05 ? 65535 : Math.floor(random() * families.length);
    kind[row] = classOfFamily[family[row]!] ?? 65535;
    inputSize[row] = sizes[Math.floor(random() * sizes.length)]!;
    year[row] = 2015 + Math.floor(random() * 10);
    parameters[row] = 10 ** (6 + 2.7 * size + 0.2 * gaussian());
    macs[row] = parameters[row]! * 150;
    activations[row] = parameters[row]! * 0.8;
    energies[0]![row] = 10 ** (-2.3 + 3.2 * size + 0.35 * gaussian());
    energies[1]![row] = random() < 0.02 ? NaN : energies[0]![row]! / (4 * Math.exp(0.4 * gaussian()));
    original[row] = Math.min(91, 74 + 15 * Math.sqrt(size) * random() ** 0.4 - 8 * random() ** 3);
    real[row] = random() < 0.03 ? NaN : Math.min(92, original[row]! + 4 * random());
  }
  const number = (name: string, values: Float64Array, tags: object = {}): WrittenColumn => ({
    name,
    type: 'f64',
    values,
    ...tags,
  });
  const models = writeColumns(
    rows,
    [
      { name: 'model', type: 'text', values: names },
      { name: 'input_size', type: 'u32', values: inputSize },
      { name: 'class', type: 'word', values: kind, words: classes },
      { name: 'family', type: 'word', values: family, words: families },
      number('year', year),
      number('accuracy_percent', original, { test_set: 'imagenet-original' }),
      number('accuracy_percent', real, { test_set: 'imagenet-real' }),
      number('parameters', parameters, { counter: 'made-up' }),
      number('macs', macs, { counter: 'made-up' }),
      number('activations', activations, { counter: 'made-up' }),
    ],
    { page: 'https://example.org/{model}' },
  );
  const points = new Map(
    madeUpSetups.map((id, i) => {
      const energyJ = energies[i]!;
      const throughput = energyJ.map((energy) => 250 / energy);
      const columns = [
        number('energy_j', energyJ),
        number('comparison_low_j', energyJ.map((energy) => energy * 0.98)),
        number('comparison_high_j', energyJ.map((energy) => energy * 1.03)),
        number('energy_low_j', energyJ.map((energy) => energy * 0.93)),
        number('energy_high_j', energyJ.map((energy) => energy * 1.08)),
        number('throughput_per_s', throughput),
        number('latency_ms', throughput.map((perS) => 64000 / perS)),
        number('batch_size', new Float64Array(rows).fill(64)),
      ];
      return [id, writeColumns(rows, columns, { setup: { id, label: id } })];
    }),
  );
  const catalogue = {
    version: 'test',
    wattfor: '0',
    live: false,
    setups: madeUpSetups.map((id, i) => ({
      id,
      label: `Made up ${i === 0 ? 'A' : 'B'} · fp32`,
      device: 'made up',
      runtime: id,
      precision: 'fp32',
      models: energies[i]!.filter((energy) => energy > 0).length,
      is_own: false,
    })),
    test_sets: [
      { name: 'imagenet-original', models: rows },
      { name: 'imagenet-real', models: real.filter((each) => each > 0).length },
    ],
    default_test_set: 'imagenet-original',
    counters: ['made-up'],
    training_runs: 0,
    batch_curves: 0,
  };
  return { catalogue, models, points };
}
