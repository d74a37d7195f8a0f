import { expect, test } from 'vitest';

import { berlinDay, berlinMidnight, Formats } from './formats';

const german = new Formats('de-DE');
const english = new Formats('en-GB');

test('A day begins at midnight in Berlin, in winter and in summer.', () => {
  expect(berlinDay(new Date('2026-01-10T22:59:59Z'))).toBe('2026-01-10');
  expect(berlinDay(new Date('2026-01-10T23:00:00Z'))).toBe('2026-01-11');
  expect(berlinDay(new Date('2026-07-10T22:00:00Z'))).toBe('2026-07-11');
});

test('Midnights are right across both changes of clock.', () => {
  expect(berlinMidnight(new Date('2026-03-29T12:00:00Z')).toISOString()).toBe('2026-03-28T23:00:00.000Z');
  expect(berlinMidnight(new Date('2026-03-29T12:00:00Z'), 1).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(berlinMidnight(new Date('2026-10-25T12:00:00Z')).toISOString()).toBe('2026-10-24T22:00:00.000Z');
  expect(berlinMidnight(new Date('2026-10-25T12:00:00Z'), 1).toISOString()).toBe('2026-10-25T23:00:00.000Z');
});

test('Numbers and clock times are written the language’s way, in Berlin’s time.', () => {
  expect(german.whole(12345)).toBe('12.345');
  expect(english.whole(12345)).toBe('12,345');
  expect(german.kilometres(45_678)).toBe('45,7 km');
  expect(german.clock('2026-07-01T10:05:00Z')).toBe('12:05');
});

test('Instants are told no longer than their distance from now asks for.', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  expect(german.near('2026-11-22T17:30:00Z', now)).toBe('18:30');
  expect(german.near('2026-11-24T06:00:00Z', now)).toBe('Di 07:00');
  expect(german.near('2026-12-24T13:00:00Z', now)).toBe('24.12. 14:00');
});

test('What is not known is a dash.', () => {
  expect(german.percent(null)).toBe('–');
  expect(german.clock(undefined)).toBe('–');
});
