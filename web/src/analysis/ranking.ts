// Mirrors src/analysis/ranking.cpp.

// The mean over several columns, unknown where one of them is. An absent column is unknown in each
// row.
export function meanOf(
  columns: readonly (Float64Array | undefined)[],
  rows: number,
): Float64Array {
  const mean = new Float64Array(rows);
  if (columns.length === 0 || columns.includes(undefined)) return mean.fill(NaN);
  for (const column of columns as readonly Float64Array[]) {
    for (let row = 0; row < rows; ++row) mean[row]! += column[row]!;
  }
  for (let row = 0; row < rows; ++row) mean[row]! /= columns.length;
  return mean;
}

export interface RankedRow {
  readonly row: number;
  readonly rank: number; // from 1; equal scores share one
}

// The `top` of the rows that `isAsked` marks by their scores, the greatest first; among equal scores
// that of the least cost, then the first row. A row without a score or a cost is passed over.
// Of a few it takes about one comparison a row; n·log n for all.
export function ranking(
  scores: Float64Array,
  costs: Float64Array,
  isAsked: Uint8Array | undefined,
  top = Infinity,
): RankedRow[] {
  const isBetter = (a: number, b: number): boolean => {
    if (scores[a] !== scores[b]) return scores[a]! > scores[b]!;
    if (costs[a] !== costs[b]) return costs[a]! < costs[b]!;
    return a < b;
  };
  const counts = (row: number): boolean =>
    (isAsked === undefined || isAsked[row] !== 0) &&
    scores[row]! === scores[row]! &&
    costs[row]! === costs[row]!;
  const order =
    top < scores.length / 8
      ? bestFew(scores.length, top, counts, isBetter)
      : allInOrder(scores.length, counts, isBetter).slice(0, Math.max(0, top));
  return withRanks(order, scores);
}

type Comparison = (a: number, b: number) => boolean;

function allInOrder(
  rows: number,
  counts: (row: number) => boolean,
  isBetter: Comparison,
): number[] {
  const order: number[] = [];
  for (let row = 0; row < rows; ++row) if (counts(row)) order.push(row);
  return order.sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

// Keeps the best so far in a heap with the worst of them on top.
function bestFew(
  rows: number,
  few: number,
  counts: (row: number) => boolean,
  isBetter: Comparison,
): number[] {
  const heap: number[] = [];
  if (few <= 0) return heap;
  const sink = (place: number): void => {
    for (;;) {
      let worst = place;
      const left = 2 * place + 1;
      if (left < heap.length && isBetter(heap[worst]!, heap[left]!)) worst = left;
      if (left + 1 < heap.length && isBetter(heap[worst]!, heap[left + 1]!)) worst = left + 1;
      if (worst === place) return;
      [heap[place], heap[worst]] = [heap[worst]!, heap[place]!];
      place = worst;
    }
  };
  for (let row = 0; row < rows; ++row) {
    if (!counts(row)) continue;
    if (heap.length < few) {
      heap.push(row);
      if (heap.length === few) for (let i = (few >> 1) - 1; i >= 0; --i) sink(i);
    } else if (isBetter(row, heap[0]!)) {
      heap[0] = row;
      sink(0);
    }
  }
  return heap.sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

function withRanks(order: readonly number[], scores: Float64Array): RankedRow[] {
  const ranked: RankedRow[] = [];
  for (let i = 0; i < order.length; ++i) {
    const row = order[i]!;
    const isTie = i > 0 && scores[row] === scores[order[i - 1]!];
    ranked.push({ row, rank: isTie ? ranked[i - 1]!.rank : i + 1 });
  }
  return ranked;
}
