/** Things and stops as map features; what changes with every reading is left to feature states. */
import type { Feature, FeatureCollection, Geometry, Point } from 'geojson';

import type { Container, Counter, Tour, TourLines } from '../api/types';
import { flowOf } from '../data/counters';
import { stopNumber } from '../data/tours';
import { FILL, FLOW, colourOf } from '../data/scales';
import type { Drawn } from './picture';

type Points = FeatureCollection<Point, Record<string, unknown>>;
type Offset = [number, number];

/** Distance of neighbouring containers of a site, in pixels at icon size 1. */
const SPACING_PX = 18;

/** Around one site: one alone, two side by side, more in rings of six, so that none hides another. */
export function rosette(count: number): Offset[] {
  if (count === 1) return [[0, 0]];
  if (count <= 4) return circle(count, SPACING_PX / (2 * Math.sin(Math.PI / count)), count === 3 ? -90 : count === 4 ? 45 : 0);
  const offsets: Offset[] = [[0, 0]];
  for (let ring = 1; offsets.length < count; ring++) {
    offsets.push(...circle(Math.min(6 * ring, count - offsets.length), ring * SPACING_PX, 30 * (ring - 1)));
  }
  return offsets;
}

function circle(count: number, radius: number, from_deg: number): Offset[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = ((from_deg + (360 * index) / count) * Math.PI) / 180;
    return [round(radius * Math.cos(angle)), round(radius * Math.sin(angle))];
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function containerPoints(containers: readonly Container[]): Points {
  const sites = new Map<string, Container[]>();
  for (const container of containers) {
    const key = container.site ? `site ${container.site.id}` : `thing ${container.thing_id}`;
    const site = sites.get(key);
    if (site) site.push(container);
    else sites.set(key, [container]);
  }
  const features = [...sites.values()].flatMap((site) => {
    const offsets = rosette(site.length);
    const [first] = site as [Container];
    return site.map((each, index) => point(each.thing_id, first.longitude, first.latitude, { offset: offsets[index] }));
  });
  return { type: 'FeatureCollection', features };
}

export function counterPoints(counters: readonly Counter[]): Points {
  const features = counters.map((each) => point(each.thing_id, each.longitude, each.latitude, {}));
  return { type: 'FeatureCollection', features };
}

/** The selected thing alone, in the colour of its value. */
export function selectionPoint({ selected, containers, counters, theme }: Pick<Drawn, 'selected' | 'containers' | 'counters' | 'theme'>): Points {
  const points = selected?.kind === 'container' ? containerPoints(containers) : counterPoints(counters);
  const found = points.features.find((each) => selected !== null && each.id === selected.thing_id);
  const tone =
    selected?.kind === 'container'
      ? colourOf(FILL, containers.find((each) => each.thing_id === selected.thing_id)?.state?.fill_percent, theme)
      : colourOf(FLOW, flowOf(counters.find((each) => each.thing_id === selected?.thing_id))?.flow_per_h, theme);
  const features = found ? [{ ...found, properties: { offset: [0, 0], ...found.properties, kind: selected?.kind, tone } }] : [];
  return { type: 'FeatureCollection', features };
}

/** Stops with the number a driver reads; start and end are the depot's and carry none. */
export function stopPoints(tours: readonly Tour[], only: number | null): Points {
  const features = tours
    .filter((tour) => only === null || tour.id === only)
    .flatMap((tour) =>
      tour.stops
        .filter((stop) => stop.kind === 'container' || stop.kind === 'unload')
        .map((stop) =>
          point(stop.id, stop.longitude, stop.latitude, {
            tour: tour.number,
            thing_id: stop.thing_id,
            label: stop.kind === 'unload' ? '↓' : String(stopNumber(tour, stop)),
            position: stop.position,
            done: stop.collection !== null,
          }),
        ),
    );
  return { type: 'FeatureCollection', features };
}

/** Lines of the API, with the number of the tour on each; straight from stop to stop where it sent none. */
export function tourLines(tours: readonly Tour[], sent: TourLines | null): FeatureCollection {
  const lines = (sent?.features ?? []).filter((each) => each.properties.feature === 'tour');
  const byTour = new Map(lines.map((each) => [each.properties.tour_id, each.geometry as Geometry]));
  const features = tours.map((tour): Feature => ({
    type: 'Feature',
    geometry: byTour.get(tour.id) ?? {
      type: 'LineString',
      coordinates: tour.stops.map((stop) => [stop.longitude, stop.latitude]),
    },
    properties: { tour: tour.number, tour_id: tour.id },
  }));
  return { type: 'FeatureCollection', features };
}

type Bounds = [number, number, number, number];

/** West, south, east, north of everything given; null when there is nothing. */
export function boundsOf(places: readonly { longitude: number; latitude: number }[]): Bounds | null {
  if (places.length === 0) return null;
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { longitude, latitude } of places) {
    bounds[0] = Math.min(bounds[0], longitude);
    bounds[1] = Math.min(bounds[1], latitude);
    bounds[2] = Math.max(bounds[2], longitude);
    bounds[3] = Math.max(bounds[3], latitude);
  }
  return bounds;
}

function point(id: number, longitude: number, latitude: number, properties: Record<string, unknown>): Points['features'][number] {
  return { type: 'Feature', id, geometry: { type: 'Point', coordinates: [longitude, latitude] }, properties };
}
