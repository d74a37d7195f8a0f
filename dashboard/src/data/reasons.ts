/** Why a plan cannot be, in the page's language; the API's own English sentence only where the page knows no better. */
import type { Diagnosis } from '../api/types';
import type { Words } from '../i18n/de';
import type { Formats } from './formats';

export function reasonText(reason: Diagnosis, words: Words, formats: Formats): string {
  const sentence = words.reason[reason.constraint];
  const said = sentence?.({
    fractions: (reason.fractions ?? []).map((each) => words.fractions[each] ?? each).join(', ') || null,
    needed: amount(reason.needed, reason.unit, formats),
    available: amount(reason.available, reason.unit, formats),
  });
  return said ?? reason.detail ?? '';
}

function amount(value: number | null | undefined, unit: string | null | undefined, formats: Formats): string | null {
  if (value == null || unit == null) return null;
  return unit === 's' ? formats.hours(value) : `${formats.whole(value)} ${unit}`;
}
