// Paints the two canvases of the plot from what is chosen.

import { hasWeight, type EnergyRange, type ScoreName } from '../analysis/scores';
import type { WordColumn } from '../data/columns';
import type { Choice } from '../explorer/choice';
import { memo } from '../explorer/memo';
import { lookOfClass, lookOfStyle, styleCount, type Theme } from '../look/palette';
import type { ViewState } from '../state/view_state';
import { along, type Axis } from './axis';
import { paintContours, type ContourInks } from './contour_layer';
import type { Geometry } from './geometry';
import { pointIndex, type PointIndex } from './point_index';
import { PointsLayer, PointState, type PointPlaces } from './points_layer';

type Colour = readonly [number, number, number];

const colourOf = (hex: string): Colour => [
  parseInt(hex.slice(1, 3), 16) / 255,
  parseInt(hex.slice(3, 5), 16) / 255,
  parseInt(hex.slice(5, 7), 16) / 255,
];

export const contourInks: Readonly<Record<Theme, ContourInks>> = {
  light: {
    low: [255, 255, 255],
    high: [214, 230, 240],
    line: 'rgb(120 150 170 / 0.45)',
    label: '#46606f',
    halo: 'rgb(240 246 250 / 0.85)',
  },
  dark: {
    low: [21, 24, 27],
    high: [30, 52, 68],
    line: 'rgb(120 160 185 / 0.4)',
    label: '#9db6c6',
    halo: 'rgb(24 33 40 / 0.85)',
  },
};

export const paper: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#15181b' };
export const dimmed: Readonly<Record<Theme, string>> = { light: '#a5adb5', dark: '#59626b' };

// Fewer points are larger.
export const radiusFor = (points: number): number =>
  points <= 500 ? 5 : Math.max(1.2, 5 - 1.25 * Math.log10(points / 500));

export class PlotPainter {
  private readonly layer: PointsLayer;
  private readonly contour: CanvasRenderingContext2D;

  constructor(
    private readonly contourCanvas: HTMLCanvasElement,
    private readonly pointsCanvas: HTMLCanvasElement,
  ) {
    this.contour = contourCanvas.getContext('2d')!;
    this.layer = new PointsLayer(pointsCanvas);
  }

  paint(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): void {
    const pixelRatio = Math.min(devicePixelRatio, 2);
    this.contoursOf(
      view.x === 'energy' && view.y === 'accuracy' ? choice.judged(view).range : undefined,
      view.score,
      hasWeight(view.score) ? view.weight : 0,
      geometry,
      theme,
      pixelRatio,
    );
    this.paintPoints(choice, view, geometry, theme, pixelRatio);
  }

  // The shown point nearest to a place, within some pixels.
  pointAt(
    choice: Choice,
    view: ViewState,
    geometry: Geometry,
    x: number,
    y: number,
  ): number | undefined {
    const places = this.placesOf(choice, view, geometry);
    const states = pointStates(choice, view);
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
      (row) => states[row] === PointState.shown,
    );
  }

  private shareOf(full: Axis, shown: Axis, place: number): number {
    const from = along(full, shown.low);
    return from + place * (along(full, shown.high) - from);
  }

  // A canvas keeps what was painted: the levels don't depend on a filter, nor the points on the
  // weight.
  private readonly contoursOf = memo(
    (
      range: EnergyRange | undefined,
      score: ScoreName,
      weight: number,
      geometry: Geometry,
      theme: Theme,
      pixelRatio: number,
    ): void => {
      const context = this.contour;
      const { width, height, x, y } = geometry;
      fit(this.contourCanvas, geometry, pixelRatio);
      context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
      if (range === undefined) {
        context.clearRect(0, 0, width, height);
        return;
      }
      const frame = { width, height, energy: x, accuracy: y };
      paintContours(context, { score, weight, range }, frame, contourInks[theme]);
    },
  );

  private paintPoints(
    choice: Choice,
    view: ViewState,
    geometry: Geometry,
    theme: Theme,
    pixelRatio: number,
  ): void {
    const places = this.placesOf(choice, view, geometry);
    const { models } = choice.data;
    if (places === undefined) return;
    const size = view.size && choice.column(view, view.size);
    this.pointsOf(
      places,
      this.sizes(size, models.rows),
      this.styles(models.kind, models.rows),
      pointStates(choice, view),
      radiusFor(choice.judged(view).models),
      geometry,
      theme,
      pixelRatio,
    );
  }

  private readonly pointsOf = memo(
    (
      places: PointPlaces,
      sizes: Float32Array<ArrayBuffer>,
      styles: Uint8Array<ArrayBuffer>,
      states: Uint8Array<ArrayBuffer>,
      radius: number,
      geometry: Geometry,
      theme: Theme,
      pixelRatio: number,
    ): void => {
    fit(this.pointsCanvas, geometry, pixelRatio);
    this.layer.set(places, sizes, styles, states);
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
      inks: this.inks(theme),
      dimmedInk: colourOf(dimmed[theme]),
      outline: colourOf(paper[theme]),
    });
    },
  );

  private placesOf(choice: Choice, view: ViewState, geometry: Geometry): PointPlaces | undefined {
    const x = choice.column(view, view.x);
    const y = choice.column(view, view.y);
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

  private readonly sizes = memo((column: Float64Array | undefined, rows: number) =>
    sizeShares(column, rows),
  );

  private readonly inks = memo((theme: Theme): Colour[] =>
    Array.from({ length: styleCount }, (_, style) => colourOf(lookOfStyle(style, theme).colour)),
  );
}

function fit(canvas: HTMLCanvasElement, { width, height }: Geometry, pixelRatio: number): void {
  const [w, h] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

function shares(column: Float64Array, full: Axis): Float32Array<ArrayBuffer> {
  const result = new Float32Array(column.length);
  for (let row = 0; row < column.length; ++row) result[row] = along(full, column[row]!);
  return result;
}

// Shares of the largest; −1 where it is unknown, which is drawn as if sizes meant nothing.
export function sizeShares(
  column: Float64Array | undefined,
  rows: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows).fill(-1);
  if (column === undefined) return result;
  let largest = 0;
  for (const value of column) if (value > largest && value < Infinity) largest = value;
  for (let row = 0; row < rows; ++row) {
    const value = column[row]!;
    if (value > 0 && value < Infinity) result[row] = value / largest;
  }
  return result;
}

const states = memo(
  (passes: Uint8Array, isOnFront: Uint8Array, onlyFront: boolean): Uint8Array<ArrayBuffer> => {
    const result = new Uint8Array(passes.length);
    for (let row = 0; row < result.length; ++row) {
      const isShown = passes[row]! !== 0 && (!onlyFront || isOnFront[row]! !== 0);
      result[row] = isShown ? PointState.shown : PointState.dimmed;
    }
    return result;
  },
);

export const pointStates = (choice: Choice, view: ViewState): Uint8Array<ArrayBuffer> =>
  states(choice.filtered(view).passes, choice.judged(view).isOnFront, view.pareto);
