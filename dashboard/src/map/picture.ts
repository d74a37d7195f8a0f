/** The map itself: takes the region's state piece by piece and passes on only what changed. */
import {
  Map as MapLibreMap,
  type GeoJSONSource,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type StyleSpecification,
} from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';

import type { Container, Counter, Ground, Tour, TourLines } from '../api/types';
import { flowOf } from '../data/counters';
import { isOver } from '../data/containers';
import type { Theme } from '../data/scales';
import type { Selection, Tab } from '../state/view.svelte';
import { emphasise } from './emphasis';
import { boundsOf, containerPoints, counterPoints, selectionPoint, stopPoints, tourLines } from './features';
import { groundStyle, names } from './ground';
import { addIcons } from './icons';
import { CLICKABLE, stopLayers, thingLayers, tourLayers } from './layers';
import { sizeAt, type Sized } from './sizes';

export interface Drawn {
  theme: Theme;
  ground: Ground | null;
  containers: readonly Container[];
  counters: readonly Counter[];
  tours: readonly Tour[];
  tourLines: TourLines | null;
  shown: ReadonlySet<number> | null;
  selected: Selection | null;
  tab: Tab;
  tour_id: number | null;
}

type Words = Record<string, string>;
const GRACE_PX = 5;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

export class Picture {
  readonly #map: MapLibreMap;
  #drawn: Partial<Drawn> = {};
  #places = '';
  #ready = false;
  #wanted: Drawn | null = null;

  constructor(target: HTMLElement, locale: Words, onSelect: (selection: Selection | null) => void) {
    this.#map = new MapLibreMap({
      container: target,
      style: { version: 8, sources: {}, layers: [] },
      center: [13.95, 51.62],
      zoom: 8.6,
      minZoom: 6,
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      locale,
      fadeDuration: 120,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.on('style.load', () => this.#styled());
    this.#map.on('click', (event) => onSelect(this.#hit(event)));
    this.#map.on('mousemove', (event) => {
      this.#map.getCanvas().style.cursor = this.#hit(event) ? 'pointer' : '';
    });
  }

  remove(): void {
    this.#map.remove();
  }

  zoom(by: number): void {
    this.#map.zoomTo(this.#map.getZoom() + by);
  }

  /** Show everything that is drawn. */
  fit(duration = 600): void {
    const { containers = [], counters = [] } = this.#wanted ?? {};
    const bounds = boundsOf([...containers, ...counters]);
    this.#fit(bounds, duration);
  }

  /** Show one tour as a whole. */
  fitTour(tour: Tour): void {
    this.#fit(boundsOf(tour.stops), 600);
  }

  #fit(bounds: ReturnType<typeof boundsOf>, duration: number): void {
    if (bounds) this.#map.fitBounds(bounds, { padding: this.#padding(), duration: calm(duration), maxZoom: 14 });
  }

  /** Bring a thing into view without moving the map more than needed. */
  reveal({ longitude, latitude }: { longitude: number; latitude: number }): void {
    const place: [number, number] = [longitude, latitude];
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const at = this.#map.project(place);
    const margin = 48;
    const inside = at.x > margin && at.y > margin && at.x < clientWidth - margin && at.y < clientHeight - margin;
    if (inside && this.#map.getZoom() >= 9) return;
    this.#map.easeTo({ center: place, zoom: Math.max(this.#map.getZoom(), 11), duration: calm(500) });
  }

  draw(wanted: Drawn): void {
    this.#wanted = wanted;
    const before = this.#drawn;
    if (before.theme !== wanted.theme) {
      this.#ready = false;
      this.#drawn = { theme: wanted.theme };
      this.#map.setStyle(this.#style(wanted.theme), { diff: false });
    }
    if (this.#ready) this.#update(wanted);
  }

  #style(theme: Theme): StyleSpecification {
    const style = groundStyle(theme, EMPTY);
    for (const source of ['tours', 'stops', 'containers', 'counters', 'selection']) {
      style.sources[source] = { type: 'geojson', data: EMPTY };
    }
    style.layers.push(...tourLayers(theme), ...thingLayers(theme), ...names(theme), ...stopLayers(theme));
    return style;
  }

  #styled(): void {
    if (!this.#wanted || !this.#drawn.theme) return;
    addIcons(this.#map);
    this.#ready = true;
    this.#update(this.#wanted);
  }

  #update(wanted: Drawn): void {
    const before = this.#drawn;
    const changed = (...names: (keyof Drawn)[]): boolean => names.some((name) => before[name] !== wanted[name]);
    if (changed('ground')) this.#data('ground', (wanted.ground as FeatureCollection | null) ?? EMPTY);
    if (changed('containers', 'counters')) this.#place(wanted);
    if (changed('containers')) this.#fills(wanted.containers, before.containers ?? []);
    if (changed('counters')) this.#flows(wanted.counters, before.counters ?? []);
    if (changed('containers', 'shown')) this.#hide(wanted, before);
    if (changed('tours', 'tourLines')) this.#data('tours', tourLines(wanted.tours, wanted.tourLines));
    if (changed('tours', 'tour_id')) this.#data('stops', stopPoints(wanted.tours, wanted.tour_id));
    if (changed('selected')) this.#mark(wanted.selected, before.selected ?? null);
    if (changed('selected', 'containers', 'counters')) this.#data('selection', selectionPoint(wanted));
    if (changed('tab', 'tour_id')) emphasise(this.#map, wanted.tab, wanted.tour_id);
    this.#drawn = wanted;
  }

  #data(source: string, data: FeatureCollection): void {
    (this.#map.getSource(source) as GeoJSONSource).setData(data);
  }

  /** Points are set anew only when a thing came, went or moved; the first time the map goes there. */
  #place({ containers, counters }: Drawn): void {
    const places = [...containers, ...counters].map((each) => `${each.thing_id}:${each.longitude}:${each.latitude}`).join();
    const known = this.#drawn.containers !== undefined;
    if (known && places === this.#places) return;
    this.#data('containers', containerPoints(containers));
    this.#data('counters', counterPoints(counters));
    if (this.#places === '' && places !== '') this.fit(0);
    this.#places = places;
  }

  #fills(now: readonly Container[], before: readonly Container[]): void {
    for (const container of fresh(now, before)) {
      this.#state('containers', container.thing_id, { fill: container.state?.fill_percent ?? null, over: isOver(container) });
    }
  }

  #flows(now: readonly Counter[], before: readonly Counter[]): void {
    for (const counter of fresh(now, before)) {
      this.#state('counters', counter.thing_id, { flow: flowOf(counter)?.flow_per_h ?? null });
    }
  }

  #hide(wanted: Drawn, before: Partial<Drawn>): void {
    const was = before.shown ?? null;
    for (const { thing_id } of wanted.containers) {
      const hidden = wanted.shown !== null && !wanted.shown.has(thing_id);
      if (hidden !== (was !== null && !was.has(thing_id))) this.#state('containers', thing_id, { hidden });
    }
  }

  #mark(now: Selection | null, before: Selection | null): void {
    if (before) this.#state(`${before.kind}s`, before.thing_id, { selected: false });
    if (now) this.#state(`${now.kind}s`, now.thing_id, { selected: true });
  }

  #state(source: string, id: number, state: Record<string, unknown>): void {
    this.#map.setFeatureState({ source, id }, state);
  }

  /** The thing nearest to the pointer, within a few pixels for fingers; stops lie above all others. */
  #hit({ point }: MapMouseEvent): Selection | null {
    if (!this.#ready) return null;
    const corner = (by: number): [number, number] => [point.x + by, point.y + by];
    const found = this.#map
      .queryRenderedFeatures([corner(-GRACE_PX), corner(GRACE_PX)], { layers: CLICKABLE })
      .filter((feature) => !feature.state['hidden'])
      .map((feature) => ({ feature, away: this.#distance(feature, point) }))
      .sort((a, b) => Number(b.feature.layer.id === 'stop') - Number(a.feature.layer.id === 'stop') || a.away - b.away)[0];
    if (!found) return null;
    const { id, layer, properties } = found.feature;
    const thing_id: unknown = layer.id === 'stop' ? properties['thing_id'] : id;
    return typeof thing_id === 'number' ? { kind: layer.id === 'counter' ? 'counter' : 'container', thing_id } : null;
  }

  /** Pixels between a feature's icon, which may stand beside its place, and a point. */
  #distance(feature: MapGeoJSONFeature, point: { x: number; y: number }): number {
    if (feature.geometry.type !== 'Point') return Infinity;
    const place = this.#map.project(feature.geometry.coordinates as [number, number]);
    const size = sizeAt(feature.layer.id as Sized, this.#map.getZoom());
    const [x, y] = (feature.properties['offset'] ?? [0, 0]) as [number, number];
    return Math.hypot(place.x + x * size - point.x, place.y + y * size - point.y);
  }

  #padding(): { top: number; right: number; bottom: number; left: number } {
    const width = this.#map.getContainer().clientWidth;
    if (width < 600) return { top: 22, right: 40, bottom: 16, left: 40 };
    // The legend stands at the left.
    return { top: 44, right: 64, bottom: 32, left: Math.min(250, width * 0.27) };
  }
}

function fresh<Item extends { thing_id: number }>(now: readonly Item[], before: readonly Item[]): Item[] {
  const known = new Map(before.map((each) => [each.thing_id, each]));
  return now.filter((each) => known.get(each.thing_id) !== each);
}

/** No motion for those who asked their system for less of it. */
function calm(duration_ms: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : duration_ms;
}
