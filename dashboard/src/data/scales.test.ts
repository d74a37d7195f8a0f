import { expect, test } from 'vitest';

import { colourOf, FILL, FLOW, TOURS, type Theme } from './scales';

const THEMES: Theme[] = ['light', 'dark'];

/** Relative luminance as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test.each([FILL, FLOW])('Each scale runs in one direction of lightness, so its order needs no hue.', (scale) => {
  for (const theme of THEMES) {
    const steps = scale.colours[theme].map(luminance);
    const ordered = [...steps].sort((a, b) => (theme === 'light' ? b - a : a - b));
    expect(steps).toEqual(ordered);
  }
});

test('A class begins at its lower bound.', () => {
  expect(colourOf(FILL, 79.9, 'light')).toBe(FILL.colours.light[3]);
  expect(colourOf(FILL, 80, 'light')).toBe(FILL.colours.light[4]);
  expect(colourOf(FILL, null, 'light')).toBe(FILL.unknown.light);
});

test('Numbers are legible on every colour of a tour.', () => {
  for (const theme of THEMES) {
    const paper = luminance(theme === 'light' ? '#ffffff' : '#12161a');
    for (const colour of TOURS[theme]) {
      const [low, high] = [paper, luminance(colour)].sort((a, b) => a - b) as [number, number];
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5);
    }
  }
});
