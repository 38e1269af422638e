// What the exported picture shows, layer by layer, as elements of SVG.

import { unknownWord } from '../data/columns';
import { rowOfLabel } from '../data/models';
import { frontStyle, lookOfClass, lookOfStyle, markPath, type Theme } from '../look/palette';
import { levelCurves } from '../plot/contour_layer';
import { linePath, pixelX, pixelY, ringPath, type Geometry } from '../plot/geometry';
import { isOverEnergy } from '../plot/level_curves';
import { contourInks, dimmed } from '../plot/plot_inks';
import {
  hollowLine,
  hollowRadius,
  largestOf,
  mostRings,
  radiusFor,
  sizeShares,
  type PointSize,
} from '../plot/points_painter';
import type { Place } from '../plot/region';
import { whiskerPath } from '../plot/whisker';
import type { ViewState } from '../state/view_state';
import type { Choice, Front } from './choice';
import { rounded as n } from './svg_numbers';

export function contours(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): string[] {
  if (view.x !== 'energy' || view.y !== 'accuracy') return [];
  const { range } = choice.judged(view);
  const { score, weight } = view;
  const { width, height, x, y } = geometry;
  const surface = { score, weight, range };
  const curves = levelCurves(surface, { width, height, energy: x, accuracy: y }, 10);
  const { low, high, line } = contourInks[theme];
  return curves.map((curve, i) => {
    const share = (i + 1) / curves.length;
    const fill = low.map((from, k) => Math.round(from + share * (high[k]! - from))).join(',');
    const path = Array.from(curve.x, (left, k) => `${n(left)},${n(curve.y[k]!)}`).join('L');
    const close = isOverEnergy(surface)
      ? `L${n(width)},-1e5L-1e5,-1e5L-1e5,${n(curve.y[0]!)}Z`
      : `L-1e5,-1e5L-1e5,${n(height)}Z`;
    return `<path d="M${path}${close}" fill="rgb(${fill})"/><path d="M${path}" fill="none" stroke="${rgba(line)}"/>`;
  });
}

// SVG renderers differ in what colours they read; this form all of them do.
const rgba = (colour: string): string =>
  colour.replace(/rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)/, 'rgba($1,$2,$3,$4)');

export function pointSize(choices: readonly Choice[], view: ViewState): PointSize {
  const columns = choices.map((each) => view.size && each.column(view, view.size));
  return { radius: radiusFor(choices[0]!.judged(view).models), largest: largestOf(columns) };
}

export function points(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  theme: Theme,
  { radius, largest }: PointSize,
  isHollow: boolean,
): string[] {
  const { kind, rows } = choice.data.models;
  const emphasised = choice.emphasised(view);
  const sizes = sizeShares(view.size && choice.column(view, view.size), largest, rows);
  const place = placesOf(choice, view, geometry);
  const behind: string[] = [];
  const before: string[] = [];
  for (let row = 0; row < rows; ++row) {
    const [left, top] = place(row);
    const isInside = left > -40 && left < geometry.width + 40 && top > -40 && top < geometry.height + 40;
    if (!isInside) continue;
    const code = kind?.codes[row] ?? unknownWord;
    const { mark, colour } = lookOfClass(kind?.words[code], theme);
    const share = sizes[row]!;
    const plain = isHollow && view.size === undefined ? hollowRadius(radius) : radius;
    const own = share < 0 ? plain : Math.max(1, Math.sqrt(share) * radius * 5);
    const path = markPath(share < 0 ? mark : 'circle', own);
    const ink = emphasised[row] ? colour : dimmed[theme];
    const strength = !emphasised[row] ? 0.4 : share < 0 ? 0.85 : 0.55;
    const look = isHollow
      ? `fill="none" stroke="${ink}" stroke-width="${n(hollowLine(plain))}" stroke-opacity="${strength}"`
      : `fill="${ink}" fill-opacity="${strength}"`;
    (emphasised[row] ? before : behind).push(
      `<path transform="translate(${n(left)} ${n(top)})" d="${path}" ${look}/>`,
    );
  }
  return [...behind, ...before];
}

// Where a row's point is, in pixels; NaN where it has none.
function placesOf(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
): (row: number) => Place {
  const x = choice.placing(view, 'x');
  const y = choice.placing(view, 'y');
  return (row) => [pixelX(geometry, x?.[row] ?? NaN), pixelY(geometry, y?.[row] ?? NaN)];
}

const isEnergyAccuracy = (view: ViewState): boolean =>
  view.x === 'energy' && view.y === 'accuracy';

export function front(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  theme: Theme,
  isDotted: boolean,
): string[] {
  if (!isEnergyAccuracy(view)) return [];
  const { energyJ, accuracyPercent } = choice.judged(view);
  const { colour } = lookOfStyle(frontStyle, theme);
  const line = ({ rows }: Front, look: string): string => {
    const path = linePath(geometry, rows, energyJ, accuracyPercent, true);
    return `<path d="${path}" fill="none" stroke="${colour}" ${look}/>`;
  };
  const front = choice.front(view);
  if (isDotted) return [line(front, 'stroke-width="2" stroke-dasharray="2 4"')];
  const whole = choice.wholeFront(view);
  return [...(whole ? [line(whole, 'stroke-opacity="0.6"')] : []), line(front, 'stroke-width="2"')];
}

export function hull(choice: Choice, view: ViewState, geometry: Geometry, ink: string): string[] {
  if (!isEnergyAccuracy(view) || !view.hull) return [];
  const { energyJ, accuracyPercent } = choice.judged(view);
  const path = linePath(geometry, choice.hull(view, view.years.most), energyJ, accuracyPercent);
  return [`<path d="${path}" fill="none" stroke="${ink}" stroke-width="1.5" stroke-dasharray="6 3"/>`];
}

export function limits(view: ViewState, geometry: Geometry, ink: string): string[] {
  const line = (id: 'energy' | 'accuracy', value: number | undefined): string[] => {
    if (value === undefined || (view.x !== id && view.y !== id)) return [];
    const path =
      view.x === id
        ? `M${n(pixelX(geometry, value))},0V${n(geometry.height)}`
        : `M0,${n(pixelY(geometry, value))}H${n(geometry.width)}`;
    return [`<path d="${path}" stroke="${ink}" stroke-width="2"/>`];
  };
  return [...line('accuracy', view.minAccuracy), ...line('energy', view.maxEnergyJ)];
}

// Around the best of the ranking.
export function rings(choice: Choice, view: ViewState, geometry: Geometry, ink: string): string[] {
  const { judged, ranked } = choice.shown(view);
  const place = placesOf(choice, view, geometry);
  const radius = radiusFor(judged.models) + 2;
  const path = ranked
    .slice(0, mostRings)
    .map(({ row }) => place(row))
    .filter(([left, top]) => Number.isFinite(left) && Number.isFinite(top))
    .map(([left, top]) => ringPath(left, top, radius))
    .join('');
  return [`<path d="${path}" fill="none" stroke="${ink}" stroke-opacity="0.85"/>`];
}

// The pinned models with their numbers and intervals, on each setup that is shown.
export function pins(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  ink: string,
  halo: string,
): string[] {
  const beside = choice.beside(view);
  const choices = beside ? [choice, beside] : [choice];
  const radius = radiusFor(choice.judged(view).models) + 5;
  const rows = view.pins
    .map((label) => rowOfLabel(choice.data.models, label))
    .filter((row) => row !== undefined);
  return rows.flatMap((row, i) => {
    const placed = choices
      .map((each) => ({ points: each.data.points, at: placesOf(each, view, geometry)(row) }))
      .filter(({ at }) => at.every(Number.isFinite));
    const pair = placed.length === 2 ? [pairLine(placed.map(({ at }) => at), ink)] : [];
    const marks = placed.flatMap(({ points, at }) => {
      const [left, top] = at;
      return [
        `<path d="${whiskerPath(geometry, view, points, row, at)}" fill="none" stroke="${ink}" stroke-width="1.5"/>`,
        `<path d="${ringPath(left, top, radius)}" fill="none" stroke="${ink}" stroke-width="2.5"/>`,
        `<text x="${n(left + radius + 3)}" y="${n(top - radius + 1)}" font-size="13" font-weight="700" fill="${ink}" stroke="${halo}" stroke-width="4" paint-order="stroke">${i + 1}</text>`,
      ];
    });
    return [...pair, ...marks];
  });
}

const pairLine = (places: readonly Place[], ink: string): string =>
  `<path d="M${places.map((at) => at.map(n).join()).join('L')}" fill="none" stroke="${ink}" stroke-width="1.5" stroke-opacity="0.6" stroke-dasharray="1 3"/>`;
