import { expect, test } from 'vitest';

import type { Container } from '../api/types';
import { isOver, matches, NO_FILTER, sorted } from './containers';

const container = (thing_id: number, name: string, fill_percent: number | null): Container =>
  ({
    thing_id,
    key: name,
    name,
    organisation_id: thing_id % 2,
    site: { id: 1, name: 'Am Markt', address: 'Markt 1, Calau' },
    waste_fraction: 'paper',
    threshold_percent: 80,
    state: fill_percent === null ? null : { fill_percent },
  }) as Container;

const names = (containers: Container[]): string[] => containers.map((each) => each.name);

test('Unknown fill levels come last in either direction.', () => {
  const all = [container(1, 'a', null), container(2, 'b', 10), container(3, 'c', 90)];
  expect(names(sorted(all, { key: 'fill', descending: true }))).toEqual(['c', 'b', 'a']);
  expect(names(sorted(all, { key: 'fill', descending: false }))).toEqual(['b', 'c', 'a']);
});

test('Names are ordered the German way, numbers in them by value.', () => {
  const all = [container(1, 'Öl 2', 1), container(2, 'Papier 10', 1), container(3, 'Papier 9', 1), container(4, 'Zinn', 1)];
  expect(names(sorted(all, { key: 'name', descending: false }))).toEqual(['Öl 2', 'Papier 9', 'Papier 10', 'Zinn']);
});

test('Sorting leaves the given array as it is.', () => {
  const all = [container(1, 'b', 1), container(2, 'a', 2)];
  sorted(all, { key: 'name', descending: false });
  expect(names(all)).toEqual(['b', 'a']);
});

test('Every word of the search must occur, in name, site or address, in any case.', () => {
  expect(matches(container(1, 'Papier 1', 1), { ...NO_FILTER, text: 'calau PAPIER' })).toBe(true);
  expect(matches(container(1, 'Papier 1', 1), { ...NO_FILTER, text: 'papier glas' })).toBe(false);
});

test('Organisation and fraction narrow the selection.', () => {
  expect(matches(container(1, 'a', 1), { ...NO_FILTER, organisation_id: 0 })).toBe(false);
  expect(matches(container(1, 'a', 1), { ...NO_FILTER, fraction: 'glass' })).toBe(false);
});

test('A container is over its threshold from exactly the threshold on, and never while unknown.', () => {
  expect(isOver(container(1, 'a', 80))).toBe(true);
  expect(isOver(container(1, 'a', 79.9))).toBe(false);
  expect(isOver(container(1, 'a', null))).toBe(false);
});
