// The colours and marks of the figures (src/document/palette.cpp): a class looks the same in a
// figure and in the explorer. Any two colours stay apart with protanopia, deuteranopia and
// tritanopia, and no two classes share a mark.

export type Theme = 'light' | 'dark';

interface Ink {
  readonly light: string;
  readonly dark: string;
}

const categories: readonly Ink[] = [
  { light: '#0072b2', dark: '#6cc3f5' },
  { light: '#d55e00', dark: '#f0803c' },
  { light: '#009e73', dark: '#1fa67f' },
  { light: '#cc79a7', dark: '#e9a9cf' },
  { light: '#e69f00', dark: '#f5e663' },
  { light: '#56b4e9', dark: '#3f7fd0' },
  { light: '#4d4d4d', dark: '#ffffff' },
];

// Places in the figures' palette.
const classStyles: Readonly<Record<string, number>> = { CNN: 0, Transformer: 1, Hybrid: 2, MLP: 3 };
const unknownStyle = 6;
export const frontStyle = 4;

export const marks = [
  'circle',
  'triangle',
  'square',
  'diamond',
  'downward',
  'plus',
  'pentagon',
] as const;
export type Mark = (typeof marks)[number];

export interface Look {
  readonly colour: string;
  readonly mark: Mark;
  readonly style: number;
}

export function lookOfStyle(style: number, theme: Theme): Look {
  return { colour: categories[style]![theme], mark: marks[style]!, style };
}

// Classes that the figures don't know take the places that are left; undefined is an unknown family.
export function lookOfClass(name: string | undefined, theme: Theme): Look {
  return lookOfStyle(name === undefined ? unknownStyle : (classStyles[name] ?? 5), theme);
}

export const styleCount = categories.length;

// A mark within the unit circle, as a path of SVG around the origin with the radius.
export function markPath(mark: Mark, radius: number): string {
  const polygon = (...places: readonly (readonly [number, number])[]): string =>
    `M${places.map(([x, y]) => `${+(x * radius).toFixed(2)},${+(y * radius).toFixed(2)}`).join('L')}Z`;
  switch (mark) {
    case 'circle':
      return `M${-radius},0a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0Z`;
    case 'triangle':
      return polygon([0, -1.15], [1, 0.7], [-1, 0.7]);
    case 'downward':
      return polygon([0, 1.15], [1, -0.7], [-1, -0.7]);
    case 'square':
      return polygon([-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]);
    case 'diamond':
      return polygon([0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]);
    case 'plus':
      return polygon(
        [-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35],
        [0.35, 1], [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35],
      );
    case 'pentagon':
      return polygon([0, -1], [0.95, -0.31], [0.59, 0.81], [-0.59, 0.81], [-0.95, -0.31]);
  }
}
