// Numbers for people: as many digits as tell them apart, prefixes instead of powers of ten.

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

// "1,234", "0.0123": `digits` significant ones, thousands apart, without zeros at the end.
export function plain(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const decade = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(Math.max(digits - 1 - decade, 0), 12);
  return format(decimals).format(value).replace('-', '−');
}

// "1,435".
export const whole = (value: number): string => format(0).format(value);

const formats = new Map<number, Intl.NumberFormat>();

function format(decimals: number): Intl.NumberFormat {
  let known = formats.get(decimals);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { maximumFractionDigits: decimals });
    formats.set(decimals, known);
  }
  return known;
}

const fixedFormats = new Map<number, Intl.NumberFormat>();

// With all its decimals, for columns under each other.
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  let known = fixedFormats.get(decimals);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    fixedFormats.set(decimals, known);
  }
  return known.format(value).replace('-', '−');
}

// "12.3 mJ", "4.09 G": for units that take prefixes.
export function si(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
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
