// Where things are on the plot, in CSS pixels from its upper left corner.

import { along, valueAt, type Axis } from './axis';

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly x: Axis; // what is in view
  readonly y: Axis;
  readonly fullX: Axis; // what there is
  readonly fullY: Axis;
}

export const pixelX = ({ x, width }: Geometry, value: number): number => along(x, value) * width;
export const pixelY = ({ y, height }: Geometry, value: number): number =>
  (1 - along(y, value)) * height;
export const valueX = ({ x, width }: Geometry, pixel: number): number => valueAt(x, pixel / width);
export const valueY = ({ y, height }: Geometry, pixel: number): number =>
  valueAt(y, 1 - pixel / height);

// The window of values that a factor about a pixel shows; below one it comes nearer.
export function zoomed(
  geometry: Geometry,
  factor: number,
  aboutX: number,
  aboutY: number,
): { x: [number, number]; y: [number, number] } {
  const { width, height } = geometry;
  return {
    x: [
      valueX(geometry, aboutX - aboutX * factor),
      valueX(geometry, aboutX + (width - aboutX) * factor),
    ],
    y: [
      valueY(geometry, aboutY + (height - aboutY) * factor),
      valueY(geometry, aboutY - aboutY * factor),
    ],
  };
}

export const moved = (
  geometry: Geometry,
  byX: number,
  byY: number,
): { x: [number, number]; y: [number, number] } => ({
  x: [valueX(geometry, -byX), valueX(geometry, geometry.width - byX)],
  y: [valueY(geometry, geometry.height - byY), valueY(geometry, -byY)],
});

// "M…L…", level from each point to the next where `isStepped`.
export function linePath(
  geometry: Geometry,
  rows: ArrayLike<number>,
  x: Float64Array,
  y: Float64Array,
  isStepped = false,
): string {
  const parts: string[] = [];
  for (let i = 0; i < rows.length; ++i) {
    const left = pixelX(geometry, x[rows[i]!]!).toFixed(1);
    const top = pixelY(geometry, y[rows[i]!]!).toFixed(1);
    if (parts.length === 0) parts.push(`M${left},${top}`);
    else parts.push(isStepped ? `H${left}V${top}` : `L${left},${top}`);
  }
  return parts.join('');
}

// A circle around a place.
export const ringPath = (left: number, top: number, r: number): string =>
  `M${(left - r).toFixed(1)},${top.toFixed(1)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0`;

// Gives a canvas the size of the plot, which clears it where that is another.
export function fitCanvas(
  canvas: HTMLCanvasElement,
  { width, height }: Geometry,
  pixelRatio: number,
): void {
  const [w, h] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}
