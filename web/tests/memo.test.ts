import { expect, it } from 'vitest';
import { memo } from '../src/explorer/memo';

it('an answer is remembered for its inputs, and for as many', () => {
  let times = 0;
  const count = memo((...inputs: readonly number[]) => {
    ++times;
    return inputs.length;
  });
  expect([count(1, NaN), count(1, NaN), count(1), count(1, NaN)]).toEqual([2, 2, 1, 2]);
  expect(times).toBe(3);
});
