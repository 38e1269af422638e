// A selection box that is drawn by keys: arrows move a corner, Enter fixes it, arrows move the other
// one, Enter selects, Escape ends.

import type { Place } from './region';

export interface BoxByKeys {
  readonly at: Place; // the corner that moves, in pixels
  readonly from: Place | undefined; // the one that is fixed
}

export type BoxStep =
  | { readonly kind: 'drawn'; readonly box: BoxByKeys }
  | { readonly kind: 'selected'; readonly corners: readonly [Place, Place] }
  | { readonly kind: 'ended' };

export const arrows: Readonly<Record<string, Place>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const shortStep = 8; // pixels
const longStep = 48;

// Undefined where the key is none of the box's.
export function boxStep(
  box: BoxByKeys | undefined,
  key: string,
  isLong: boolean,
  { width, height }: { readonly width: number; readonly height: number },
): BoxStep | undefined {
  const arrow = arrows[key];
  if (arrow !== undefined) {
    const [x, y] = box?.at ?? [width / 2, height / 2];
    const by = isLong ? longStep : shortStep;
    const at: Place = [within(x + by * arrow[0], width), within(y + by * arrow[1], height)];
    return { kind: 'drawn', box: { at, from: box?.from } };
  }
  if (box === undefined) return undefined;
  if (key === 'Escape') return { kind: 'ended' };
  if (key !== 'Enter') return undefined;
  const { at, from } = box;
  if (from === undefined) return { kind: 'drawn', box: { at, from: at } };
  const isFlat = at[0] === from[0] || at[1] === from[1];
  return isFlat ? { kind: 'drawn', box } : { kind: 'selected', corners: [from, at] };
}

const within = (pixel: number, most: number): number => Math.max(0, Math.min(most, pixel));

// A step of drawing in words, for who does not see it.
export function boxWords(
  before: BoxByKeys | undefined,
  { at, from }: BoxByKeys,
  placeOf: (place: Place) => string,
  modelsIn: (corners: readonly [Place, Place]) => string,
): string {
  const where = placeOf(at);
  if (before === undefined) {
    return `Corner at ${where}. Arrows move it, with Shift farther, Enter fixes it, Escape ends.`;
  }
  if (from === undefined) return where;
  if (before.from === undefined) {
    return `Corner fixed at ${where}. Arrows move the other one, Enter selects, Escape ends.`;
  }
  return `${where}, ${modelsIn([from, at])} inside`;
}
