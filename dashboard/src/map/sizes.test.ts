import { expect, test } from 'vitest';

import { sizeAt } from './sizes';

test('Sizes run straight between their zooms and stay put outside of them.', () => {
  expect(sizeAt('counter', 5)).toBe(0.3);
  expect(sizeAt('counter', 7.5)).toBe(0.3);
  expect(sizeAt('counter', 11.5)).toBeCloseTo(0.85);
  expect(sizeAt('counter', 20)).toBe(1);
});
