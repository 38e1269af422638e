// The columns of the table of selected models: what is known of them, sorted by any.

import { unknownWord, type WordColumn } from '../data/columns';
import type { ViewState } from '../state/view_state';
import type { Choice } from './choice';
import { numberText, quantity, quantityIds, withUnit, type QuantityId } from './quantities';

export const columnIds = ['model', 'class', 'family', ...quantityIds, 'basis'] as const;
export type ColumnId = (typeof columnIds)[number];

export interface Sort {
  readonly by: ColumnId;
  readonly falls: boolean;
}

// Of these the most is looked for first.
const falling: readonly ColumnId[] = ['score', 'accuracy', 'throughput', 'sam'];

// What a column's title sorts by: a second time the other way round.
export const sortAfter = (sort: Sort, by: ColumnId): Sort =>
  by === sort.by ? { by, falls: !sort.falls } : { by, falls: falling.includes(by) };

export interface TableColumn {
  readonly id: ColumnId;
  readonly title: string;
  readonly isNumber: boolean;
  readonly text: (row: number) => string;
  // Rows in rising order; unknown ones are last either way.
  readonly compare: (a: number, b: number) => number;
  readonly isUnknown: (row: number) => boolean;
}

const shortTitles: Partial<Record<QuantityId, string>> = {
  energy: 'Energy',
  macs: 'MACs',
  activations: 'Activations',
  latency: 'Latency (ms)',
  'other-energy': 'Energy, other setup',
};

export function tableColumns(choice: Choice, view: ViewState): TableColumn[] {
  const { models, points } = choice.data;
  const columns: TableColumn[] = [
    {
      id: 'model',
      title: 'Model',
      isNumber: false,
      text: (row) => models.names.at(row),
      compare: (a, b) => a - b, // rows are in order of their names
      isUnknown: () => false,
    },
  ];
  const words = (id: ColumnId, title: string, column: WordColumn | undefined): void => {
    if (column === undefined) return;
    const place = [...column.words].sort((a, b) => a.localeCompare(b));
    const order = column.words.map((word) => place.indexOf(word));
    columns.push({
      id,
      title,
      isNumber: false,
      text: (row) => column.words[column.codes[row]!] ?? '–',
      compare: (a, b) => order[column.codes[a]!]! - order[column.codes[b]!]!,
      isUnknown: (row) => column.codes[row] === unknownWord,
    });
  };
  words('class', 'Class', models.kind);
  words('family', 'Family', models.family);
  for (const id of quantityIds) {
    const column = choice.column(view, id);
    if (column === undefined || !column.some((value) => !Number.isNaN(value))) continue;
    const about = quantity(id);
    columns.push({
      id,
      title: shortTitles[id] ?? withUnit({ ...about, unit: about.takesPrefix ? '' : about.unit }),
      isNumber: true,
      text: (row) => numberText(id, column[row]!),
      compare: (a, b) => column[a]! - column[b]!,
      isUnknown: (row) => Number.isNaN(column[row]),
    });
  }
  words('basis', 'Basis', points.basis);
  return columns;
}

export function sortedRows(rows: readonly number[], columns: readonly TableColumn[], sort: Sort): number[] {
  const by = columns.find(({ id }) => id === sort.by) ?? columns[0]!;
  return [...rows].sort((a, b) => {
    const [unknownA, unknownB] = [by.isUnknown(a), by.isUnknown(b)];
    if (unknownA !== unknownB) return unknownA ? 1 : -1;
    if (unknownA) return a - b;
    return (sort.falls ? by.compare(b, a) : by.compare(a, b)) || a - b;
  });
}
