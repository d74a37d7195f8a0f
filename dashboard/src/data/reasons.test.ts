import { expect, test } from 'vitest';

import type { Diagnosis } from '../api/types';
import { de } from '../i18n/de';
import { en } from '../i18n/en';
import { Formats } from './formats';
import { reasonText } from './reasons';

const german = new Formats('de-DE');
const english = new Formats('en-GB');
const reason = (constraint: string, more: Partial<Diagnosis> = {}): Diagnosis => ({
  constraint,
  containers: [1],
  names: ['Bin 1'],
  fractions: [],
  detail: 'the API’s sentence',
  ...more,
});

test('Every constraint with a heading has a sentence in both languages.', () => {
  for (const words of [de, en]) expect(Object.keys(words.reason).sort()).toEqual(Object.keys(words.constraint).sort());
});

test('Figures and fractions are written as the page’s language writes them.', () => {
  const volume = reason('capacity_volume', { needed: 8000, available: 6000, unit: 'l' });
  expect(reasonText(volume, de, german)).toBe('8.000 l sind mehr, als ein Fahrzeug fasst (6.000 l).');
  expect(reasonText(volume, en, english)).toBe('8,000 l are more than a vehicle holds (6,000 l).');
  const time = reason('fleet_time', { needed: 40_500, available: 36_000, unit: 's' });
  expect(reasonText(time, de, german)).toContain('11,3 h');
  expect(reasonText(reason('facility_fraction', { fractions: ['glass', 'paper'] }), de, german)).toBe('Keine Anlage nimmt Glas, Papier an.');
});

test('What the API knows and the page does not is shown in the API’s words.', () => {
  expect(reasonText(reason('new_constraint'), de, german)).toBe('the API’s sentence');
  expect(reasonText(reason('capacity_volume'), de, german)).toBe('the API’s sentence');
});
