import { describe, expect, it } from 'vitest';
import { scoresOf, type ScoreName } from '../src/analysis/scores';
import { levelCurves } from '../src/plot/contour_layer';
import { accuracyAt, energyAt, isOverEnergy, levelsWithin } from '../src/plot/level_curves';
import { valueAt, type Axis } from '../src/plot/axis';

const range = { least: 0.003, greatest: 60 };
const energy: Axis = { scale: 'log', low: 0.001, high: 100 };
const accuracy: Axis = { scale: 'linear', low: 40, high: 95 };

function scoreOf(score: ScoreName, weight: number, accuracyPercent: number, energyJ: number): number {
  const columns = {
    accuracyPercent: Float64Array.of(accuracyPercent),
    energyJ: Float64Array.of(energyJ),
  };
  return scoresOf(score, columns, range, weight)[0]!;
}

describe('on the curve of a level every model would have that score', () => {
  for (const score of ['manhattan', 'log-manhattan', 'efficiency'] as const) {
    for (const weight of [0, 0.2, 0.5, 0.7, 1]) {
      it(`${score} at weight ${weight}`, () => {
        const surface = { score, weight, range };
        const levels = levelsWithin(surface, energy, accuracy, 10);
        expect(levels.length).toBeGreaterThan(2);
        for (const level of levels) {
          for (let share = 0; share <= 1; share += 0.125) {
            const [a, e] = isOverEnergy(surface)
              ? [accuracyAt(surface, level, valueAt(energy, share)), valueAt(energy, share)]
              : [valueAt(accuracy, share), energyAt(surface, level, valueAt(accuracy, share))];
            if (!(a >= 0 && a <= 100 && e > 0)) continue; // no model can be there
            expect(scoreOf(score, weight, a, e)).toBeCloseTo(level, 6);
          }
        }
      });
    }
  }

  it('and the drawn curve lies there, too, on either scale', () => {
    const frame = { width: 600, height: 400, energy, accuracy };
    for (const x of [energy, { ...energy, scale: 'linear' } as Axis]) {
      for (const weight of [0.1, 0.9]) {
        const surface = { score: 'manhattan', weight, range } as const;
        for (const { level, x: left, y: top } of levelCurves(surface, { ...frame, energy: x }, 8)) {
          for (let i = 0; i < left.length; ++i) {
            const isInside = left[i]! > 0 && left[i]! < 600 && top[i]! > 0 && top[i]! < 400;
            if (!isInside) continue;
            const e = valueAt(x, left[i]! / 600);
            const a = valueAt(accuracy, 1 - top[i]! / 400);
            expect(scoreOf('manhattan', weight, a, e)).toBeCloseTo(level, 6);
          }
        }
      }
    }
  });
});

describe('there are no curves', () => {
  const frame = { width: 600, height: 400, energy, accuracy };
  it('of SAM, which is of another energy', () => {
    expect(levelCurves({ score: 'sam', weight: 0.5, range }, frame, 8)).toEqual([]);
  });
  it('of energies that are all the same on a logarithmic share', () => {
    const one = { least: 1, greatest: 1 };
    expect(levelCurves({ score: 'log-manhattan', weight: 0.5, range: one }, frame, 8)).toEqual([]);
  });
});
