// The ranked models as a table whose columns are named as the program's are.

import { unknownWord, type WordColumn } from '../data/columns';
import type { ViewState } from '../state/view_state';
import { ranking } from '../analysis/ranking';
import type { Choice } from './choice';

// A cell that begins like a formula would be one in a spreadsheet: a blank before it keeps it text.
export function cell(value: string | number | undefined): string {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? ` ${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const word = (column: WordColumn | undefined, row: number): string | undefined =>
  column === undefined || column.codes[row] === unknownWord
    ? undefined
    : column.words[column.codes[row]!];

export function rankedCsv(choice: Choice, view: ViewState): string {
  const { models, points } = choice.data;
  const { judged, scores, filtered } = choice.shown(view);
  const counts = choice.counts(view);
  const columns: readonly (readonly [string, (row: number) => string | number | undefined])[] = [
    ['model', (row) => models.names.at(row)],
    ['input_size', (row) => models.inputSize[row]],
    ['class', (row) => word(models.kind, row)],
    ['family', (row) => word(models.family, row)],
    ['year', (row) => models.year?.[row]],
    ['score', (row) => scores[row]],
    ['accuracy_percent', (row) => judged.accuracyPercent[row]],
    ['energy_j', (row) => judged.energyJ[row]],
    ['energy_low_j', (row) => points.energyLowJ?.[row]],
    ['energy_high_j', (row) => points.energyHighJ?.[row]],
    ['on_pareto_front', (row) => judged.front.isOn[row]],
    ['throughput_per_s', (row) => points.throughputPerS?.[row]],
    ['latency_ms', (row) => points.latencyMs?.[row]],
    ['batch_size', (row) => points.batchSize?.[row]],
    ['parameters', (row) => counts?.parameters?.[row]],
    ['macs', (row) => counts?.macs?.[row]],
    ['basis', (row) => word(points.basis, row)],
  ];
  const lines = [['rank', ...columns.map(([name]) => name)].join(',')];
  for (const { row, rank } of ranking(scores, judged.energyJ, filtered.passes)) {
    lines.push([rank, ...columns.map(([, of]) => cell(of(row)))].join(','));
  }
  return `${lines.join('\n')}\n`;
}
