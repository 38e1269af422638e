// The colours of the plot's ground and of points that stand back.

import { inks } from '../look/inks';
import type { Theme } from '../look/palette';
import type { ContourInks } from './contour_layer';

export const contourInks: Readonly<Record<Theme, ContourInks>> = {
  light: {
    low: [255, 255, 255],
    high: [214, 230, 240],
    line: 'rgb(120 150 170 / 0.45)',
    label: '#46606f',
    halo: 'rgb(240 246 250 / 0.85)',
  },
  dark: {
    low: [21, 24, 27],
    high: [30, 52, 68],
    line: 'rgb(120 160 185 / 0.4)',
    label: '#9db6c6',
    halo: 'rgb(24 33 40 / 0.85)',
  },
};

export const paper: Readonly<Record<Theme, string>> = {
  light: inks.light.paper,
  dark: inks.dark.paper,
};
export const dimmed: Readonly<Record<Theme, string>> = { light: '#a5adb5', dark: '#59626b' };
