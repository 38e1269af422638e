import { describe, expect, it } from 'vitest';
import type { SamGroup } from '../src/data/answers';
import { placesAt } from '../src/pages/sam_order';

// Rows of the training study's table 2.
const run = (model: string, train_kwh: number, accuracy_percent: number) => ({
  task: 'action recognition',
  dataset: 'Kinetics-400',
  model,
  pretrain_dataset: null,
  train_kwh,
  accuracy_percent,
  sam: NaN,
});
const group = (...runs: ReturnType<typeof run>[]): SamGroup => ({
  task: 'action recognition',
  dataset: 'Kinetics-400',
  metric: 'accuracy',
  device: 'NVIDIA GeForce RTX 3090 24GB',
  device_count: 2,
  batch_size: 8,
  runs,
  left_out: [],
});

describe('the place by SAM', () => {
  it('is that of the cheapest at a small α, and of the most accurate at a great one', () => {
    const both = group(run('UniFormerV2 (CLIP)', 7632.2455, 84.4), run('TSM', 124.6118, 74.1));
    expect(placesAt(1, both)).toEqual([2, 1]);
    expect(placesAt(10, both)).toEqual([1, 2]);
  });

  it('is shared by equals', () => {
    expect(placesAt(5, group(run('a', 100, 80), run('b', 100, 80), run('c', 200, 80)))).toEqual([1, 1, 3]);
  });
});
