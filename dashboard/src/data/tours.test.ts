import { expect, test } from 'vitest';

import type { Plan, Stop, Tour } from '../api/types';
import { placeInTours, planToShow, progressOf, stopNumber } from './tours';

const plan = (id: number, status: Plan['status']): Plan => ({ id, status }) as Plan;
const stop = (position: number, kind: Stop['kind'], done = false): Stop =>
  ({
    id: position,
    position,
    kind,
    thing_id: kind === 'container' ? 100 + position : null,
    collection: done ? { outcome: position === 2 ? 'skipped' : 'served', collected_at: '' } : null,
  }) as Stop;
const TOUR = {
  id: 1,
  stops: [stop(0, 'start'), stop(1, 'container', true), stop(2, 'container', true), stop(3, 'unload'), stop(4, 'container'), stop(5, 'end')],
} as Tour;

test('The plan that is driven comes before a newer draft, and a superseded one is never shown.', () => {
  expect(planToShow([plan(3, 'draft'), plan(2, 'published'), plan(1, 'superseded')])?.id).toBe(2);
  expect(planToShow([plan(1, 'superseded')])).toBeNull();
});

test('Of two plans of the same status the newer one is shown.', () => {
  expect(planToShow([plan(4, 'draft'), plan(7, 'draft')])?.id).toBe(7);
});

test('Container stops are numbered from 1, whatever lies between them.', () => {
  expect(TOUR.stops.map((each) => stopNumber(TOUR, each))).toEqual([null, 1, 2, null, 3, null]);
});

test('Progress counts container stops, tells emptied from skipped, and knows the next.', () => {
  expect(progressOf(TOUR)).toMatchObject({ containers: 3, done: 2, served: 1, next: { position: 4 } });
});

test('A container is found in its tour.', () => {
  expect(placeInTours([TOUR], 104)?.stop.position).toBe(4);
  expect(placeInTours([TOUR], 999)).toBeNull();
});
