// The colours of both themes; those of classes are in palette.ts. The document has each as a custom
// property, `--strong-rule`, and exported pictures have them by name.

import type { Theme } from './palette';

const light = {
  paper: '#ffffff',
  side: '#f5f6f7',
  field: '#ffffff',
  raised: '#ffffff',
  text: '#1b1f23',
  quiet: '#59626b',
  rule: '#d9dde1',
  'strong-rule': '#868f98',
  link: '#00588a',
  accent: '#00588a',
  'on-accent': '#ffffff',
  wash: '#e8f1f7',
  limit: '#c02020',
  energy: '#c9861a',
  accuracy: '#2f7fb0',
  shadow: '#1b1f2333',
  track: '#eceff1',
} as const;

export type Inks = Readonly<Record<keyof typeof light, string>>;

const dark: Inks = {
  paper: '#15181b',
  side: '#1b1f23',
  field: '#1f2429',
  raised: '#23292f',
  text: '#e6e9ec',
  quiet: '#a3acb5',
  rule: '#343b42',
  'strong-rule': '#7d8790',
  link: '#7cc7f5',
  accent: '#7cc7f5',
  'on-accent': '#10202b',
  wash: '#1d2d38',
  limit: '#ff7b72',
  energy: '#d8a24a',
  accuracy: '#5fa8d3',
  shadow: '#00000088',
  track: '#282e34',
};

export const inks: Readonly<Record<Theme, Inks>> = { light, dark };

export function putOn({ style }: HTMLElement, theme: Theme): void {
  for (const [name, colour] of Object.entries(inks[theme])) style.setProperty(`--${name}`, colour);
}
