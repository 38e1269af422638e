// Paints the models of one setup on a canvas of their own, and finds the one under the pointer.

import type { WordColumn } from '../data/columns';
import type { Choice } from '../explorer/choice';
import { memo } from '../explorer/memo';
import { lookOfClass, lookOfStyle, styleCount, type Theme } from '../look/palette';
import type { ViewState } from '../state/view_state';
import { along, type Axis } from './axis';
import { fitCanvas, type Geometry } from './geometry';
import { dimmed, paper } from './plot_inks';
import { pointIndex, type NearPoint, type PointIndex } from './point_index';
import { PointsLayer, type PointPlaces } from './points_layer';

type Colour = readonly [number, number, number];

const colourOf = (hex: string): Colour => [
  parseInt(hex.slice(1, 3), 16) / 255,
  parseInt(hex.slice(3, 5), 16) / 255,
  parseInt(hex.slice(5, 7), 16) / 255,
];

// Fewer points are larger.
export const radiusFor = (points: number): number =>
  points <= 500 ? 5 : Math.max(1.2, 5 - 1.25 * Math.log10(points / 500));

// How points are drawn, the same on both setups.
export interface PointSize {
  readonly radius: number; // CSS pixels of those without a size of their own
  readonly largest: number; // what the area of the largest stands for
}

// A ring needs room for its hole.
export const hollowRadius = (radius: number): number => Math.max(radius, 3);
export const hollowLine = (radius: number): number => Math.min(1.6, 0.4 * radius);

// So many of the best are ringed; more would hide what they mark.
export const mostRings = 200;

export class PointsPainter {
  private readonly layer: PointsLayer;

  // Throws where the browser has no WebGL 2.
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly isHollow: boolean,
  ) {
    this.layer = new PointsLayer(canvas);
  }

  paint(
    choice: Choice,
    view: ViewState,
    geometry: Geometry,
    theme: Theme,
    pixelRatio: number,
    { radius, largest }: PointSize,
  ): void {
    const places = this.placesOf(choice, view, geometry);
    const { models } = choice.data;
    if (places === undefined) return;
    this.points(
      places,
      this.sizes(view.size && choice.column(view, view.size), largest, models.rows),
      this.styles(models.kind, models.rows),
      choice.emphasised(view),
      this.isHollow && view.size === undefined ? hollowRadius(radius) : radius,
      geometry,
      theme,
      pixelRatio,
    );
  }

  // The emphasised point nearest to a place, within some pixels.
  pointAt(
    choice: Choice,
    view: ViewState,
    geometry: Geometry,
    x: number,
    y: number,
  ): NearPoint | undefined {
    const places = this.placesOf(choice, view, geometry);
    const emphasised = choice.emphasised(view);
    if (places === undefined) return undefined;
    const { width, height } = geometry;
    const reach = 14;
    const shareX = (pixel: number): number => this.shareOf(geometry.fullX, geometry.x, pixel / width);
    const shareY = (pixel: number): number =>
      this.shareOf(geometry.fullY, geometry.y, 1 - pixel / height);
    return this.index(places).nearest(
      shareX(x),
      shareY(y),
      shareX(x + reach) - shareX(x),
      shareY(y - reach) - shareY(y),
      (row) => emphasised[row] === 1,
    );
  }

  private shareOf(full: Axis, shown: Axis, place: number): number {
    const from = along(full, shown.low);
    return from + place * (along(full, shown.high) - from);
  }

  // A canvas keeps what was painted: points don't depend on the weight.
  private readonly points = memo(
    (
      places: PointPlaces,
      sizes: Float32Array<ArrayBuffer>,
      styles: Uint8Array<ArrayBuffer>,
      emphasised: Uint8Array<ArrayBuffer>,
      radius: number,
      geometry: Geometry,
      theme: Theme,
      pixelRatio: number,
    ): void => {
      fitCanvas(this.canvas, geometry, pixelRatio);
      this.layer.set(places, sizes, styles, emphasised);
      const { width, height, x, y, fullX, fullY } = geometry;
      this.layer.paint({
        width,
        height,
        pixelRatio,
        x,
        y,
        fullX,
        fullY,
        radius,
        line: this.isHollow ? hollowLine(radius) * pixelRatio : 0,
        inks: this.inks(theme),
        dimmedInk: colourOf(dimmed[theme]),
        outline: colourOf(paper[theme]),
      });
    },
  );

  private placesOf(choice: Choice, view: ViewState, geometry: Geometry): PointPlaces | undefined {
    const x = choice.placing(view, 'x');
    const y = choice.placing(view, 'y');
    return x && y && this.places(x, y, geometry.fullX, geometry.fullY);
  }

  private readonly places = memo(
    (x: Float64Array, y: Float64Array, fullX: Axis, fullY: Axis): PointPlaces => ({
      x: shares(x, fullX),
      y: shares(y, fullY),
    }),
  );

  private readonly index = memo((places: PointPlaces): PointIndex => pointIndex(places.x, places.y));

  private readonly styles = memo((kind: WordColumn | undefined, rows: number) => {
    const styleOf = (kind?.words ?? []).map((word) => lookOfClass(word, 'light').style);
    const unknown = lookOfClass(undefined, 'light').style;
    return Uint8Array.from({ length: rows }, (_, row) => styleOf[kind?.codes[row] ?? -1] ?? unknown);
  });

  private readonly sizes = memo(sizeShares);

  private readonly inks = memo((theme: Theme): Colour[] =>
    Array.from({ length: styleCount }, (_, style) => colourOf(lookOfStyle(style, theme).colour)),
  );
}

function shares(column: Float64Array, full: Axis): Float32Array<ArrayBuffer> {
  const result = new Float32Array(column.length);
  for (let row = 0; row < column.length; ++row) result[row] = along(full, column[row]!);
  return result;
}

// Shares of the largest; −1 where it is unknown, which is drawn as if sizes meant nothing.
export function sizeShares(
  column: Float64Array | undefined,
  largest: number,
  rows: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows).fill(-1);
  if (column === undefined) return result;
  for (let row = 0; row < rows; ++row) {
    const value = column[row]!;
    if (value > 0 && value < Infinity) result[row] = value / largest;
  }
  return result;
}

// The greatest finite number of the columns.
export function largestOf(columns: readonly (Float64Array | undefined)[]): number {
  let largest = 0;
  for (const column of columns) {
    for (const value of column ?? []) if (value > largest && value < Infinity) largest = value;
  }
  return largest;
}
