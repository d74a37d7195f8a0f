/** Numbers, durations and instants for people; days and clock times are those of Europe/Berlin. */

export const ZONE = 'Europe/Berlin';
const DASH = '–';
const DAY_MS = 86_400_000;

const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' });
const WALL = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' });

/** The Berlin day of an instant as `YYYY-MM-DD`. */
export function berlinDay(instant: Date): string {
  return DAY.format(instant);
}

/** The instant at which the Berlin day of `instant`, moved by `days`, begins; exact across changes of clock. */
export function berlinMidnight(instant: Date, days = 0): Date {
  const [year, month, day] = berlinDay(instant).split('-').map(Number) as [number, number, number];
  const utc = Date.UTC(year, month - 1, day + days);
  // The offset is read where the day begins, not where `instant` is: they differ on a day with a change of clock.
  const guess = new Date(utc - offset_ms(new Date(utc)));
  return new Date(utc - offset_ms(guess));
}

function offset_ms(instant: Date): number {
  return Date.parse(`${WALL.format(instant).replace(' ', 'T')}Z`) - Math.floor(instant.getTime() / 1000) * 1000;
}

export class Formats {
  readonly #whole: Intl.NumberFormat;
  readonly #tenth: Intl.NumberFormat;
  readonly #euro: Intl.NumberFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #clockSeconds: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #longDay: Intl.DateTimeFormat;

  constructor(readonly locale: string) {
    const zone = { timeZone: ZONE } as const;
    const clock = { hour: '2-digit', minute: '2-digit' } as const;
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.#euro = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
    this.#clock = new Intl.DateTimeFormat(locale, { ...zone, ...clock });
    this.#clockSeconds = new Intl.DateTimeFormat(locale, { ...zone, ...clock, second: '2-digit' });
    this.#day = new Intl.DateTimeFormat(locale, { ...zone, day: '2-digit', month: '2-digit' });
    this.#weekday = new Intl.DateTimeFormat(locale, { ...zone, weekday: 'short' });
    this.#longDay = new Intl.DateTimeFormat(locale, { ...zone, weekday: 'long', day: 'numeric', month: 'long' });
  }

  whole(value: number | null | undefined): string {
    return value == null ? DASH : this.#whole.format(value);
  }

  percent(value: number | null | undefined): string {
    return value == null ? DASH : `${this.#whole.format(value)} %`;
  }

  rate(value: number | null | undefined): string {
    return value == null ? DASH : `${this.#tenth.format(value)} %`;
  }

  kilometres(metres: number): string {
    return `${(metres < 100_000 ? this.#tenth : this.#whole).format(metres / 1000)} km`;
  }

  litres(value: number): string {
    return `${this.#whole.format(value)} l`;
  }

  hours(seconds: number): string {
    return `${this.#tenth.format(seconds / 3600)} h`;
  }

  euros(cents: number): string {
    return this.#euro.format(cents / 100);
  }

  clock(instant: string | Date | null | undefined): string {
    return instant == null ? DASH : this.#clock.format(new Date(instant));
  }

  clockSeconds(instant: string | Date): string {
    return this.#clockSeconds.format(new Date(instant));
  }

  /** As short as the distance from now allows: `14:05`, `Di 14:05`, `24.12. 14:05`. */
  near(instant: string | Date | null | undefined, now: Date | number): string {
    if (instant == null) return DASH;
    const then = new Date(instant);
    if (berlinDay(then) === berlinDay(new Date(now))) return this.#clock.format(then);
    const within = Math.abs(then.getTime() - new Date(now).getTime()) < 6 * DAY_MS;
    return `${within ? this.weekday(then) : this.#day.format(then)} ${this.#clock.format(then)}`;
  }

  weekday(instant: Date): string {
    return this.#weekday.format(instant).replace(/\.$/, '');
  }

  longDay(day: string): string {
    return this.#longDay.format(new Date(`${day}T12:00:00Z`));
  }
}
