// Mirrors src/analysis/model_filter.cpp.

// What a quantity of a model may be, both ends included.
export interface ColumnLimit {
  readonly column: Float64Array | undefined; // absent: unknown of every model
  readonly least?: number;
  readonly most?: number;
}

// What one limit removes, whatever the others do.
export interface RemovedByLimit {
  readonly beyond: number;
  readonly unknown: number; // the quantity is not known, so the model doesn't pass
  readonly only: number; // would pass without this limit: all others are met
}

export interface FilteredRows {
  readonly passes: Uint8Array; // by row, 1 where it meets every limit
  readonly count: number;
  readonly removed: readonly RemovedByLimit[];
}

const mostLimits = 31;
const noCandidate = 1 << mostLimits;

// The candidates that meet all limits, at most 31 of them. A candidate is a row whose number in
// `required` is known and that `isAsked`, where given, marks. One pass a limit over its column.
export function filterRows(
  required: Float64Array,
  limits: readonly ColumnLimit[],
  isAsked?: Uint8Array,
): FilteredRows {
  if (limits.length > mostLimits) throw new RangeError(`${limits.length} limits, at most 31`);
  const rows = required.length;
  const unmet = new Int32Array(rows);
  for (let row = 0; row < rows; ++row) {
    const isCandidate =
      required[row] === required[row] && (isAsked === undefined || isAsked[row] !== 0);
    unmet[row] = isCandidate ? 0 : noCandidate;
  }
  const removed = limits.map((limit, i) => markUnmet(limit, 1 << i, unmet));

  const passes = new Uint8Array(rows);
  const only = new Uint32Array(mostLimits + 1);
  let count = 0;
  for (let row = 0; row < rows; ++row) {
    const bits = unmet[row]!;
    if (bits === 0) {
      passes[row] = 1;
      ++count;
    } else if (bits > 0 && (bits & (bits - 1)) === 0) {
      ++only[31 - Math.clz32(bits)]!;
    }
  }
  return {
    passes,
    count,
    removed: removed.map((each, i) => ({ ...each, only: only[i]! })),
  };
}

function markUnmet(
  { column, least = -Infinity, most = Infinity }: ColumnLimit,
  bit: number,
  unmet: Int32Array,
): { beyond: number; unknown: number } {
  let failed = 0;
  let unknown = 0;
  for (let row = 0; row < unmet.length; ++row) {
    if (unmet[row]! < 0) continue;
    const value = column === undefined ? NaN : column[row]!;
    if (value >= least && value <= most) continue;
    unmet[row]! |= bit;
    ++failed;
    if (value !== value) ++unknown;
  }
  return { beyond: failed - unknown, unknown };
}
