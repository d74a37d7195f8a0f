/** How large icons are at each zoom: pairs of zoom and icon size, ascending. */
const STOPS = {
  container: [7.5, 0.26, 8.7, 0.46, 9.5, 0.55, 11, 0.72, 13, 1, 16, 1.5],
  counter: [7.5, 0.3, 8.7, 0.55, 10, 0.7, 13, 1],
  stop: [8, 0.62, 12, 0.95],
} as const;

export type Sized = keyof typeof STOPS;

export function sizeStops(kind: Sized): readonly number[] {
  return STOPS[kind];
}

/** The icon size that MapLibre draws with, for finding what was clicked. */
export function sizeAt(kind: Sized, zoom: number): number {
  const stops = STOPS[kind];
  for (let at = 0; at + 3 < stops.length; at += 2) {
    const [from, small, to, large] = stops.slice(at, at + 4) as [number, number, number, number];
    if (zoom <= from) return small;
    if (zoom <= to) return small + ((zoom - from) / (to - from)) * (large - small);
  }
  return stops.at(-1) as number;
}
