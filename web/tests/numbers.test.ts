import { describe, expect, it } from 'vitest';
import { valueText } from '../src/explorer/quantities';
import { fixed, plain, si, whole } from '../src/look/numbers';

describe('a number for people', () => {
  it('has as many digits as tell it apart', () => {
    expect([plain(0.0123456), plain(1234.5), plain(-2), plain(0)]).toEqual(['0.0123', '1,235', '−2', '0']);
    expect(whole(1435)).toBe('1,435');
  });

  it('has all its decimals where it stands under others', () => {
    expect([fixed(0.4, 3), fixed(-1, 2), fixed(1234, 1)]).toEqual(['0.400', '−1.00', '1,234.0']);
  });

  it('has a prefix where its unit takes one, also where rounding brings it to the next', () => {
    expect([si(0.0123, 'J'), si(999.6, 'J'), si(4.09e9, ''), si(0, 'W')]).toEqual(['12.3 mJ', '1 kJ', '4.09 G', '0 W']);
  });

  it('is a dash where it is unknown', () => {
    for (const value of [null, NaN, Infinity]) expect([plain(value), fixed(value, 2), si(value, 'J')]).toEqual(['–', '–', '–']);
  });

  it('of a quantity has its unit', () => {
    expect(valueText('energy', 0.2)).toBe('200 mJ');
    expect(valueText('accuracy', 80.375)).toBe('80.38 %');
    expect(valueText('year', 2019)).toBe('2019');
    expect(valueText('input-size', 224)).toBe('224 px');
    expect(valueText('memory', NaN)).toBe('–');
  });
});
