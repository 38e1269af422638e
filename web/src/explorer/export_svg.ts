// The plot as a picture of its own, written from the data: what is in view, with axes, contours,
// points, front, limits, rings and pins, and a legend.

import { inks, type Inks } from '../look/inks';
import { lookOfClass, markPath, type Theme } from '../look/palette';
import { ticks } from '../plot/axis';
import { pixelX, pixelY, type Geometry } from '../plot/geometry';
import type { ViewState } from '../state/view_state';
import type { Choice } from './choice';
import { contours, front, hull, limits, pins, points, pointSize, rings } from './export_layers';
import { axisTitle, quantity, type QuantityId } from './quantities';
import { rounded as n } from './svg_numbers';

const margin = { left: 70, right: 20, top: 52, bottom: 52 };

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function plotSvg(choice: Choice, view: ViewState, geometry: Geometry, theme: Theme): string {
  const { width, height } = geometry;
  const ink = inks[theme];
  const beside = choice.beside(view);
  const size = pointSize([choice, ...(beside ? [beside] : [])], view);
  const fullWidth = width + margin.left + margin.right;
  const fullHeight = height + margin.top + margin.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(fullWidth)}" height="${n(fullHeight)}" viewBox="0 0 ${n(fullWidth)} ${n(fullHeight)}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="${ink.paper}"/>`,
    `<defs><clipPath id="area"><rect width="${n(width)}" height="${n(height)}"/></clipPath></defs>`,
    `<text x="${margin.left}" y="18" font-size="14" font-weight="600" fill="${ink.text}">${escaped(titleOf(choice, view))}</text>`,
    legend(choice, theme, ink.quiet),
    `<g transform="translate(${margin.left} ${margin.top})">`,
    '<g clip-path="url(#area)">',
    ...contours(choice, view, geometry, theme),
    ...grid(view, geometry, ink.quiet),
    ...points(choice, view, geometry, theme, size, false),
    ...(beside ? points(beside, view, geometry, theme, size, true) : []),
    ...(beside ? front(beside, view, geometry, theme, true) : []),
    ...front(choice, view, geometry, theme, false),
    ...hull(choice, view, geometry, ink.text),
    ...limits(view, geometry, ink.limit),
    ...rings(choice, view, geometry, ink.text),
    ...pins(choice, view, geometry, ink.text, ink.paper),
    '</g>',
    ...axes(choice, view, geometry, ink),
    '</g></svg>\n',
  ].join('\n');
}

function titleOf(choice: Choice, view: ViewState): string {
  const testSets = choice.testSets(view).join(', ');
  const { points } = choice.data;
  const beside = choice.beside(view)?.data.points;
  const setups = beside ? `${points.setup} (filled), ${beside.setup} (hollow)` : points.label;
  return `${setups}: ${choice.filtered(view).count} models, accuracy on ${testSets}`;
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

function grid(view: ViewState, geometry: Geometry, ink: string): string[] {
  const { width, height } = geometry;
  const across = ticks(geometry.x, quantity(view.x), width / 85)
    .filter(({ label }) => label !== '')
    .map(({ value }) => `M${n(pixelX(geometry, value))},0V${n(height)}`);
  const upwards = ticks(geometry.y, quantity(view.y), height / 60)
    .filter(({ label }) => label !== '')
    .map(({ value }) => `M0,${n(pixelY(geometry, value))}H${n(width)}`);
  return [`<path d="${[...across, ...upwards].join('')}" stroke="${ink}" stroke-opacity="0.18"/>`];
}

function axes(
  choice: Choice,
  view: ViewState,
  geometry: Geometry,
  ink: Inks,
): string[] {
  const { width, height } = geometry;
  const { points, other } = choice.data;
  const titleOfAxis = (id: QuantityId): string =>
    escaped(axisTitle(id, view, points.setup, other?.setup));
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
