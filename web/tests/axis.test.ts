import { describe, expect, it } from 'vitest';
import { duration } from '../src/look/numbers';
import { axisTitle, quantity } from '../src/explorer/quantities';
import { ticks } from '../src/plot/axis';

describe('an axis of years', () => {
  const labels = (low: number, high: number, scale: 'linear' | 'log' = 'linear'): string[] =>
    ticks({ scale, low, high }, quantity('year'), 8).map(({ label }) => label);

  it('has whole years, without commas', () => {
    expect(labels(2013.6, 2017.2)).toEqual(['2014', '2015', '2016', '2017']);
    expect(labels(2011, 2025, 'log')).toContain('2014');
  });
});

describe('the titles of two setups that are set against each other', () => {
  it('name them', () => {
    const against = { x: 'energy', y: 'other-energy' } as const;
    expect(axisTitle('energy', against, 'A', 'B')).toBe('Energy of an image on A');
    expect(axisTitle('other-energy', against, 'A', 'B')).toBe('Energy of an image on B');
    expect(axisTitle('energy', against, 'A', undefined)).toBe('Energy of an image');
    expect(axisTitle('latency', against, 'A', 'B')).toBe('Latency of a batch (ms)');
    const beside = { x: 'energy', y: 'accuracy' } as const;
    expect(axisTitle('energy', beside, 'A', 'B')).toBe('Energy of an image');
  });
});

describe('a duration', () => {
  it('is told in the two units that say it', () => {
    expect([0, 59.9, 60, 185, 3600, 7625].map(duration)).toEqual([
      '0 s', '59 s', '1 min 00 s', '3 min 05 s', '1 h 00 min', '2 h 07 min',
    ]);
  });
});
