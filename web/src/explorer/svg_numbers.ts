// A number of an SVG, to a hundredth of a pixel.
export const rounded = (value: number): string => String(Math.round(value * 100) / 100);
