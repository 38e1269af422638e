// Paints the bands between a score's levels and the lines on them.

import { plain } from '../look/numbers';
import { along, valueAt, type Axis } from './axis';
import {
  accuracyAt,
  energyAt,
  hasLevels,
  isOverEnergy,
  levelsWithin,
  type ScoreSurface,
} from './level_curves';

export interface Frame {
  readonly width: number; // in CSS pixels
  readonly height: number;
  readonly energy: Axis; // from left to right
  readonly accuracy: Axis; // from bottom to top
}

export interface ContourInks {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
  readonly line: string;
  readonly label: string;
  readonly halo: string;
}

export interface LevelCurve {
  readonly level: number;
  readonly x: Float64Array; // pixels from the left
  readonly y: Float64Array; // pixels from the top
}

const farAway = 1e5; // pixels: beyond every screen, and still exact

const clamped = (pixels: number): number =>
  pixels > farAway ? farAway : pixels > -farAway ? pixels : -farAway;

// Samples along pixels; between two of them a curve is as good as straight.
export function levelCurves(surface: ScoreSurface, frame: Frame, wanted: number): LevelCurve[] {
  if (!hasLevels(surface)) return [];
  const { width, height, energy, accuracy } = frame;
  const overEnergy = isOverEnergy(surface);
  const length = overEnergy ? width : height;
  const samples = Math.max(2, Math.ceil(length / 6) + 1);
  const places = new Float64Array(samples);
  const values = new Float64Array(samples);
  for (let i = 0; i < samples; ++i) {
    const share = i / (samples - 1);
    places[i] = overEnergy ? share * width : height - share * height;
    values[i] = valueAt(overEnergy ? energy : accuracy, share);
  }
  return levelsWithin(surface, energy, accuracy, wanted).map((level) => {
    const across = new Float64Array(samples);
    for (let i = 0; i < samples; ++i) {
      across[i] = overEnergy
        ? clamped((1 - along(accuracy, accuracyAt(surface, level, values[i]!))) * height)
        : energyPlace(energy, energyAt(surface, level, values[i]!), width);
    }
    return overEnergy ? { level, x: places, y: across } : { level, x: across, y: places };
  });
}

// No energy is left of a logarithmic axis altogether.
const energyPlace = (axis: Axis, energyJ: number, width: number): number =>
  axis.scale === 'log' && !(energyJ > 0) ? -farAway : clamped(along(axis, energyJ) * width);

export function paintContours(
  context: CanvasRenderingContext2D,
  surface: ScoreSurface,
  frame: Frame,
  inks: ContourInks,
): void {
  const { width, height } = frame;
  context.clearRect(0, 0, width, height);
  const curves = levelCurves(surface, frame, Math.min(12, Math.max(5, height / 45)));
  if (curves.length === 0) return;
  const last = lastCurve(surface, frame);
  context.fillStyle = mixed(inks, 0);
  context.fillRect(0, 0, width, height);
  curves.forEach((curve, i) => {
    context.fillStyle = mixed(inks, (i + 1) / curves.length);
    fillBetween(context, curve, curves[i + 1] ?? last);
  });
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const curve of curves) trace(context, curve);
  context.stroke();
  paintLevels(context, curves, frame, inks);
}

// Scores rise upwards, and to the left: beyond the highest level lies that side.
function lastCurve(surface: ScoreSurface, { width, height }: Frame): LevelCurve {
  const far = -farAway;
  return isOverEnergy(surface)
    ? { level: Infinity, x: Float64Array.of(0, width), y: Float64Array.of(far, far) }
    : { level: Infinity, x: Float64Array.of(far, far), y: Float64Array.of(height, 0) };
}

function trace(context: CanvasRenderingContext2D, { x, y }: LevelCurve): void {
  context.moveTo(x[0]!, y[0]!);
  for (let i = 1; i < x.length; ++i) context.lineTo(x[i]!, y[i]!);
}

// Every place of the plane is in one band alone: it is filled once.
function fillBetween(context: CanvasRenderingContext2D, low: LevelCurve, high: LevelCurve): void {
  context.beginPath();
  trace(context, low);
  for (let i = high.x.length - 1; i >= 0; --i) context.lineTo(high.x[i]!, high.y[i]!);
  context.fill();
}

const mixed = ({ low, high }: ContourInks, share: number): string =>
  `rgb(${low.map((from, i) => Math.round(from + share * (high[i]! - from))).join(' ')})`;

// A curve's level stands where it crosses a diagonal, so that the numbers lie in a row.
function paintLevels(
  context: CanvasRenderingContext2D,
  curves: readonly LevelCurve[],
  { width, height }: Frame,
  inks: ContourInks,
): void {
  context.font = '12px system-ui, "DejaVu Sans", sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  let last = { x: -farAway, y: -farAway };
  for (const { level, x, y } of curves) {
    const place = crossing(x, y, width, height);
    if (place === undefined) continue;
    if (Math.abs(place.x - last.x) < 44 && Math.abs(place.y - last.y) < 18) continue;
    last = place;
    const text = plain(level);
    const half = 4 + 3.7 * text.length;
    context.fillStyle = inks.halo;
    context.fillRect(place.x - half, place.y - 8, 2 * half, 16);
    context.fillStyle = inks.label;
    context.fillText(text, place.x, place.y);
  }
}

function crossing(
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
): { x: number; y: number } | undefined {
  // Of the line from the upper left to the lower right corner.
  const side = (i: number): number => x[i]! / width - y[i]! / height;
  for (let i = 1; i < x.length; ++i) {
    const before = side(i - 1);
    const after = side(i);
    if (before > 0 === after > 0) continue;
    const share = before / (before - after);
    const place = {
      x: x[i - 1]! + share * (x[i]! - x[i - 1]!),
      y: y[i - 1]! + share * (y[i]! - y[i - 1]!),
    };
    const isInside =
      place.x > 18 && place.x < width - 18 && place.y > 10 && place.y < height - 10;
    if (isInside) return place;
  }
  return undefined;
}
