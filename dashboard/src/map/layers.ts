/** Layers of the things and tours; their colours read feature states, which the live stream sets. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';

import { FILL, FLOW, TOURS, type Scale, type Theme } from '../data/scales';
import { FONT_BOLD } from './ground';
import { sizeStops } from './sizes';

const OUTLINE: Record<Theme, string> = { light: '#4a4038', dark: '#0a0d10' };
const MARK: Record<Theme, string> = { light: '#1d1d1b', dark: '#f5f7f9' };
const ACCENT: Record<Theme, string> = { light: '#0068d6', dark: '#58b0ff' };

/** Layers that answer to a click, uppermost first. */
export const CLICKABLE = ['stop', 'container', 'counter'];

const state = (name: string): ExpressionSpecification => ['feature-state', name];
const flag = (name: string, yes: unknown, no: unknown): ExpressionSpecification =>
  ['case', ['boolean', state(name), false], yes, no] as unknown as ExpressionSpecification;

function classes(scale: Scale, theme: Theme, name: string): ExpressionSpecification {
  const [lowest, ...rest] = scale.colours[theme];
  const steps = rest.flatMap((colour, index) => [scale.breaks[index], colour]);
  return ['step', ['coalesce', state(name), -1], scale.unknown[theme], 0, lowest, ...steps] as unknown as ExpressionSpecification;
}

function tourColours(theme: Theme): ExpressionSpecification {
  const colours = TOURS[theme];
  const index = ['%', ['-', ['get', 'tour'], 1], colours.length];
  return ['at', index, ['literal', colours]] as unknown as ExpressionSpecification;
}

const sized = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

const CONTAINER_SIZE = sized(...sizeStops('container'));
const COUNTER_SIZE = sized(...sizeStops('counter'));

const OVERLAP = {
  'icon-allow-overlap': true,
  'icon-ignore-placement': true,
} as const;

export function tourLayers(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'tour-edge',
      type: 'line',
      source: 'tours',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': theme === 'light' ? '#ffffff' : '#0d1013', 'line-width': 4, 'line-opacity': 0.7 },
    },
    {
      id: 'tour',
      type: 'line',
      source: 'tours',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': ['to-color', tourColours(theme)], 'line-width': 2 },
    },
  ];
}

export function thingLayers(theme: Theme): LayerSpecification[] {
  const hidden = (shown: number): ExpressionSpecification => flag('hidden', 0.07, shown);
  return [
    {
      id: 'container-over',
      type: 'symbol',
      source: 'containers',
      layout: { ...OVERLAP, 'icon-image': 'ring', 'icon-size': CONTAINER_SIZE, 'icon-offset': ['get', 'offset'] },
      paint: { 'icon-color': MARK[theme], 'icon-opacity': flag('hidden', 0, flag('over', 1, 0)) },
    },
    {
      id: 'container',
      type: 'symbol',
      source: 'containers',
      layout: { ...OVERLAP, 'icon-image': 'disc', 'icon-size': CONTAINER_SIZE, 'icon-offset': ['get', 'offset'] },
      paint: {
        'icon-color': classes(FILL, theme, 'fill'),
        'icon-halo-color': OUTLINE[theme],
        'icon-halo-width': 0.8,
        'icon-opacity': hidden(1),
      },
    },
    {
      id: 'counter',
      type: 'symbol',
      source: 'counters',
      layout: { ...OVERLAP, 'icon-image': 'diamond', 'icon-size': COUNTER_SIZE },
      paint: {
        'icon-color': classes(FLOW, theme, 'flow'),
        'icon-halo-color': OUTLINE[theme],
        'icon-halo-width': 1,
      },
    },
  ];
}

export function stopLayers(theme: Theme): LayerSpecification[] {
  const colour = ['to-color', tourColours(theme)] as unknown as ExpressionSpecification;
  const paper = theme === 'light' ? '#ffffff' : '#12161a';
  const done: ExpressionSpecification = ['get', 'done'];
  return [
    ...selection(theme),
    {
      id: 'stop',
      type: 'symbol',
      source: 'stops',
      layout: {
        'icon-image': 'stop',
        'icon-size': sized(...sizeStops('stop')),
        'icon-padding': 1,
        'text-field': ['get', 'label'],
        'text-font': FONT_BOLD,
        'text-size': sized(8, 9, 12, 12),
        'text-padding': 0,
        'text-allow-overlap': false,
        'symbol-sort-key': ['get', 'position'],
      },
      // A stop that is done turns inside out: paper with the tour's colour around it.
      paint: {
        'icon-color': ['case', done, paper, colour],
        'icon-halo-color': ['case', done, colour, paper],
        'icon-halo-width': 1.4,
        'text-color': ['case', done, colour, paper],
      },
    },
  ];
}

/** The selected thing once more, above all others, in a ring that is seen from afar. */
function selection(theme: Theme): LayerSpecification[] {
  return (['container', 'counter'] as const).flatMap((kind) => {
    const layer = (id: string, shape: string, tone: unknown, outline: number): LayerSpecification => ({
      id: `${id}-${kind}`,
      type: 'symbol',
      source: 'selection',
      filter: ['==', ['get', 'kind'], kind],
      layout: {
        ...OVERLAP,
        'icon-image': shape,
        // One size for both, since offsets grow with it.
        'icon-size': kind === 'container' ? CONTAINER_SIZE : COUNTER_SIZE,
        'icon-offset': ['get', 'offset'],
      },
      paint: { 'icon-color': tone as string, 'icon-halo-color': ACCENT[theme], 'icon-halo-width': outline },
    });
    const shape = kind === 'container' ? 'disc' : 'diamond';
    return [layer('ring', 'halo', ACCENT[theme], 0.7), layer('selected', shape, ['get', 'tone'], 2.5)];
  });
}
