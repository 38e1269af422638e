// Paints the canvases of the plot from what is chosen: the score's levels, the models of the setup,
// and, as outlines, those of the second one where they stand beside them.

import { hasWeight, type EnergyRange, type ScoreName } from '../analysis/scores';
import type { Choice, PlottedModel } from '../explorer/choice';
import { memo } from '../explorer/memo';
import type { Theme } from '../look/palette';
import type { ViewState } from '../state/view_state';
import { paintContours } from './contour_layer';
import { fitCanvas, type Geometry } from './geometry';
import { contourInks } from './plot_inks';
import { largestOf, PointsPainter, radiusFor } from './points_painter';

export class PlotPainter {
  private readonly contour: CanvasRenderingContext2D;
  private readonly points: PointsPainter;
  private beside: PointsPainter | undefined; // made when it is needed

  constructor(
    private readonly contourCanvas: HTMLCanvasElement,
    pointsCanvas: HTMLCanvasElement,
    private readonly besideCanvas: HTMLCanvasElement,
  ) {
    this.contour = contourCanvas.getContext('2d')!;
    this.points = new PointsPainter(pointsCanvas, false);
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
    const beside = choice.beside(view);
    const sizeOf = (each: Choice): Float64Array | undefined =>
      view.size && each.column(view, view.size);
    const size = {
      radius: radiusFor(choice.judged(view).models),
      largest: this.largest(sizeOf(choice), beside && sizeOf(beside)),
    };
    this.points.paint(choice, view, geometry, theme, pixelRatio, size);
    if (beside !== undefined) {
      this.beside ??= new PointsPainter(this.besideCanvas, true);
      this.beside.paint(beside, view, geometry, theme, pixelRatio, size);
    }
  }

  // The emphasised point nearest to a place, within some pixels.
  pointAt(
    choice: Choice,
    view: ViewState,
    geometry: Geometry,
    x: number,
    y: number,
  ): PlottedModel | undefined {
    const beside = choice.beside(view);
    const own = this.points.pointAt(choice, view, geometry, x, y);
    const other = beside && this.beside?.pointAt(beside, view, geometry, x, y);
    if (other !== undefined && (own === undefined || other.distance < own.distance)) {
      return { row: other.row, isBeside: true };
    }
    return own && { row: own.row, isBeside: false };
  }

  // A canvas keeps what was painted: the levels don't depend on a filter.
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
      fitCanvas(this.contourCanvas, geometry, pixelRatio);
      context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
      if (range === undefined) {
        context.clearRect(0, 0, width, height);
        return;
      }
      const frame = { width, height, energy: x, accuracy: y };
      paintContours(context, { score, weight, range }, frame, contourInks[theme]);
    },
  );

  private readonly largest = memo((...columns: readonly (Float64Array | undefined)[]) =>
    largestOf(columns),
  );
}
