import { describe, expect, it } from 'vitest';
import { rowsThatBeat } from '../src/analysis/dominance';
import { hasScore, scoresOf } from '../src/analysis/scores';
import { Choice } from '../src/explorer/choice';
import { alternativesTo, firstToReplace, yearlyKwh } from '../src/explorer/savings';
import { limitsOf, passingWithout, withoutLimits } from '../src/explorer/limits';
import { cell, rankedCsv } from '../src/explorer/export_csv';
import { sortAfter, sortedRows, tableColumns } from '../src/explorer/table_columns';
import { plotSvg } from '../src/explorer/export_svg';
import { rowsNamed } from '../src/explorer/search';
import type { Catalogue } from '../src/data/answers';
import { labelOf, modelsOf, pointsOf } from '../src/data/models';
import { axisOver } from '../src/plot/axis';
import { pointIndex } from '../src/plot/point_index';
import { rectangle, rowsInside } from '../src/plot/region';
import { usualView } from '../src/state/view_state';
import { writeColumns } from './column_writer';
import { madeUpModels, madeUpSetups, randomNumbers } from './made_up';

const madeUp = madeUpModels(800);
const choice = new Choice({
  catalogue: madeUp.catalogue as Catalogue,
  models: modelsOf(madeUp.models),
  points: pointsOf(madeUp.points.get(madeUpSetups[1])!),
  other: pointsOf(madeUp.points.get(madeUpSetups[0])!),
});

describe('what is shown of a choice', () => {
  it('is what sorting all models would give', () => {
    for (const weight of [0, 0.3, 1]) {
      const view = { ...usualView, weight, minAccuracy: 75, maxEnergyJ: 0.2, top: 15 };
      const { judged, ranked } = choice.shown(view);
      const columns = { accuracyPercent: judged.accuracyPercent, energyJ: judged.energyJ };
      const scores = scoresOf('manhattan', columns, judged.range, weight);
      const expected = [...scores.keys()]
        .filter((row) => !Number.isNaN(scores[row]))
        .filter((row) => judged.accuracyPercent[row]! >= 75 && judged.energyJ[row]! <= 0.2)
        .sort((a, b) => scores[b]! - scores[a]! || judged.energyJ[a]! - judged.energyJ[b]! || a - b);
      expect(ranked.map(({ row }) => row)).toEqual(expected.slice(0, 15));
    }
  });

  it('takes a mean over models that have all test sets', () => {
    const view = { ...usualView, testSets: ['imagenet-original', 'imagenet-real'] };
    const judged = choice.judged(view);
    const [a, b] = view.testSets.map((name) => choice.data.models.accuracyPercent.get(name)!);
    for (let row = 0; row < a!.length; ++row) {
      expect(judged.accuracyPercent[row]).toEqual((a![row]! + b![row]!) / 2);
    }
    expect(judged.models).toBeLessThan(choice.judged(usualView).models);
  });

  it('keeps N over the whole setup whatever the thresholds are', () => {
    const strict = { ...usualView, minAccuracy: 85, maxEnergyJ: 0.01, search: '01' };
    expect(choice.judged(strict).range).toEqual(choice.judged(usualView).range);
    expect(choice.scores(strict)).toEqual(choice.scores(usualView));
  });

  it('computes nothing again that did not change', () => {
    const before = choice.shown(usualView);
    const after = choice.shown({ ...usualView, weight: 0.51 });
    expect(after.judged).toBe(before.judged);
    expect(after.filtered).toBe(before.filtered);
    expect(after.scores).not.toBe(before.scores);
  });

  it('is narrowed by class, year, parameters and input size', () => {
    const { models } = choice.data;
    const view = {
      ...usualView,
      classes: ['CNN'],
      years: { most: 2019 },
      parameters: { least: 1e7 },
      inputSizes: { least: 224, most: 288 },
    };
    const { passes } = choice.filtered(view);
    const judged = choice.judged(view);
    for (let row = 0; row < models.rows; ++row) {
      const size = models.inputSize[row]!;
      const expected =
        hasScore(judged.accuracyPercent[row]!, judged.energyJ[row]!) &&
        models.kind!.codes[row] === models.kind!.words.indexOf('CNN') &&
        models.year![row]! <= 2019 &&
        models.counts.get('made-up')!.parameters![row]! >= 1e7 &&
        size >= 224 &&
        size <= 288;
      expect(passes[row] === 1).toBe(expected);
    }
  });
});

describe('the front', () => {
  const { kind } = choice.data.models;
  const isCnn = (row: number): boolean => kind!.codes[row] === kind!.words.indexOf('CNN');
  const cnns = { ...usualView, classes: ['CNN'] };

  it('is that of those which are asked for', () => {
    const { judgeablePercent, energyJ, front } = choice.judged(cnns);
    const isBeaten = (row: number): boolean =>
      rowsThatBeat(row, judgeablePercent, energyJ).some(isCnn);
    const expected = [...energyJ.keys()].filter(
      (row) => isCnn(row) && !Number.isNaN(judgeablePercent[row]) && !isBeaten(row),
    );
    expect([...choice.front(cnns).rows].toSorted((a, b) => a - b)).toEqual(expected);
    expect(choice.front(cnns).rows).not.toEqual(front.rows);
    expect(choice.front(usualView)).toBe(front);
  });

  it('is neither that of a selection nor of what passes the limits of energy and accuracy', () => {
    const limited = { ...usualView, minAccuracy: 78, maxEnergyJ: 0.3, region: rectangle([0.01, 70], [0.1, 80]) };
    expect(choice.front(limited)).toBe(choice.judged(usualView).front);
  });

  it('is what stays when the others are dimmed', () => {
    const emphasised = choice.emphasised({ ...cnns, pareto: true });
    expect(emphasised).toEqual(choice.front(cnns).isOn);
  });

  it('leaves the ranking what it is', () => {
    const ranked = choice.shown(cnns).ranked;
    const ofAll = choice.shown({ ...usualView, top: 800 }).ranked;
    expect(ranked.map(({ row }) => row)).toEqual(ofAll.map(({ row }) => row).filter(isCnn).slice(0, 20));
  });
});

describe('search', () => {
  const names = ['resnet50.a1_in1k', 'ResNeXt50', 'vit_base', 'Écran', '', 'vit'];
  const column = modelsOf(
    writeColumns(names.length, [{ name: 'model', type: 'text', values: names }]),
  ).names;
  const found = (asked: string): string[] =>
    names.filter((_, row) => rowsNamed(column, asked)?.[row] === 1);

  it('finds all words in any order and case', () => {
    expect(found('50 RES')).toEqual(['resnet50.a1_in1k', 'ResNeXt50']);
    expect(found('vit')).toEqual(['vit_base', 'vit']);
    expect(found('Écran')).toEqual(['Écran']); // beyond ASCII the case counts
    expect(found('none')).toEqual([]);
  });

  it('does not run from one name into the next', () => {
    expect(found('50vit')).toEqual([]);
    expect(found('kres')).toEqual([]);
  });

  it('of nothing asks for nothing', () => {
    expect(rowsNamed(column, '  ')).toBeUndefined();
  });
});

describe('a second setup', () => {
  const beside = choice.beside(usualView)!;

  it('stands beside the first, each with its own front, unless they are set against each other', () => {
    expect(beside.data.points).toBe(choice.data.other);
    expect(beside.column(usualView, 'energy')).toBe(choice.data.other!.energyJ);
    expect(beside.judged(usualView).front).not.toEqual(choice.judged(usualView).front);
    expect(choice.beside({ ...usualView, y: 'other-energy' })).toBeUndefined();
    expect(new Choice({ ...choice.data, other: undefined }).beside(usualView)).toBeUndefined();
  });

  it('passes the same filters by its own energies', () => {
    const view = { ...usualView, maxEnergyJ: 0.1, minAccuracy: 75 };
    const emphasised = beside.emphasised(view);
    const { energyJ } = beside.data.points;
    const { accuracyPercent } = beside.judged(view);
    expect(emphasised).toEqual(
      Uint8Array.from(energyJ, (energy, row) => (energy <= 0.1 && accuracyPercent[row]! >= 75 ? 1 : 0)),
    );
  });

  it('places no model that has no energy on it', () => {
    const view = { ...usualView, x: 'parameters' as const };
    const { energyJ } = choice.data.points;
    const missing = energyJ.findIndex(Number.isNaN);
    expect(missing).toBeGreaterThan(-1);
    expect(choice.column(view, 'parameters')![missing]).toBeGreaterThan(0);
    for (const side of ['x', 'y'] as const) {
      const column = choice.placing(view, side)!;
      column.forEach((value, row) => {
        if (Number.isNaN(energyJ[row])) expect(value).toBeNaN();
      });
    }
  });

  it('is the same choice as long as the setups are', () => {
    expect(choice.beside({ ...usualView, weight: 0.1 })).toBe(beside);
  });

  it('is drawn hollow in an exported picture, with its front, and the pins on both', () => {
    const axis = axisOver('log', [choice.data.points.energyJ, choice.data.other!.energyJ]);
    const upwards = axisOver('linear', [choice.judged(usualView).accuracyPercent], 100);
    const geometry = { width: 600, height: 400, x: axis, y: upwards, fullX: axis, fullY: upwards };
    const pin = labelOf(choice.data.models, choice.judged(usualView).front.rows[0]!);
    const picture = plotSvg(choice, { ...usualView, pins: [pin], minAccuracy: 70 }, geometry, 'light');
    const count = (part: string | RegExp): number => picture.split(part).length - 1;
    expect(count('stroke-width="1.6"')).toBe(beside.judged(usualView).models);
    expect(count('stroke-dasharray="2 4"')).toBe(1);
    expect(count('>1</text>')).toBe(2);
    expect(count('#c02020')).toBe(1);
    expect(picture).toContain('(hollow): ');
    expect(count('stroke-dasharray="1 3"')).toBe(1);
  });
});

describe('the index of points', () => {
  it('finds the nearest shown one, as looking at all would', () => {
    const random = randomNumbers(3);
    const x = Float32Array.from({ length: 3000 }, () => random() * 1.2 - 0.1);
    const y = Float32Array.from({ length: 3000 }, () => (random() < 0.01 ? NaN : random()));
    const index = pointIndex(x, y);
    const isShown = (row: number): boolean => row % 3 !== 0;
    for (let i = 0; i < 300; ++i) {
      const [atX, atY, reachX, reachY] = [random(), random(), 0.02, 0.03];
      let best: number | undefined;
      let least = 1;
      for (let row = 0; row < x.length; ++row) {
        const distance = Math.hypot((x[row]! - atX) / reachX, (y[row]! - atY) / reachY);
        const isInside = x[row]! >= 0 && x[row]! <= 1;
        if (isShown(row) && isInside && distance < least) [best, least] = [row, distance];
      }
      const found = index.nearest(atX, atY, reachX, reachY, isShown);
      expect(found).toEqual(best === undefined ? undefined : { row: best, distance: least });
    }
  });
});

describe('a region', () => {
  it('holds what is inside of it, and nothing that is not a number', () => {
    const x = Float64Array.of(1, 5, 10, NaN, 2);
    const y = Float64Array.of(1, 5, 5, 5, 9);
    const inside = rowsInside(rectangle([0.5, 0], [6, 8]), x, y, Number, Number);
    expect([...inside]).toEqual([1, 1, 0, 0, 0]);
  });
});

describe('what to switch to', () => {
  it('is at least as accurate for no more energy, and saves the difference', () => {
    const judged = choice.judged(usualView);
    const row = judged.front.isOn.indexOf(0);
    const { alternatives } = alternativesTo(row, judged, choice.data.points, 1000)!;
    for (const { row: other, saved } of alternatives) {
      expect(judged.accuracyPercent[other]).toBeGreaterThanOrEqual(judged.accuracyPercent[row]!);
      expect(saved.energy).toBe(judged.energyJ[row]! - judged.energyJ[other]!);
      expect(saved.interval!.low).toBeLessThan(saved.energy);
    }
    expect(alternativesTo(judged.front.rows[0]!, judged, choice.data.points, 10)!.alternatives).toEqual([]);
  });

  it('starts with the first that something beats, and else with the first', () => {
    const judged = choice.judged(usualView);
    const [best, second] = judged.front.rows;
    const beaten = judged.front.isOn.indexOf(0);
    const startOf = (...rows: number[]) => firstToReplace(rows, judged, choice.data.points);
    expect(startOf(best!, second!, beaten)).toBe(beaten);
    expect(startOf(best!, second!)).toBe(best);
    expect(startOf()).toBeUndefined();
  });

  it('counts a year of 365 days', () => {
    const usage = { imagesPerDay: 1e6, kwhPrice: undefined, gridGPerKwh: undefined };
    expect(yearlyKwh(usage, 3.6)).toBeCloseTo(365, 9);
  });
});

describe('the table of selected models', () => {
  const columns = tableColumns(choice, usualView);
  const rows = [...choice.judged(usualView).energyJ.keys()];
  const energyJ = choice.data.points.energyJ;

  it('is in order either way, with what is unknown at the end', () => {
    for (const falls of [false, true]) {
      const sorted = sortedRows(rows, columns, { by: 'energy', falls }).map((row) => energyJ[row]!);
      const known = sorted.filter((energy) => !Number.isNaN(energy));
      expect(known).toEqual(known.toSorted((a, b) => (falls ? b - a : a - b)));
      expect(sorted.slice(0, known.length)).toEqual(known);
    }
  });

  it('sorts the other way round by the same title, and by another the way that is looked for', () => {
    expect(sortAfter({ by: 'energy', falls: false }, 'energy')).toEqual({ by: 'energy', falls: true });
    expect(sortAfter({ by: 'energy', falls: true }, 'accuracy')).toEqual({ by: 'accuracy', falls: true });
    expect(sortAfter({ by: 'score', falls: true }, 'energy')).toEqual({ by: 'energy', falls: false });
  });

  it('is in order of its first column where it has not the one that is asked for', () => {
    expect(sortedRows([3, 1, 2], columns, { by: 'memory', falls: false })).toEqual([1, 2, 3]);
  });
});

describe('the exported table', () => {
  it('quotes what a table would take apart, and lets no formula run', () => {
    expect(cell('a,b')).toBe('"a,b"');
    expect(cell('say "hi"')).toBe('"say ""hi"""');
    expect(cell('=1+1')).toBe(' =1+1');
    expect(cell(-0.5)).toBe('-0.5');
    expect(cell(NaN)).toBe('');
  });

  it('holds all models that pass, the best first', () => {
    const view = { ...usualView, minAccuracy: 80, top: 3 };
    const lines = rankedCsv(choice, view).trimEnd().split('\n');
    expect(lines.length).toBe(choice.filtered(view).count + 1);
    const best = choice.shown(view).ranked[0]!.row;
    expect(lines[1]!.startsWith(`1,${choice.data.models.names.at(best)},`)).toBe(true);
  });
});

describe('where nothing passes', () => {
  const view = { ...usualView, minAccuracy: 99.9, search: 'made_up', maxEnergyJ: 0.5, years: { most: 2020 } };

  it('the limit that keeps them out is told, with how many would pass without it', () => {
    expect(choice.filtered(view).count).toBe(0);
    const expected = choice.filtered({ ...view, minAccuracy: undefined }).count;
    expect(expected).toBeGreaterThan(0);
    expect(passingWithout(choice, view)).toEqual([
      { title: 'the least accuracy', without: { minAccuracy: undefined }, models: expected },
    ]);
  });

  it('clearing the filters takes every limit away', () => {
    expect(limitsOf({ ...view, ...withoutLimits(view) })).toEqual([]);
  });
});
