import { describe, expect, it } from 'vitest';
import { scoreNames } from '../src/analysis/scores';
import { quantityIds } from '../src/explorer/quantities';
import { columnIds } from '../src/explorer/table_columns';
import { notUnderstood, readView, usualView, writeView, type ViewState } from '../src/state/view_state';
import { randomNumbers } from './made_up';

describe('a view in the address', () => {
  it('is empty as usual', () => {
    expect(writeView(usualView)).toBe('');
    expect(readView('')).toEqual(usualView);
  });

  it('has the words of `wattfor rank`', () => {
    const view = readView(
      '?setup=A100_PT&test-set=imagenet-real&test-set=sketch&score=log-manhattan&weight=0.3&min-accuracy=70&max-energy-j=2.5&top=5',
    );
    expect(view).toMatchObject({
      setup: 'A100_PT',
      testSets: ['imagenet-real', 'sketch'],
      score: 'log-manhattan',
      weight: 0.3,
      minAccuracy: 70,
      maxEnergyJ: 2.5,
      top: 5,
    });
  });

  it('comes back as it was written', () => {
    const random = randomNumbers(5);
    const some = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    const maybe = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined);
    for (let i = 0; i < 500; ++i) {
      const view: ViewState = {
        page: some(['models', 'training', 'findings', 'sensors']),
        setup: maybe('A100 & <b>'),
        testSets: some([[], ['a'], ['a', 'b ~,@']]),
        score: some(scoreNames),
        weight: Math.round(random() * 100) / 100,
        minAccuracy: maybe(random() * 100),
        maxEnergyJ: maybe(1e-4 + random()),
        top: 1 + Math.floor(random() * 100),
        x: some(quantityIds),
        y: some(quantityIds),
        xScale: maybe(some(['linear', 'log'])),
        yScale: maybe(some(['linear', 'log'])),
        size: maybe(some(quantityIds)),
        pareto: random() < 0.5,
        hull: random() < 0.5,
        centres: random() < 0.5,
        search: some(['', 'resnet 50', '100 % +&=#']),
        classes: some([[], ['CNN', 'MLP']]),
        families: some([[], ['PP-HGNet v2']]),
        years: some([{ least: undefined, most: 2019 }, { least: 2015, most: undefined }]),
        parameters: { least: 1e6, most: 2.5e7 },
        inputSizes: { least: 224, most: 224 },
        counter: maybe('timm'),
        region: maybe([[0.1, 80], [1, 80], [1, 88.5]]),
        window: maybe({ x: [0.01, 10], y: [70, 90] }),
        pins: some([[], ['resnet50.a1_in1k@224', 'x@y@0']]),
        inUse: maybe('resnet50.a1_in1k@224'),
        sort: { by: some(columnIds), falls: random() < 0.5 },
        otherSetup: maybe('H100_TRT'),
        imagesPerDay: 1 + random() * 1e9,
        kwhPrice: maybe(random()),
        gridGPerKwh: maybe(random() * 900),
        epochs: 1 + Math.floor(random() * 300),
      };
      expect(readView(writeView(view))).toEqual(view);
    }
  });

  it('leaves out what makes no sense', () => {
    const view = readView(
      '?weight=2&min-accuracy=x&max-energy-j=-1&top=0.5&score=best&x=nothing&select=1,2~3&zoom=5,5~1,1&page=../etc&weight=&sort=--energy&epochs=0',
    );
    expect(view).toEqual(usualView);
  });

  it('tells what makes no sense', () => {
    expect(notUnderstood('?weight=2&top=5000&score=best&setup=x&search=&other=1')).toEqual(['score=best', 'weight=2']);
    expect(notUnderstood(writeView({ ...usualView, top: 1435, weight: 0.2 }))).toEqual([]);
  });

  it('holds at most six pins', () => {
    const pins = Array.from({ length: 9 }, (_, i) => `pin=m${i}`).join('&');
    expect(readView(pins).pins).toHaveLength(6);
  });
});
