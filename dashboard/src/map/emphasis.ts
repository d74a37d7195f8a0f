/** What stands out on the map follows the view that is open beside it. */
import type { Map as MapLibreMap } from 'maplibre-gl';

import type { Tab } from '../state/view.svelte';

type PaintName = Parameters<MapLibreMap['setPaintProperty']>[1];
type PaintValue = Parameters<MapLibreMap['setPaintProperty']>[2];
type Values = Record<string, PaintValue>;

const flag = (name: string, yes: number, no: PaintValue): PaintValue =>
  ['case', ['boolean', ['feature-state', name], false], yes, no] as PaintValue;

export function emphasise(map: MapLibreMap, tab: Tab, tour_id: number | null): void {
  const touring = tab === 'tours';
  const chosen = (yes: number, no: number): PaintValue =>
    tour_id === null ? yes : (['case', ['==', ['get', 'tour_id'], tour_id], yes, no] as PaintValue);
  const containers = tab === 'containers' ? 1 : 0.25;
  const paints: Record<string, Values> = {
    container: { 'icon-opacity': flag('hidden', 0.07, flag('selected', 1, containers)) },
    'container-over': { 'icon-opacity': flag('hidden', 0, flag('over', tab === 'containers' ? 1 : 0, 0)) },
    counter: { 'icon-opacity': flag('selected', 1, tab === 'traffic' ? 1 : touring ? 0.25 : 0.9) },
    tour: {
      'line-opacity': touring ? chosen(0.95, 0.18) : tab === 'containers' ? chosen(0.4, 0.12) : 0,
      'line-width': touring ? chosen(tour_id === null ? 2.4 : 3.6, 1.6) : 1.3,
    },
    'tour-edge': { 'line-opacity': touring ? chosen(0.7, 0) : 0 },
  };
  for (const [layer, values] of Object.entries(paints)) {
    for (const [name, value] of Object.entries(values)) map.setPaintProperty(layer, name as PaintName, value);
  }
  // Of all tours together only the numbers that have room are shown; of one tour, each.
  map.setLayoutProperty('stop', 'visibility', touring ? 'visible' : 'none');
  map.setLayoutProperty('stop', 'icon-allow-overlap', tour_id !== null);
  map.setLayoutProperty('stop', 'text-allow-overlap', tour_id !== null);
}
