import { expect, test } from 'vitest';

import { merged } from './merge';

const things = [
  { thing_id: 1, state: { fill: 10 } },
  { thing_id: 2, state: null },
];

test('New states replace old ones; the other things stay the same objects.', () => {
  const after = merged<{ thing_id: number; state: { fill: number } | null }>(things, [{ thing_id: 2, organisation_id: 9, fill: 50 }]);
  expect(after[1]).toEqual({ thing_id: 2, state: { fill: 50 } });
  expect(after[0]).toBe(things[0]);
});

test('Without an update the very same array comes back.', () => {
  expect(merged(things, [])).toBe(things);
});

test('Of two updates of one thing the later wins, and unknown things are left aside.', () => {
  const update = (thing_id: number, fill: number) => ({ thing_id, organisation_id: 9, fill });
  const after = merged<{ thing_id: number; state: { fill: number } | null }>(things, [update(1, 20), update(1, 30), update(77, 1)]);
  expect(after.map((each) => each.state?.fill)).toEqual([30, undefined]);
});
