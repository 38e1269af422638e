// Mirrors src/analysis/log_ratio.cpp.

// The "reduction factor" between two setups: exp of the mean of ln(aᵢ/bᵢ), and exp of its standard
// deviation with n − 1.
export interface LogRatio {
  readonly geometricMean: number;
  readonly geometricDeviation: number;
}

// Undefined for fewer than two rows, or where a number is not finite and above zero.
export function logRatio(a: ArrayLike<number>, b: ArrayLike<number>): LogRatio | undefined {
  const count = a.length;
  if (count !== b.length || count < 2) return undefined;
  const logs = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; ++i) {
    if (!(a[i]! > 0) || !(b[i]! > 0)) return undefined;
    sum += logs[i] = Math.log(a[i]!) - Math.log(b[i]!);
  }
  const mean = sum / count;
  let squares = 0;
  let left = 0;
  for (const log of logs) {
    squares += (log - mean) ** 2;
    left += log - mean;
  }
  squares = Math.max(squares - (left * left) / count, 0);
  const geometricMean = Math.exp(mean);
  const geometricDeviation = Math.exp(Math.sqrt(squares / (count - 1)));
  const fits =
    geometricMean > 0 && Number.isFinite(geometricMean) && Number.isFinite(geometricDeviation);
  return fits ? { geometricMean, geometricDeviation } : undefined;
}
