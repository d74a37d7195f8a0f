/** What the person looking at the page has chosen: view, selection, filter, order. */
import { NO_FILTER, type Filter, type Sorting } from '../data/containers';
import type { Theme } from '../data/scales';

export type Tab = 'containers' | 'traffic' | 'tours';
export type Selection = { kind: 'container' | 'counter'; thing_id: number };

const DARK = matchMedia('(prefers-color-scheme: dark)');

class View {
  tab = $state<Tab>('containers');
  selected = $state.raw<Selection | null>(null);
  tour_id = $state<number | null>(null);
  filter = $state<Filter>({ ...NO_FILTER });
  sorting = $state<Sorting>({ key: 'fill', descending: true });
  theme = $state<Theme>(DARK.matches ? 'dark' : 'light');

  constructor() {
    DARK.addEventListener('change', (event) => (this.theme = event.matches ? 'dark' : 'light'));
  }

  isSelected(kind: Selection['kind'], thing_id: number): boolean {
    return this.selected?.kind === kind && this.selected.thing_id === thing_id;
  }

  toggleTour(tour_id: number): void {
    this.tour_id = this.tour_id === tour_id ? null : tour_id;
  }
}

export const view = new View();
