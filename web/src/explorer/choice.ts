// From what is chosen to what is shown, in stages: each is computed again only when something that
// it depends on is another, so that a step of the weight costs the scores and the best few alone.

import { classCentres, type ClassCentre } from '../analysis/class_centres';
import { paretoFront } from '../analysis/pareto';
import { filterRows, type ColumnLimit, type FilteredRows } from '../analysis/model_filter';
import { meanOf, ranking, type RankedRow } from '../analysis/ranking';
import { sam } from '../analysis/sam';
import {
  energyRange,
  hasScore,
  scoresOf,
  type EnergyRange,
  type ScoreName,
} from '../analysis/scores';
import { upperLeftHull } from '../analysis/hull';
import type { Catalogue } from '../data/answers';
import type { WordColumn } from '../data/columns';
import type { Counts, Models, Points } from '../data/models';
import type { Scale } from '../plot/axis';
import { rowsInside } from '../plot/region';
import type { Range, ViewState } from '../state/view_state';
import { kilowattHours, percent } from '../units';
import { memo } from './memo';
import { quantity, setsAgainst, type QuantityId } from './quantities';
import { rowsNamed } from './search';

export interface Dataset {
  readonly catalogue: Catalogue;
  readonly models: Models;
  readonly points: Points;
  readonly other: Points | undefined; // the setup to compare with
}

// The models of one setup with their accuracies.
export interface Judged {
  readonly accuracyPercent: Float64Array; // the mean over the test sets, as it was published
  readonly energyJ: Float64Array;
  readonly judgeablePercent: Float64Array; // the same, NaN where there is no score
  readonly range: EnergyRange;
  readonly front: Front; // of all models that have a score
  readonly models: number; // that have an energy and all the accuracies
}

// Rows that nothing beats among those that are looked at.
export interface Front {
  readonly rows: Uint32Array; // by energy
  readonly isOn: Uint8Array;
}

export interface Shown {
  readonly judged: Judged;
  readonly scores: Float64Array;
  readonly filtered: FilteredRows;
  readonly ranked: readonly RankedRow[];
}

// A model's point on the plot.
export interface PlottedModel {
  readonly row: number;
  readonly isBeside: boolean; // that of the second setup
}

export class Choice {
  constructor(readonly data: Dataset) {}

  testSets(view: ViewState): readonly string[] {
    return this.knownTestSets(view.testSets);
  }

  judged(view: ViewState): Judged {
    return this.judge(this.testSets(view));
  }

  scores(view: ViewState): Float64Array {
    return this.score(this.judged(view), view.score, view.weight);
  }

  // Models that have a score.
  candidates(view: ViewState): number {
    return this.count(this.scoreAtHalf(this.judged(view), view.score));
  }

  filtered(view: ViewState): FilteredRows {
    const judged = this.judged(view);
    const { years, parameters, inputSizes } = view;
    return this.filter(
      // Which models have a score does not depend on the weight.
      this.scoreAtHalf(judged, view.score),
      judged,
      view.minAccuracy,
      view.maxEnergyJ,
      years,
      parameters,
      inputSizes,
      this.counts(view),
      this.both(this.asked(view), this.inside(view, judged)),
    );
  }

  // The front of those that the search, kinds, years and sizes leave: who looks at CNNs asks which of
  // them nothing among them beats. Limits of energy and accuracy only shorten a front, and a selection
  // is no kind of models.
  front(view: ViewState): Front {
    const judged = this.judged(view);
    const { years, parameters, inputSizes } = view;
    return this.frontAmong(judged, years, parameters, inputSizes, this.counts(view), this.asked(view));
  }

  // That of all models, where it is another.
  wholeFront(view: ViewState): Front | undefined {
    const { front } = this.judged(view);
    return this.front(view) === front ? undefined : front;
  }

  // What the search and the kinds mark; undefined where they ask for nothing.
  private asked(view: ViewState): Uint8Array | undefined {
    return this.ofAll(this.named(view.search), this.ofKinds(view.classes, view.families));
  }

  shown(view: ViewState): Shown {
    const judged = this.judged(view);
    const scores = this.scores(view);
    const filtered = this.filtered(view);
    return { judged, scores, filtered, ranked: this.rank(scores, judged, filtered, view.top) };
  }

  // 1 where a model is among what is asked for, 0 where its point is dimmed.
  emphasised(view: ViewState): Uint8Array<ArrayBuffer> {
    return this.emphasise(this.filtered(view).passes, view.pareto ? this.front(view) : undefined);
  }

  // The models of the second setup, with the first as their second, where the plot has room for
  // them: where no axis sets one setup's energy against the other's.
  beside(view: ViewState): Choice | undefined {
    const { other } = this.data;
    return other === undefined || setsAgainst(view) ? undefined : this.counterpart(other);
  }

  // What places the models along an axis. Without an energy a model is not of the setup, whatever
  // else is known of it, and has no place.
  placing(view: ViewState, side: 'x' | 'y'): Float64Array | undefined {
    const column = this.column(view, view[side]);
    return column && this.ofSetup[side](column, this.data.points.energyJ);
  }

  // One number a row; undefined where nothing is known of it.
  column(view: ViewState, id: QuantityId): Float64Array | undefined {
    const { models, points, other } = this.data;
    switch (id) {
      case 'energy':
        return points.energyJ;
      case 'accuracy':
        return this.judged(view).accuracyPercent;
      case 'score':
        return this.scores(view);
      case 'latency':
        return points.latencyMs;
      case 'throughput':
        return points.throughputPerS;
      case 'parameters':
        return this.counts(view)?.parameters;
      case 'macs':
        return this.counts(view)?.macs;
      case 'activations':
        return this.counts(view)?.activations;
      case 'memory':
        return points.memoryBytes;
      case 'input-size':
        return this.inputSizes();
      case 'batch-size':
        return points.batchSize;
      case 'year':
        return models.year;
      case 'training':
        return models.trainKwh;
      case 'sam':
        return this.sams(this.judged(view));
      case 'other-energy':
        return other?.energyJ;
    }
  }

  // What stands on the axes where nothing is known of what was chosen for them.
  axesToMend(view: ViewState): Partial<ViewState> {
    const isKnown = (id: QuantityId): boolean => this.column(view, id) !== undefined;
    const axes = {
      ...(isKnown(view.x) ? {} : { x: 'energy' as const, xScale: undefined }),
      ...(isKnown(view.y) ? {} : { y: 'accuracy' as const, yScale: undefined }),
    };
    return Object.keys(axes).length === 0 ? {} : { ...axes, window: undefined, region: undefined };
  }

  counts(view: ViewState): Counts | undefined {
    const { counts } = this.data.models;
    return counts.get(view.counter ?? '') ?? counts.values().next().value;
  }

  counter(view: ViewState): string | undefined {
    const { counts } = this.data.models;
    return counts.has(view.counter ?? '') ? view.counter : counts.keys().next().value;
  }

  // The corners of the hull of the models up to a year.
  hull(view: ViewState, year: number | undefined): number[] {
    return this.hullUpTo(this.judged(view), year);
  }

  // Where the classes lie, over all models of the setup.
  centres(view: ViewState): ClassCentre[] {
    return this.classCentres(this.judged(view));
  }

  private readonly classCentres = memo(({ accuracyPercent, energyJ }: Judged) => {
    const { kind } = this.data.models;
    return kind ? classCentres(accuracyPercent, energyJ, kind.codes, kind.words.length) : [];
  });

  private readonly knownTestSets = memo((asked: readonly string[]): readonly string[] => {
    const { accuracyPercent } = this.data.models;
    const known = asked.filter((name) => accuracyPercent.has(name));
    if (known.length > 0) return known;
    const usual = this.data.catalogue.default_test_set;
    if (usual !== null && accuracyPercent.has(usual)) return [usual];
    return [...accuracyPercent.keys()].slice(0, 1);
  });

  private readonly judge = memo((testSets: readonly string[]): Judged => {
    const { models, points } = this.data;
    const { energyJ } = points;
    const accuracyPercent = meanOf(
      testSets.map((name) => models.accuracyPercent.get(name)),
      models.rows,
    );
    const judgeable = new Float64Array(models.rows).fill(NaN);
    let count = 0;
    for (let row = 0; row < models.rows; ++row) {
      if (!hasScore(accuracyPercent[row]!, energyJ[row]!)) continue;
      judgeable[row] = accuracyPercent[row]!;
      ++count;
    }
    return {
      accuracyPercent,
      energyJ,
      judgeablePercent: judgeable,
      range: energyRange(energyJ),
      front: frontOf(judgeable, energyJ),
      models: count,
    };
  });

  private readonly score = memo((judged: Judged, score: ScoreName, weight: number) =>
    scoresOf(score, this.scoreColumns(judged), judged.range, weight),
  );

  private readonly scoreAtHalf = memo((judged: Judged, score: ScoreName) =>
    scoresOf(score, this.scoreColumns(judged), judged.range, 0.5),
  );

  private readonly count = memo(
    (column: Float64Array) => column.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0),
  );

  private scoreColumns({ accuracyPercent, energyJ }: Judged) {
    const trainKwh = this.data.models.trainKwh;
    // Without an energy a model is not of the setup.
    return { accuracyPercent, energyJ, trainKwh: trainKwh && this.trainedHere(trainKwh, energyJ) };
  }

  private readonly trainedHere = memo((trainKwh: Float64Array, energyJ: Float64Array) =>
    trainKwh.map((kwh, row) => (Number.isNaN(energyJ[row]) ? NaN : kwh)),
  );

  private readonly sams = memo(({ accuracyPercent }: Judged) => {
    const { trainKwh } = this.data.models;
    return trainKwh?.map((kwh, row) => sam(percent(accuracyPercent[row]!), kilowattHours(kwh)));
  });

  private readonly inputSizes = memo(() => Float64Array.from(this.data.models.inputSize));

  private readonly named = memo((asked: string) => rowsNamed(this.data.models.names, asked));

  private readonly ofKinds = memo((classes: readonly string[], families: readonly string[]) => {
    const { kind, family, rows } = this.data.models;
    const ofClass = isOneOf(kind, classes, rows);
    const ofFamily = isOneOf(family, families, rows);
    return allOf([ofClass, ofFamily]);
  });

  private inside(view: ViewState, judged: Judged): Uint8Array | undefined {
    if (view.region === undefined) return undefined;
    const x = this.placing(view, 'x');
    const y = this.placing(view, 'y');
    if (x === undefined || y === undefined) return undefined;
    return this.rowsInside(view.region, x, y, scaleOf(view, 'x'), scaleOf(view, 'y'), judged);
  }

  private readonly rowsInside = memo(
    (
      region: NonNullable<ViewState['region']>,
      x: Float64Array,
      y: Float64Array,
      xScale: Scale,
      yScale: Scale,
      _judged: Judged,
    ) => rowsInside(region, x, y, straightener(xScale), straightener(yScale)),
  );

  private readonly ofAll = memo((...masks: readonly (Uint8Array | undefined)[]) => allOf(masks));
  private readonly both = memo((...masks: readonly (Uint8Array | undefined)[]) => allOf(masks));

  private readonly frontAmong = memo(
    (
      { front, judgeablePercent, energyJ }: Judged,
      years: Range,
      parameters: Range,
      inputSizes: Range,
      counts: Counts | undefined,
      asked: Uint8Array | undefined,
    ): Front => {
      const limits = this.columnLimits(years, parameters, inputSizes, counts);
      if (limits.length === 0 && asked === undefined) return front;
      return frontOf(judgeablePercent, energyJ, filterRows(judgeablePercent, limits, asked).passes);
    },
  );

  private columnLimits(
    years: Range,
    parameters: Range,
    inputSizes: Range,
    counts: Counts | undefined,
  ): ColumnLimit[] {
    const limits: readonly (readonly [Float64Array | undefined, Range])[] = [
      [this.data.models.year, years],
      [counts?.parameters, parameters],
      [this.inputSizes(), inputSizes],
    ];
    return limits
      .filter(([, { least, most }]) => least !== undefined || most !== undefined)
      .map(([column, { least = -Infinity, most = Infinity }]) => ({ column, least, most }));
  }

  private readonly filter = memo(
    (
      scored: Float64Array,
      { accuracyPercent, energyJ }: Judged,
      minAccuracy: number | undefined,
      maxEnergyJ: number | undefined,
      years: Range,
      parameters: Range,
      inputSizes: Range,
      counts: Counts | undefined,
      asked: Uint8Array | undefined,
    ): FilteredRows => {
      const limits: ColumnLimit[] = [
        { column: accuracyPercent, least: minAccuracy ?? -Infinity },
        { column: energyJ, most: maxEnergyJ ?? Infinity },
        ...this.columnLimits(years, parameters, inputSizes, counts),
      ];
      return filterRows(scored, limits, asked);
    },
  );

  private readonly rank = memo(
    (scores: Float64Array, { energyJ }: Judged, { passes }: FilteredRows, top: number) =>
      ranking(scores, energyJ, passes, top),
  );

  private readonly emphasise = memo(
    (passes: Uint8Array, front: Front | undefined): Uint8Array<ArrayBuffer> =>
      front === undefined ? passes.slice() : passes.map((each, row) => each & front.isOn[row]!),
  );

  private readonly ofSetup = { x: memo(whereKnown), y: memo(whereKnown) };

  private readonly counterpart = memo(
    (other: Points) => new Choice({ ...this.data, points: other, other: this.data.points }),
  );

  private readonly hullUpTo = memo(({ accuracyPercent, energyJ }: Judged, year: number | undefined) => {
    const years = this.data.models.year;
    const isUpTo = (row: number): boolean =>
      hasScore(accuracyPercent[row]!, energyJ[row]!) &&
      (year === undefined || (years !== undefined && years[row]! <= year));
    return upperLeftHull(accuracyPercent, energyJ, isUpTo);
  });
}

// The column, NaN where `known` is; itself where that changes nothing.
function whereKnown(column: Float64Array, known: Float64Array): Float64Array {
  const isTaken = (row: number): boolean => Number.isNaN(known[row]) && !Number.isNaN(column[row]);
  let first = 0;
  while (first < column.length && !isTaken(first)) ++first;
  if (first === column.length) return column;
  const masked = column.slice();
  for (let row = first; row < masked.length; ++row) if (Number.isNaN(known[row])) masked[row] = NaN;
  return masked;
}

// 1 where the row's word is one of them; undefined where none is asked for.
function isOneOf(
  column: WordColumn | undefined,
  words: readonly string[],
  rows: number,
): Uint8Array | undefined {
  if (words.length === 0) return undefined;
  const mask = new Uint8Array(rows);
  if (column === undefined) return mask;
  const isAsked = column.words.map((word) => words.includes(word));
  for (let row = 0; row < rows; ++row) mask[row] = isAsked[column.codes[row]!] ? 1 : 0;
  return mask;
}

function frontOf(judgeablePercent: Float64Array, energyJ: Float64Array, isAsked?: Uint8Array): Front {
  const rows = paretoFront(judgeablePercent, energyJ, isAsked);
  const isOn = new Uint8Array(energyJ.length);
  for (const row of rows) isOn[row] = 1;
  return { rows, isOn };
}

function allOf(masks: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  const given = masks.filter((mask) => mask !== undefined);
  if (given.length < 2) return given[0];
  const all = given[0]!.slice();
  for (const mask of given.slice(1)) {
    for (let row = 0; row < all.length; ++row) all[row]! &= mask[row]!;
  }
  return all;
}

export const scaleOf = (view: ViewState, side: 'x' | 'y'): Scale =>
  side === 'x'
    ? (view.xScale ?? quantity(view.x).scale)
    : (view.yScale ?? quantity(view.y).scale);

const straightener = (scale: Scale): ((value: number) => number) =>
  scale === 'log' ? Math.log10 : (value) => value;
