/**
 * Colours that carry values. Each scale runs in one direction of lightness, away from the ground, so that its
 * order survives every kind of colour blindness and a black-and-white print; nothing is told by hue alone.
 */

export type Theme = 'light' | 'dark';

export interface Scale {
  /** Lower bounds of the classes above the first, ascending. */
  readonly breaks: readonly number[];
  /** One colour more than there are breaks. */
  readonly colours: Readonly<Record<Theme, readonly string[]>>;
  readonly unknown: Readonly<Record<Theme, string>>;
}

const UNKNOWN = { light: '#ffffff', dark: '#3c4650' };

/** Fill level in percent. */
export const FILL: Scale = {
  breaks: [20, 40, 60, 80],
  colours: {
    light: ['#fbe7ae', '#f6b768', '#e2745a', '#b03a69', '#561a63'],
    dark: ['#54418a', '#93508f', '#d3636f', '#f79f58', '#ffe690'],
  },
  unknown: UNKNOWN,
};

/** Traffic flow in vehicles an hour. */
export const FLOW: Scale = {
  breaks: [100, 300, 600, 1200],
  colours: {
    light: ['#d3e8f0', '#93c6dc', '#4b9bc0', '#1e6c97', '#0a3c5e'],
    dark: ['#24506d', '#33789c', '#52a4c9', '#8ccde6', '#d8f4ff'],
  },
  unknown: UNKNOWN,
};

/** Tours, in the order of their numbers; the number stands beside the colour everywhere. */
export const TOURS: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#0b62a8', '#b84a00', '#00735a', '#9c3679', '#6a5a00', '#4a4fb0', '#8c2f39', '#3f5f6b'],
  dark: ['#6ab7f3', '#ff9f5c', '#45d1a4', '#ef94cb', '#dcc747', '#adb0ff', '#f5939b', '#aec7d2'],
};

export function colourOf(scale: Scale, value: number | null | undefined, theme: Theme): string {
  if (value == null) return scale.unknown[theme];
  const above = scale.breaks.filter((bound) => value >= bound).length;
  return scale.colours[theme][above] as string;
}

export function tourColour(number: number, theme: Theme): string {
  const colours = TOURS[theme];
  return colours[(number - 1 + colours.length) % colours.length] as string;
}

/** The words of a legend: `0`, `20`, … as the classes' lower bounds. */
export function lowerBounds(scale: Scale): number[] {
  return [0, ...scale.breaks];
}
