import { expect, test } from 'vitest';

import { backoff_ms } from './live';

test('Waits grow to half a minute and are spread, so that not all pages return at once.', () => {
  expect(backoff_ms(0, () => 0)).toBe(250);
  expect(backoff_ms(0, () => 1)).toBe(500);
  expect(backoff_ms(3, () => 1)).toBe(4000);
  expect(backoff_ms(50, () => 1)).toBe(30_000);
});
