/** The ground beneath the things: our own places, roads and lakes, drawn quietly, without tiles or glyphs of others. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';

import type { Theme } from '../data/scales';

interface Ground {
  land: string;
  district: string;
  water: string;
  shore: string;
  waterName: string;
  motorway: string;
  motorwayEdge: string;
  road: string;
  roadEdge: string;
  boundary: string;
  name: string;
  nameHalo: string;
}

export const GROUND: Record<Theme, Ground> = {
  light: {
    land: '#ece8dd',
    district: '#f8f6f0',
    water: '#cfe0e6',
    shore: '#b4cdd6',
    waterName: '#45707f',
    motorway: '#f8e2b2',
    motorwayEdge: '#d3b473',
    road: '#ffffff',
    roadEdge: '#c9c0ad',
    boundary: '#a79d89',
    name: '#3b3a36',
    nameHalo: '#f7f5ef',
  },
  dark: {
    land: '#12161a',
    district: '#181d22',
    water: '#1d313c',
    shore: '#2a4451',
    waterName: '#84aebf',
    motorway: '#5d5334',
    motorwayEdge: '#2b2718',
    road: '#37424b',
    roadEdge: '#0e1215',
    boundary: '#56616b',
    name: '#c9d1d8',
    nameHalo: '#12161a',
  },
};

/** Font stacks whose first word only sets the weight: glyphs are drawn from the fonts of the system. */
export const FONT = ['Regular', 'system-ui', 'Segoe UI', 'Roboto', 'Helvetica', 'Arial'];
export const FONT_BOLD = ['Semibold', ...FONT.slice(1)];

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** The style without things and tours; text needs no glyph server. */
export function groundStyle(theme: Theme, features: FeatureCollection): StyleSpecification {
  return {
    version: 8,
    sources: { ground: { type: 'geojson', data: features.features.length ? features : NOTHING } },
    layers: [...areas(GROUND[theme]), ...roads(GROUND[theme])],
  };
}

function areas(ground: Ground): LayerSpecification[] {
  const source = 'ground';
  const water: ExpressionSpecification = ['==', ['get', 'kind'], 'water'];
  return [
    { id: 'land', type: 'background', paint: { 'background-color': ground.land } },
    {
      id: 'district',
      type: 'fill',
      source,
      filter: ['all', ['==', ['get', 'kind'], 'boundary'], ['==', ['geometry-type'], 'Polygon']],
      paint: { 'fill-color': ground.district },
    },
    {
      id: 'water',
      type: 'fill',
      source,
      filter: ['all', water, ['==', ['geometry-type'], 'Polygon']],
      paint: { 'fill-color': ground.water, 'fill-outline-color': ground.shore },
    },
    {
      id: 'river',
      type: 'line',
      source,
      filter: ['all', water, ['==', ['geometry-type'], 'LineString']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': ground.water, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.5, 13, 6] },
    },
    {
      id: 'boundary',
      type: 'line',
      source,
      filter: ['==', ['get', 'kind'], 'boundary'],
      paint: { 'line-color': ground.boundary, 'line-width': 1.2, 'line-dasharray': [4, 3] },
    },
  ];
}

function roads(ground: Ground): LayerSpecification[] {
  const width = (extra: number): unknown => [
    'interpolate',
    ['exponential', 1.4],
    ['zoom'],
    8,
    ['+', extra, ['match', ['get', 'rank'], 0, 2.4, 1, 1.5, 0.9]],
    14,
    ['+', extra, ['match', ['get', 'rank'], 0, 10, 1, 7, 5]],
  ];
  const line = (id: string, motorway: string, other: string, extra: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'ground',
    filter: ['==', ['get', 'kind'], 'road'],
    layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': ['-', 0, ['get', 'rank']] },
    paint: { 'line-color': ['match', ['get', 'rank'], 0, motorway, other], 'line-width': width(extra) as number },
  });
  return [line('road-edge', ground.motorwayEdge, ground.roadEdge, 1.4), line('road', ground.motorway, ground.road, 0)];
}

/** Names come above the things, so that no town disappears beneath its containers. */
export function names(theme: Theme): LayerSpecification[] {
  const ground = GROUND[theme];
  const halo = { 'text-halo-color': ground.nameHalo, 'text-halo-width': 1.6, 'text-halo-blur': 0.4 };
  return [
    {
      id: 'road-name',
      type: 'symbol',
      source: 'ground',
      minzoom: 9.5,
      filter: ['all', ['==', ['get', 'kind'], 'road'], ['!=', ['get', 'name'], '']],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 10.5,
      },
      paint: { 'text-color': ground.name, 'text-opacity': 0.75, ...halo },
    },
    {
      id: 'water-name',
      type: 'symbol',
      source: 'ground',
      minzoom: 9,
      filter: ['all', ['==', ['get', 'kind'], 'water'], ['!=', ['get', 'name'], '']],
      layout: { 'text-field': ['get', 'name'], 'text-font': ['Italic', ...FONT.slice(1)], 'text-size': 11, 'text-max-width': 7 },
      paint: { 'text-color': ground.waterName, ...halo, 'text-halo-color': ground.water },
    },
    {
      id: 'place-name',
      type: 'symbol',
      source: 'ground',
      filter: ['all', ['==', ['get', 'kind'], 'place'], ['<=', ['get', 'rank'], ['step', ['zoom'], 1, 8.3, 2, 11, 9]]],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['step', ['get', 'rank'], ['literal', FONT_BOLD], 2, ['literal', FONT]],
        'text-size': [
          'interpolate', ['linear'], ['zoom'],
          8, ['match', ['get', 'rank'], 0, 13, 1, 12, 10],
          12, ['match', ['get', 'rank'], 0, 18, 1, 15.5, 13],
        ],
        'text-anchor': 'bottom',
        'text-offset': [0, -0.9],
        'text-padding': 3,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': ground.name, ...halo },
    },
  ];
}
