// Mirrors predict_at of src/analysis/line_fit.cpp.

export interface FittedLine {
  readonly runs: number;
  readonly intercept: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly meanOver: number; // of what the line is over: epochs, shares of the data
  readonly residualSum: number; // of squares
  readonly t95: number; // standard deviations that hold 95 %
}

export interface LinePrediction {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

// What a further run would have, with its 95 % prediction interval.
export function predictAt(line: FittedLine, at: number): LinePrediction {
  const variance = line.residualSum / (line.runs - 2);
  const away = (at - line.meanOver) * line.slopeError;
  const halfWidth = line.t95 * Math.sqrt(variance * (1 + 1 / line.runs) + away * away);
  const value = line.intercept + line.slope * at;
  return { value, low: value - halfWidth, high: value + halfWidth };
}
