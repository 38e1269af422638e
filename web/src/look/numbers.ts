// Numbers for people: as many digits as tell them apart, prefixes instead of powers of ten. What is
// unknown, null in the server's answers, or no finite number is "–".

const prefixes: readonly (readonly [number, string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
];

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);

// "1,234", "0.0123": `digits` significant ones, thousands apart, without zeros at the end.
export function plain(value: number | null, digits = 3): string {
  if (!isNumber(value)) return '–';
  if (value === 0) return '0';
  const decade = Math.floor(Math.log10(Math.abs(value)));
  return written(value, 0, Math.min(Math.max(digits - 1 - decade, 0), 12));
}

// "1,435".
export const whole = (value: number): string => written(value, 0, 0);

// With all its decimals, for columns under each other.
export const fixed = (value: number | null, decimals: number): string =>
  isNumber(value) ? written(value, decimals, decimals) : '–';

// "12.3 mJ", "4.09 G": for units that take prefixes.
export function si(value: number | null, unit: string, digits = 3): string {
  if (!isNumber(value)) return '–';
  if (value === 0) return unit === '' ? '0' : `0 ${unit}`;
  const size = Math.abs(Number(value.toPrecision(digits)));
  const [factor, prefix] = prefixes.find(([least]) => size >= least) ?? prefixes.at(-1)!;
  const end = `${prefix}${unit}`;
  return end === '' ? plain(value / factor, digits) : `${plain(value / factor, digits)} ${end}`;
}

// "42 s", "3 min 05 s", "2 h 07 min": whole seconds, in the two units that say it.
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
}

const mostDecimals = 20; // that Intl takes
const formats = new Map<number, Intl.NumberFormat>(); // each costs more than many numbers

function written(value: number, least: number, most: number): string {
  const key = least * (mostDecimals + 1) + most;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, known);
  }
  return known.format(value).replace('-', '−');
}
