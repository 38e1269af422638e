import { describe, expect, it } from 'vitest';
import { classCentres } from '../src/analysis/class_centres';
import { rowsThatBeat } from '../src/analysis/dominance';
import { energyRatio, energySaving, isUnsure, type EnergyFigure } from '../src/analysis/energy_ratio';
import { upperLeftHull } from '../src/analysis/hull';
import { logRatio } from '../src/analysis/log_ratio';
import { filterRows } from '../src/analysis/model_filter';
import { paretoFront } from '../src/analysis/pareto';
import { meanOf, ranking } from '../src/analysis/ranking';
import { predictAt } from '../src/analysis/line_prediction';
import { isInflated, sam } from '../src/analysis/sam';
import { energyRange, scoresOf, type ScoreName } from '../src/analysis/scores';
import { joules, kilowattHours, percent } from '../src/units';
import { column, expectNumber, expectSame, golden, type Numbers } from './golden';

interface Table {
  readonly name: string;
  readonly accuracy_percent: Numbers;
  readonly energy_j: Numbers;
  readonly train_kwh: Numbers;
}

describe('the analysis answers as the program does', () => {
  interface Scored extends Table {
    readonly least_j: number;
    readonly greatest_j: number;
    readonly scores: readonly { score: ScoreName; weight: number; values: Numbers }[];
  }
  for (const table of golden<Scored[]>('scores')) {
    it(`scores: ${table.name}`, () => {
      const columns = {
        accuracyPercent: column(table.accuracy_percent),
        energyJ: column(table.energy_j),
        trainKwh: column(table.train_kwh),
      };
      const range = energyRange(columns.energyJ);
      expect(range).toEqual({ least: table.least_j, greatest: table.greatest_j });
      for (const { score, weight, values } of table.scores) {
        expectSame(scoresOf(score, columns, range, weight), values);
      }
    });
  }

  it('rankings', () => {
    interface Answer {
      readonly scores: Numbers;
      readonly costs: Numbers;
      readonly top: number | null;
      readonly ranked: readonly (readonly [number, number])[];
    }
    for (const { scores, costs, top, ranked } of golden<Answer[]>('rankings')) {
      const answer = ranking(column(scores), column(costs), undefined, top ?? Infinity);
      expect(answer.map(({ row, rank }) => [row, rank])).toEqual(ranked);
    }
  });

  it('means over test sets', () => {
    interface Answer {
      readonly columns: readonly (Numbers | null)[];
      readonly rows: number;
      readonly mean: Numbers;
    }
    for (const { columns, rows, mean } of golden<Answer[]>('means')) {
      const of = columns.map((each) => (each === null ? undefined : column(each)));
      expectSame(meanOf(of, rows), mean);
    }
  });

  it('fronts and hulls', () => {
    type Answer = Table & { readonly front: number[]; readonly hull: number[] };
    for (const table of golden<Answer[]>('fronts')) {
      const accuracy = column(table.accuracy_percent);
      const energy = column(table.energy_j);
      expect([...paretoFront(accuracy, energy)].sort((a, b) => a - b)).toEqual(table.front);
      expect(upperLeftHull(accuracy, energy)).toEqual(table.hull);
    }
  });

  it('what beats a model', () => {
    type Answer = Table & { readonly row: number; readonly beaten_by: number[] };
    for (const { row, accuracy_percent, energy_j, beaten_by } of golden<Answer[]>('dominance')) {
      expect(rowsThatBeat(row, column(accuracy_percent), column(energy_j))).toEqual(beaten_by);
    }
  });

  it('ratios and savings with their intervals', () => {
    type Pair = readonly [number, number] | null;
    type Figure = { readonly energy_j: number | null; readonly comparison: Pair };
    interface Answer {
      readonly model: Figure;
      readonly reference: Figure;
      readonly ratio: { factor: number; interval: Pair; is_unsure: boolean | null } | null;
      readonly saving: { energy_j: number | null; interval: Pair };
    }
    const figure = ({ energy_j, comparison }: Figure): EnergyFigure => ({
      energy: joules(energy_j ?? NaN),
      comparison: comparison ? { low: comparison[0], high: comparison[1] } : undefined,
    });
    for (const { model, reference, ratio, saving } of golden<Answer[]>('ratios')) {
      const answer = energyRatio(figure(model), figure(reference));
      expect(answer === undefined).toBe(ratio === null);
      if (answer !== undefined && ratio !== null) {
        expectNumber(answer.factor, ratio.factor);
        expectNumber(answer.interval?.low, ratio.interval?.[0] ?? null);
        expectNumber(answer.interval?.high, ratio.interval?.[1] ?? null);
        expect(isUnsure(answer) ?? null).toBe(ratio.is_unsure);
      }
      const saved = energySaving(figure(model), figure(reference));
      expectNumber(saved.energy, saving.energy_j);
      expectNumber(saved.interval?.low, saving.interval?.[0] ?? null);
      expectNumber(saved.interval?.high, saving.interval?.[1] ?? null);
    }
  });

  it('SAM, and where it is inflated', () => {
    interface Answer {
      readonly accuracy_percent: number | null;
      readonly train_kwh: number | null;
      readonly alpha: number;
      readonly sam: number | null;
      readonly is_inflated: boolean;
    }
    for (const answer of golden<Answer[]>('sam')) {
      const electricity = kilowattHours(answer.train_kwh ?? NaN);
      const value = sam(percent(answer.accuracy_percent ?? NaN), electricity, answer.alpha);
      expectNumber(value, answer.sam);
      if (!Number.isNaN(value)) expect(isInflated(electricity)).toBe(answer.is_inflated);
    }
  });

  it('what limits remove', () => {
    interface Answers {
      readonly models: Table & { readonly scores: Numbers };
      readonly answers: readonly {
        readonly min_accuracy_percent: number;
        readonly max_energy_j: number;
        readonly max_train_kwh: number;
        readonly rows: number[];
        readonly removed: readonly (readonly [number, number, number])[];
      }[];
    }
    const { models, answers } = golden<Answers>('filters');
    for (const answer of answers) {
      const filtered = filterRows(column(models.scores), [
        { column: column(models.accuracy_percent), least: answer.min_accuracy_percent },
        { column: column(models.energy_j), most: answer.max_energy_j },
        { column: column(models.train_kwh), most: answer.max_train_kwh },
      ]);
      const rows = [...filtered.passes.keys()].filter((row) => filtered.passes[row] === 1);
      expect(rows).toEqual(answer.rows);
      expect(filtered.count).toBe(answer.rows.length);
      expect(filtered.removed.map((each) => [each.beyond, each.unknown, each.only])).toEqual(
        answer.removed,
      );
    }
  });

  it('factors between setups', () => {
    interface Answer {
      readonly a: number[];
      readonly b: number[];
      readonly geometric_mean: number | null;
      readonly geometric_deviation: number | null;
    }
    for (const { a, b, geometric_mean, geometric_deviation } of golden<Answer[]>('factors')) {
      expectNumber(logRatio(a, b)?.geometricMean, geometric_mean);
      expectNumber(logRatio(a, b)?.geometricDeviation, geometric_deviation);
    }
  });

  it('centres of classes', () => {
    interface Answer extends Table {
      readonly classes: readonly (string | null)[];
      readonly centres: readonly {
        readonly class: string;
        readonly models: number;
        readonly energy_j: number;
        readonly accuracy_percent: number;
      }[];
    }
    const table = golden<Answer>('class_centres');
    const words = ['CNN', 'Transformer', 'Hybrid', 'MLP'];
    const codes = Uint16Array.from(table.classes, (word) =>
      word === null ? 65535 : words.indexOf(word),
    );
    const centres = classCentres(
      column(table.accuracy_percent),
      column(table.energy_j),
      codes,
      words.length,
    );
    expect(centres.map((each) => words[each.kind])).toEqual(table.centres.map((each) => each.class));
    table.centres.forEach((expected, i) => {
      expect(centres[i]!.models).toBe(expected.models);
      expectNumber(centres[i]!.energyJ, expected.energy_j);
      expectNumber(centres[i]!.accuracyPercent, expected.accuracy_percent);
    });
  });
});

describe('what a line says of a further run', () => {
  it('is that of the C++ function, with its interval', () => {
    interface Answer {
      readonly runs: number;
      readonly intercept: number;
      readonly slope: number;
      readonly slope_error: number;
      readonly mean_over: number;
      readonly residual_sum: number;
      readonly t_95: number;
      readonly predictions: readonly { at: number; value: number; low: number; high: number }[];
    }
    for (const answer of golden<Answer[]>('line_predictions')) {
      const line = {
        runs: answer.runs,
        intercept: answer.intercept,
        slope: answer.slope,
        slopeError: answer.slope_error,
        meanOver: answer.mean_over,
        residualSum: answer.residual_sum,
        t95: answer.t_95,
      };
      for (const { at, value, low, high } of answer.predictions) {
        const predicted = predictAt(line, at);
        expectSame([predicted.value, predicted.low, predicted.high], [value, low, high]);
      }
    }
  });
});
