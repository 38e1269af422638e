// Quantities as numbers that do not mix. Columns are plain arrays of doubles whose names carry the
// unit; a single value that leaves one gets its brand at the edge.

declare const unit: unique symbol;
type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

export type Joules = Quantity<'J'>;
export type Percent = Quantity<'%'>;
export type KilowattHours = Quantity<'kWh'>;

export const joules = (value: number): Joules => value as Joules;
export const percent = (value: number): Percent => value as Percent;
export const kilowattHours = (value: number): KilowattHours => value as KilowattHours;

// A 95 % interval, in the unit of the figure that carries it.
export interface Interval {
  readonly low: number;
  readonly high: number;
}
