/** What the page says about plans and tours, worked out from what the API sends. */
import type { Plan, PlanStatus, Stop, Tour } from '../api/types';

/** Which plan of a day the page shows: the one that counts, else the one that is on its way. */
const PRECEDENCE: readonly PlanStatus[] = [
  'in_progress',
  'published',
  'done',
  'computing',
  'requested',
  'draft',
  'infeasible',
  'failed',
  'superseded',
];

export interface Progress {
  containers: number;
  done: number;
  served: number;
  next: Stop | null;
}

export function planToShow(plans: readonly Plan[]): Plan | null {
  const ranked = plans
    .filter((plan) => plan.status !== 'superseded')
    .sort((a, b) => PRECEDENCE.indexOf(a.status) - PRECEDENCE.indexOf(b.status) || b.id - a.id);
  return ranked[0] ?? null;
}

export function progressOf(tour: Tour): Progress {
  const stops = tour.stops.filter((stop) => stop.kind === 'container');
  const done = stops.filter((stop) => stop.collection !== null);
  return {
    containers: stops.length,
    done: done.length,
    served: done.filter((stop) => stop.collection?.outcome === 'served').length,
    next: stops.find((stop) => stop.collection === null) ?? null,
  };
}

/** The number a driver reads: containers of a tour from 1 on; null for depot and disposal facility. */
export function stopNumber(tour: Tour, stop: Stop): number | null {
  if (stop.kind !== 'container') return null;
  return tour.stops.filter((each) => each.kind === 'container' && each.position <= stop.position).length;
}

export function fractionsOf(tour: Tour): string[] {
  return [...new Set(tour.stops.flatMap((stop) => (stop.waste_fraction ? [stop.waste_fraction] : [])))];
}

/** Where a container stands in today's tours. */
export function placeInTours(tours: readonly Tour[], thing_id: number): { tour: Tour; stop: Stop } | null {
  for (const tour of tours) {
    const stop = tour.stops.find((each) => each.thing_id === thing_id);
    if (stop) return { tour, stop };
  }
  return null;
}
