// The intervals of an energy along the axis that shows it, as a path: the long caps are those of the
// figure itself, the short ones those for comparing.

import type { Points } from '../data/models';
import type { ViewState } from '../state/view_state';
import { has } from './axis';
import { pixelX, pixelY, type Geometry } from './geometry';
import type { Place } from './region';

// Empty where no axis shows the energy, or no interval is known.
export function whiskerPath(
  geometry: Geometry,
  { x, y }: Pick<ViewState, 'x' | 'y'>,
  points: Points,
  row: number,
  [left, top]: Place,
): string {
  const isX = x === 'energy';
  if (!isX && y !== 'energy') return '';
  const bar = (low: number | undefined, high: number | undefined, cap: number): string => {
    if (!(low! > -Infinity) || !(high! > -Infinity)) return '';
    const axis = isX ? geometry.x : geometry.y;
    const from = has(axis, low!) ? low! : axis.low;
    if (isX) {
      const [a, b] = [pixelX(geometry, from), pixelX(geometry, high!)];
      return `M${a},${top - cap}v${2 * cap}m0,${-cap}H${b}m0,${-cap}v${2 * cap}`;
    }
    const [a, b] = [pixelY(geometry, from), pixelY(geometry, high!)];
    return `M${left - cap},${a}h${2 * cap}m${-cap},0V${b}m${-cap},0h${2 * cap}`;
  };
  const { energyLowJ, energyHighJ, comparisonLowJ, comparisonHighJ } = points;
  return (
    bar(energyLowJ?.[row], energyHighJ?.[row], 7) +
    bar(comparisonLowJ?.[row], comparisonHighJ?.[row], 4)
  );
}
