/** Shapes as signed distance fields: one image in any colour, with an outline, sharp at every size. */
import type { Map as MapLibreMap } from 'maplibre-gl';

const PIXEL_RATIO = 2;
/** MapLibre reads the edge at three quarters of the range, which spans eight pixels. */
const EDGE = 0.75;
const RANGE_PX = 8;

type Distance = (x: number, y: number) => number;

const disc = (radius: number): Distance => (x, y) => Math.hypot(x, y) - radius;
const ring = (radius: number, width: number): Distance => (x, y) => Math.abs(Math.hypot(x, y) - radius) - width / 2;
const diamond = (radius: number): Distance => (x, y) => (Math.abs(x) + Math.abs(y) - radius) / Math.SQRT2;

/** Radii in pixels of the image; half of them on the page at icon size 1. */
const SHAPES: Record<string, Distance> = {
  disc: disc(16),
  ring: ring(23, 5),
  diamond: diamond(24),
  stop: disc(20),
  halo: ring(58, 6),
};

export function addIcons(map: MapLibreMap): void {
  for (const [name, distance] of Object.entries(SHAPES)) {
    if (!map.hasImage(name)) map.addImage(name, draw(distance, name === 'halo' ? 70 : 34), { sdf: true, pixelRatio: PIXEL_RATIO });
  }
}

function draw(distance: Distance, half: number): ImageData {
  const side = 2 * half;
  const image = new ImageData(side, side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const d = distance(column + 0.5 - half, row + 0.5 - half);
      image.data[4 * (row * side + column) + 3] = 255 * Math.min(1, Math.max(0, EDGE - d / RANGE_PX));
    }
  }
  return image;
}
