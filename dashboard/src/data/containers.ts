/** Selecting and ordering containers for the table, and for the map, which dims the rest. */
import type { Container } from '../api/types';

export type SortKey = 'name' | 'fill' | 'rate' | 'full';
export interface Sorting {
  key: SortKey;
  descending: boolean;
}
export interface Filter {
  text: string;
  organisation_id: number | null;
  fraction: string | null;
}

export const NO_FILTER: Filter = { text: '', organisation_id: null, fraction: null };

/** The order of the known fractions in every list. */
export const FRACTIONS: readonly string[] = ['residual', 'organic', 'paper', 'packaging', 'glass'];

export function isOver(container: Container): boolean {
  const fill = container.state?.fill_percent;
  return fill != null && fill >= container.threshold_percent;
}

export function matches(container: Container, filter: Filter): boolean {
  if (filter.organisation_id !== null && container.organisation_id !== filter.organisation_id) return false;
  if (filter.fraction !== null && container.waste_fraction !== filter.fraction) return false;
  const words = filter.text.trim().toLocaleLowerCase('de').split(/\s+/);
  const hay = `${container.name} ${container.key} ${container.site?.name ?? ''} ${container.site?.address ?? ''}`.toLocaleLowerCase('de');
  return words.every((word) => hay.includes(word));
}

/** A new array; unknown values come last in either direction, equal ones by name. */
export function sorted(containers: readonly Container[], sorting: Sorting): Container[] {
  const names = new Intl.Collator('de', { numeric: true });
  const byName = (a: Container, b: Container): number => names.compare(a.name, b.name) || a.thing_id - b.thing_id;
  const sign = sorting.descending ? -1 : 1;
  if (sorting.key === 'name') return [...containers].sort((a, b) => sign * byName(a, b));
  const value = VALUES[sorting.key];
  return [...containers].sort((a, b) => {
    const x = value(a);
    const y = value(b);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(a, b);
    return sign * (x - y) || byName(a, b);
  });
}

const VALUES: Record<Exclude<SortKey, 'name'>, (container: Container) => number | null> = {
  fill: ({ state }) => state?.fill_percent ?? null,
  rate: ({ state }) => state?.rate_percent_per_day ?? null,
  full: ({ state }) => (state?.full_at ? Date.parse(state.full_at) : null),
};
