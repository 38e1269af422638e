// The answers of the C++ functions that web/src/analysis mirrors (tests/analysis,
// explorer_golden_test.cpp): what is not known is null.

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export function golden<T>(name: string): T {
  const file = new URL(`../../tests/golden/explorer/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

export type Numbers = readonly (number | null)[];

export const column = (values: Numbers): Float64Array =>
  Float64Array.from(values, (value) => value ?? NaN);

// Logarithms and powers may differ in the last digits between two libraries of mathematics.
export function expectSame(actual: ArrayLike<number>, expected: Numbers): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; ++i) expectNumber(actual[i], expected[i]!);
}

export function expectNumber(actual: number | undefined, expected: number | null): void {
  if (expected === null) expect(actual ?? NaN).toBeNaN();
  else expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(4e-15 * Math.abs(expected) + 1e-13);
}
