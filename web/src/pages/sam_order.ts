// What the order by SAM would be at another α.

import { sam } from '../analysis/sam';
import type { SamConditions, SamGroup } from '../data/answers';
import { kilowattHours, percent } from '../units';

// By run: 1 for the greatest SAM; equal ones share a place.
export function placesAt(alpha: number, { runs }: SamGroup): number[] {
  const scores = runs.map(({ accuracy_percent, train_kwh }) =>
    sam(percent(accuracy_percent ?? NaN), kilowattHours(train_kwh ?? NaN), alpha),
  );
  return scores.map((score) => 1 + scores.filter((other) => other > score).length);
}

const conditions = ['task', 'dataset', 'metric', 'device', 'device_count', 'batch_size'] as const;

export const sameConditions = (a: SamConditions, b: SamConditions): boolean =>
  conditions.every((each) => a[each] === b[each]);
