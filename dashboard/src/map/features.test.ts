import { expect, test } from 'vitest';

import { boundsOf, rosette } from './features';

test('No container of a site hides another, however many there are.', () => {
  for (let count = 1; count <= 20; count++) {
    const places = rosette(count);
    expect(places).toHaveLength(count);
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(17);
    }
  }
});

test('Bounds hold everything, and nothing has none.', () => {
  expect(boundsOf([])).toBeNull();
  expect(boundsOf([{ longitude: 14, latitude: 51 }, { longitude: 13, latitude: 52 }])).toEqual([13, 51, 14, 52]);
});
