// What the reader has chosen, and its form in the address, so that a view can be sent. The words are
// those of `wattfor rank` where it has them. What is as usual is left out.

import { scoreNames, type ScoreName } from '../analysis/scores';
import { quantityIds, type QuantityId } from '../explorer/quantities';
import { columnIds, type Sort } from '../explorer/table_columns';
import type { Scale } from '../plot/axis';
import type { Region } from '../plot/region';

export const pages = ['models', 'training', 'findings', 'sensors'] as const;
export type Page = (typeof pages)[number];

export interface Range {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

export interface Window {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export const mostPins = 6;

export interface ViewState {
  readonly page: Page;
  readonly setup: string | undefined; // undefined: the first of the catalogue
  readonly testSets: readonly string[]; // none: the usual one
  readonly score: ScoreName;
  readonly weight: number;
  readonly minAccuracy: number | undefined; // percent
  readonly maxEnergyJ: number | undefined;
  readonly top: number;
  readonly x: QuantityId;
  readonly y: QuantityId;
  readonly xScale: Scale | undefined; // undefined: that of the quantity
  readonly yScale: Scale | undefined;
  readonly size: QuantityId | undefined;
  readonly pareto: boolean; // dominated models dimmed
  readonly hull: boolean;
  readonly centres: boolean; // of the classes
  readonly search: string;
  readonly classes: readonly string[]; // none: all
  readonly families: readonly string[];
  readonly years: Range;
  readonly parameters: Range;
  readonly inputSizes: Range;
  readonly counter: string | undefined;
  readonly region: Region | undefined;
  readonly window: Window | undefined; // what is zoomed to
  readonly pins: readonly string[]; // MODEL@INPUT_SIZE
  readonly inUse: string | undefined; // of the pins, the one to be replaced; undefined: the first for which there is another
  readonly sort: Sort; // of the table of selected models
  readonly otherSetup: string | undefined;
  readonly imagesPerDay: number;
  readonly kwhPrice: number | undefined;
  readonly gridGPerKwh: number | undefined;
  readonly epochs: number; // of a whole training run
}

export const usualView: ViewState = {
  page: 'models',
  setup: undefined,
  testSets: [],
  score: 'manhattan',
  weight: 0.5,
  minAccuracy: undefined,
  maxEnergyJ: undefined,
  top: 20,
  x: 'energy',
  y: 'accuracy',
  xScale: undefined,
  yScale: undefined,
  size: undefined,
  pareto: false,
  hull: false,
  centres: false,
  search: '',
  classes: [],
  families: [],
  years: {},
  parameters: {},
  inputSizes: {},
  counter: undefined,
  region: undefined,
  window: undefined,
  pins: [],
  inUse: undefined,
  sort: { by: 'score', falls: true },
  otherSetup: undefined,
  imagesPerDay: 1e6,
  kwhPrice: undefined,
  gridGPerKwh: undefined,
  epochs: 100,
};

// How a value is written; reading gives undefined for what is no such value.
interface Form<T> {
  read(texts: readonly string[]): T | undefined;
  write(value: T): readonly string[];
}

const text: Form<string | undefined> = {
  read: ([first]) => first,
  write: (value) => (value === undefined ? [] : [value]),
};
const texts: Form<readonly string[]> = { read: (all) => [...new Set(all)], write: (all) => all };
const flag: Form<boolean> = { read: ([first]) => first === '1', write: (on) => [on ? '1' : '0'] };

function finite(from: string | undefined): number | undefined {
  if (from === undefined || from.trim() === '') return undefined;
  const value = Number(from);
  return Number.isFinite(value) ? value : undefined;
}

function number(least: number, most: number): Form<number | undefined> {
  return {
    read: ([first]) => {
      const value = finite(first);
      return value !== undefined && value >= least && value <= most ? value : undefined;
    },
    write: (value) => (value === undefined ? [] : [String(value)]),
  };
}

const wholeNumber = (least: number, most: number): Form<number> => ({
  read: (all) => {
    const value = number(least, most).read(all);
    return Number.isInteger(value) ? value : undefined;
  },
  write: (value) => [String(value)],
});

function oneOf<T extends string>(words: readonly T[]): Form<T | undefined> {
  return {
    read: ([first]) => words.find((word) => word === first),
    write: (value) => (value === undefined ? [] : [value]),
  };
}

// "energy" rises, "-energy" falls.
const sort: Form<Sort> = {
  read: ([first = '']) => {
    const falls = first.startsWith('-');
    const by = oneOf(columnIds).read([falls ? first.slice(1) : first]);
    return by && { by, falls };
  },
  write: ({ by, falls }) => [falls ? `-${by}` : by],
};

// "2015~2020", "~2020", "2015~".
const range: Form<Range> = {
  read: ([first]) => {
    const [least, most] = (first ?? '').split('~');
    return { least: finite(least), most: finite(most) };
  },
  write: ({ least, most }) =>
    least === undefined && most === undefined ? [] : [`${least ?? ''}~${most ?? ''}`],
};

const short = (value: number): string => String(Number(value.toPrecision(6)));

// "x,y~x,y~…".
function placesOf(from: string | undefined): [number, number][] | undefined {
  const places = (from ?? '').split('~').map((place) => place.split(',').map(Number));
  const isPlace = (each: number[]): each is [number, number] =>
    each.length === 2 && each.every(Number.isFinite);
  return places.every(isPlace) ? places : undefined;
}

const region: Form<Region | undefined> = {
  read: ([first]) => {
    const places = placesOf(first);
    return places !== undefined && places.length >= 3 && places.length <= 512 ? places : undefined;
  },
  write: (value) =>
    value === undefined ? [] : [value.map(([x, y]) => `${short(x)},${short(y)}`).join('~')],
};

const zoom: Form<Window | undefined> = {
  read: ([first]) => {
    const places = placesOf(first);
    if (places?.length !== 2) return undefined;
    const [[x0, y0], [x1, y1]] = places as [[number, number], [number, number]];
    return x0 < x1 && y0 < y1 ? { x: [x0, x1], y: [y0, y1] } : undefined;
  },
  write: (value) =>
    value === undefined
      ? []
      : [
          `${short(value.x[0])},${short(value.y[0])}~${short(value.x[1])},${short(value.y[1])}`,
        ],
};

const axes = quantityIds;

// Each field has the form of its own type.
const forms: { readonly [Field in keyof ViewState]: readonly [string, Form<ViewState[Field]>] } = {
  page: ['page', oneOf(pages) as Form<Page>],
  setup: ['setup', text],
  testSets: ['test-set', texts],
  score: ['score', oneOf(scoreNames) as Form<ScoreName>],
  weight: ['weight', number(0, 1) as Form<number>],
  minAccuracy: ['min-accuracy', number(0, 100)],
  maxEnergyJ: ['max-energy-j', number(Number.MIN_VALUE, Number.MAX_VALUE)],
  top: ['top', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
  x: ['x', oneOf(axes) as Form<QuantityId>],
  y: ['y', oneOf(axes) as Form<QuantityId>],
  xScale: ['x-scale', oneOf(['linear', 'log'] as const)],
  yScale: ['y-scale', oneOf(['linear', 'log'] as const)],
  size: ['size', oneOf(axes)],
  pareto: ['pareto', flag],
  hull: ['hull', flag],
  centres: ['centres', flag],
  search: ['search', text as Form<string>],
  classes: ['class', texts],
  families: ['family', texts],
  years: ['years', range],
  parameters: ['parameters', range],
  inputSizes: ['input-sizes', range],
  counter: ['counter', text],
  region: ['select', region],
  window: ['zoom', zoom],
  pins: ['pin', { read: (all) => [...new Set(all)].slice(0, mostPins), write: (all) => all }],
  inUse: ['in-use', text],
  sort: ['sort', sort],
  otherSetup: ['other-setup', text],
  imagesPerDay: ['images-per-day', number(Number.MIN_VALUE, 1e15) as Form<number>],
  kwhPrice: ['kwh-price', number(0, 1e9)],
  gridGPerKwh: ['grid-g-per-kwh', number(0, 1e6)],
  epochs: ['epochs', wholeNumber(1, 1e9)],
};

const fields = Object.keys(forms) as (keyof ViewState)[];

// What is missing or makes no sense is as usual.
export function readView(query: string): ViewState {
  const words = new URLSearchParams(query);
  const view: Record<string, unknown> = { ...usualView };
  for (const field of fields) {
    const [name, form] = forms[field];
    if (!words.has(name)) continue;
    const value = form.read(words.getAll(name));
    if (value !== undefined) view[field] = value;
  }
  return view as unknown as ViewState;
}

// "weight=2": what the query says of the view that makes no sense.
export function notUnderstood(query: string): string[] {
  const words = new URLSearchParams(query);
  const isRead = (field: keyof ViewState, given: readonly string[]): boolean =>
    given.length === 0 || given.every((each) => each === '') || forms[field][1].read(given) !== undefined;
  return fields.flatMap((field) => {
    const [name] = forms[field];
    const given = words.getAll(name);
    return isRead(field, given) ? [] : given.map((each) => `${name}=${each}`);
  });
}

// Without the question mark; empty for the usual view.
export function writeView(view: ViewState): string {
  const words = new URLSearchParams();
  for (const field of fields) {
    const [name, form] = forms[field] as readonly [string, Form<unknown>];
    const written = form.write(view[field]);
    if (written.join('\n') === form.write(usualView[field]).join('\n')) continue;
    for (const each of written) words.append(name, each);
  }
  return words.toString().replaceAll('%2C', ',').replaceAll('%7E', '~').replaceAll('%40', '@');
}
