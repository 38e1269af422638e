// The plot as a picture of its own, written from the data: what is in view, with axes, contours,
// points, front, limits and a legend.

import { unknownWord } from '../data/columns';
import { frontStyle, lookOfClass, lookOfStyle, markPath, type Theme } from '../look/palette';
import { ticks } from '../plot/axis';
import { levelCurves } from '../plot/contour_layer';
import { linePath, pixelX, pixelY, type Geometry } from '../plot/geometry';
import { isOverEnergy } from '../plot/level_curves';
import { contourInks, dimmed, paper, pointStates, radiusFor, sizeShares } from '../plot/plot_painter';
import { PointState } from '../plot/points_layer';
import type { ViewState } from '../state/view_state';
import type { Choice } from './choice';
import { axisTitle, quantity, type QuantityId } from './quantities';

const margin = { left: 70, right: 20, top: 52, bottom: 52 };
const inks = {
  light: { text: '#1b1f23', quiet: '#59626b', rule: '#d9dde1', limit: '#c02020' },
  dark: { text: '#e6e9ec', quiet: '#a3acb5', rule: '#343b42', limit: '#ff7b72' },
} as const;

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const n = (value: number): string => String(Math.round(value * 100) / 100);

export function plotSvg(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): string {
  const { width, height } = geometry;
  const ink = inks[theme];
  const fullWidth = width + margin.left + margin.right;
  const fullHeight = height + margin.top + margin.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(fullWidth)}" height="${n(fullHeight)}" viewBox="0 0 ${n(fullWidth)} ${n(fullHeight)}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="${paper[theme]}"/>`,
    `<defs><clipPath id="area"><rect width="${n(width)}" height="${n(height)}"/></clipPath></defs>`,
    `<text x="${margin.left}" y="18" font-size="14" font-weight="600" fill="${ink.text}">${escaped(titleOf(choice, view))}</text>`,
    legend(choice, theme, ink.quiet),
    `<g transform="translate(${margin.left} ${margin.top})">`,
    '<g clip-path="url(#area)">',
    ...contours(choice, view, geometry, theme),
    ...points(choice, view, geometry, theme),
    ...lines(choice, view, geometry, theme, ink.limit),
    '</g>',
    ...axes(choice, view, geometry, ink),
    '</g></svg>\n',
  ].join('\n');
}

function titleOf(choice: Choice, view: ViewState): string {
  const testSets = choice.testSets(view).join(', ');
  return `${choice.data.points.label}: ${choice.filtered(view).count} models, accuracy on ${testSets}`;
}

function legend(choice: Choice, theme: Theme, ink: string): string {
  let left = margin.left + 6;
  const words = [...(choice.data.models.kind?.words ?? []), undefined];
  return words
    .map((word) => {
      const { mark, colour } = lookOfClass(word, theme);
      const name = escaped(word ?? 'unknown family');
      const entry = `<path transform="translate(${left} 36)" d="${markPath(mark, 5)}" fill="${colour}"/><text x="${left + 10}" y="40" fill="${ink}">${name}</text>`;
      left += 34 + 7 * (word ?? 'unknown family').length;
      return entry;
    })
    .join('');
}

function contours(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): string[] {
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

function points(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): string[] {
  const x = choice.column(view, view.x);
  const y = choice.column(view, view.y);
  if (x === undefined || y === undefined) return [];
  const { kind, rows } = choice.data.models;
  const states = pointStates(choice, view);
  const radius = radiusFor(choice.judged(view).models);
  const sizes = sizeShares(view.size && choice.column(view, view.size), rows);
  const behind: string[] = [];
  const before: string[] = [];
  for (let row = 0; row < rows; ++row) {
    const [left, top] = [pixelX(geometry, x[row]!), pixelY(geometry, y[row]!)];
    const isInside = left > -40 && left < geometry.width + 40 && top > -40 && top < geometry.height + 40;
    if (!isInside) continue;
    const isShown = states[row] === PointState.shown;
    const code = kind?.codes[row] ?? unknownWord;
    const { mark, colour } = lookOfClass(kind?.words[code], theme);
    const share = sizes[row]!;
    const path = markPath(share < 0 ? mark : 'circle', share < 0 ? radius : n5(Math.sqrt(share) * radius * 5));
    const look = isShown ? `fill="${colour}" fill-opacity="${share < 0 ? 0.85 : 0.55}"` : `fill="${dimmed[theme]}" fill-opacity="0.4"`;
    (isShown ? before : behind).push(`<path transform="translate(${n(left)} ${n(top)})" d="${path}" ${look}/>`);
  }
  return [...behind, ...before];
}

const n5 = (value: number): number => Math.round(value * 100) / 100;

function lines(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  theme: Theme,
  limitInk: string,
): string[] {
  const { front } = choice.judged(view);
  const x = choice.column(view, view.x);
  const y = choice.column(view, view.y);
  const drawn: string[] = [];
  if (x && y && view.x === 'energy' && view.y === 'accuracy') {
    const colour = lookOfStyle(frontStyle, theme).colour;
    drawn.push(`<path d="${linePath(geometry, front, x, y, true)}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    if (view.hull) {
      const hull = linePath(geometry, choice.hull(view, view.years.most), x, y);
      drawn.push(`<path d="${hull}" fill="none" stroke="${inks[theme].text}" stroke-width="1.5" stroke-dasharray="6 3"/>`);
    }
  }
  const limit = (id: 'energy' | 'accuracy', value: number | undefined): void => {
    if (value === undefined) return;
    const path =
      view.x === id
        ? `M${n(pixelX(geometry, value))},0V${n(geometry.height)}`
        : `M0,${n(pixelY(geometry, value))}H${n(geometry.width)}`;
    if (view.x === id || view.y === id) drawn.push(`<path d="${path}" stroke="${limitInk}" stroke-width="2"/>`);
  };
  limit('accuracy', view.minAccuracy);
  limit('energy', view.maxEnergyJ);
  return drawn;
}

function axes(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  ink: { text: string; quiet: string; rule: string },
): string[] {
  const { width, height } = geometry;
  const { points, other } = choice.data;
  const titleOfAxis = (id: QuantityId): string =>
    escaped(axisTitle(id, points.setup, other?.setup));
  const drawn = [`<rect width="${n(width)}" height="${n(height)}" fill="none" stroke="${ink.quiet}"/>`];
  for (const { value, label } of ticks(geometry.x, quantity(view.x), width / 85)) {
    const left = n(pixelX(geometry, value));
    drawn.push(`<path d="M${left},${n(height)}v${label ? 5 : 3}" stroke="${ink.quiet}"/>`);
    if (label) drawn.push(`<text x="${left}" y="${n(height + 19)}" text-anchor="middle" fill="${ink.quiet}">${escaped(label)}</text>`);
  }
  for (const { value, label } of ticks(geometry.y, quantity(view.y), height / 60)) {
    const top = pixelY(geometry, value);
    drawn.push(`<path d="M0,${n(top)}h-${label ? 5 : 3}" stroke="${ink.quiet}"/>`);
    if (label) drawn.push(`<text x="-9" y="${n(top + 4)}" text-anchor="end" fill="${ink.quiet}">${escaped(label)}</text>`);
  }
  drawn.push(
    `<text x="${n(width / 2)}" y="${n(height + 40)}" text-anchor="middle" font-size="13" fill="${ink.text}">${titleOfAxis(view.x)}</text>`,
    `<text transform="translate(-50 ${n(height / 2)}) rotate(-90)" text-anchor="middle" font-size="13" fill="${ink.text}">${titleOfAxis(view.y)}</text>`,
  );
  return drawn;
}
