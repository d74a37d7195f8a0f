/** The region as the page knows it: fetched once, then kept up to date by the live stream. */
import { ApiError, Client } from '../api/client';
import { LiveStream, type LiveState } from '../api/live';
import type {
  Container,
  Counter,
  Ground,
  Ledger,
  LiveChange,
  Me,
  Organisation,
  Plan,
  Tour,
  TourLines,
} from '../api/types';
import { berlinDay } from '../data/formats';
import { planToShow } from '../data/tours';
import { merged } from './merge';

export type Loading =
  | { phase: 'loading' }
  | { phase: 'ready' }
  | { phase: 'failed'; status: number }
  | { phase: 'unauthorised' };

export interface Measured {
  at: number;
  value: number;
}

/** Collections and plans are fetched anew this often, whatever the live stream told. */
const PLANS_AGAIN_S = 15;
const GATHER_MS = 100;
/** Longest wait for the stream before the first fetch; where sockets are blocked the page shows what it gets. */
const STREAM_FIRST_MS = 1500;
const PAGE = 1000;

export class Region {
  loading = $state.raw<Loading>({ phase: 'loading' });
  live = $state.raw<LiveState>({ phase: 'connecting' });
  stale = $state(false);
  changedAt = $state.raw<string | null>(null);
  now = $state.raw(new Date());

  me = $state.raw<Me | null>(null);
  organisations = $state.raw<Organisation[]>([]);
  containers = $state.raw<Container[]>([]);
  counters = $state.raw<Counter[]>([]);
  plan = $state.raw<Plan | null>(null);
  tours = $state.raw<Tour[]>([]);
  tourLines = $state.raw<TourLines | null>(null);
  ledger = $state.raw<Ledger | null>(null);
  ground = $state.raw<Ground | null>(null);

  /** The minute that has begun; what tells times reads this, so that 600 rows are not written anew each second. */
  minute = $derived(Math.floor(this.now.getTime() / 60_000) * 60_000);
  invented = $derived(this.organisations.some((organisation) => organisation.invented));

  readonly #client: Client;
  readonly #stream: LiveStream;
  readonly #abort = new AbortController();
  #clock: ReturnType<typeof setInterval> | undefined;
  #gather: ReturnType<typeof setTimeout> | undefined;
  #pending: LiveChange[] = [];
  #fetching = 0;
  #ticks = 0;
  #day = '';
  #streamOpened: () => void = () => undefined;

  constructor(key: string) {
    this.#client = new Client(key);
    this.#stream = new LiveStream(key, {
      opened: () => this.#opened(),
      changed: (change) => this.#queue(change),
      state: (state) => this.#connection(state),
    });
  }

  /** Fetch everything, then follow the stream; call again to retry. */
  async start(): Promise<void> {
    this.loading = { phase: 'loading' };
    try {
      this.me = await this.#client.get('/api/v1/me', {}, this.#abort.signal);
      await this.#listen();
      await this.#fetchAll();
    } catch (error) {
      if (!this.#abort.signal.aborted) this.loading = failure(error);
      return;
    }
    if (this.live.phase === 'refused') return;
    this.loading = { phase: 'ready' };
    clearInterval(this.#clock);
    this.#clock = setInterval(() => this.#tick(), 1000);
  }

  stop(): void {
    this.#abort.abort();
    this.#stream.close();
    clearInterval(this.#clock);
    clearTimeout(this.#gather);
  }

  reconnect(): void {
    this.#stream.connect();
  }

  /** Fetch the state again, as after a lost connection; what cannot be had stays as it was. */
  async refresh(): Promise<void> {
    try {
      await this.#fetchAll();
      this.stale = false;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      if (error instanceof ApiError && error.unauthorised) this.loading = failure(error);
      this.stale = true;
    }
  }

  /** Hourly fill levels of a container since an instant, in percent. */
  async fillsSince(thing_id: number, from: Date, signal: AbortSignal): Promise<Measured[]> {
    const query = { quantity: 'fill_level', from: from.toISOString(), resolution: 'hour', limit: PAGE } as const;
    const readings = await this.#client.all('/api/v1/things/{thing_id}/readings', { path: { thing_id }, query }, signal);
    return readings.flatMap((each) => ('mean' in each ? measured(each.begins_at, each.mean) : measured(each.time, each.value)));
  }

  /** Hourly flows of a counter since an instant, in vehicles an hour. */
  async flowsSince(thing_id: number, from: Date, signal: AbortSignal): Promise<Measured[]> {
    const query = { from: from.toISOString(), resolution: 'hour', limit: PAGE } as const;
    const flows = await this.#client.all('/api/v1/counters/{thing_id}/flows', { path: { thing_id }, query }, signal);
    return flows.flatMap((each) => measured(each.begins_at, each.flow_per_h));
  }

  /** Connect; return when the stream is open, or after a while without it. */
  async #listen(): Promise<void> {
    if (this.live.phase === 'open') return;
    await new Promise<void>((resolve) => {
      this.#streamOpened = resolve;
      setTimeout(resolve, STREAM_FIRST_MS);
      this.#stream.connect();
    });
  }

  #opened(): void {
    this.#streamOpened();
    // The first fetch follows by itself; later ones make good what was missed.
    if (this.loading.phase === 'ready') void this.refresh();
  }

  async #fetchAll(): Promise<void> {
    const { signal } = this.#abort;
    const client = this.#client;
    this.#day = berlinDay(new Date());
    this.#fetching += 1;
    try {
      const [organisations, containers, counters, ground, ledger] = await Promise.all([
        client.all('/api/v1/organisations', { query: { limit: PAGE } }, signal),
        client.all('/api/v1/containers', { query: { limit: PAGE } }, signal),
        client.all('/api/v1/counters', { query: { limit: PAGE } }, signal),
        this.ground ?? client.get('/api/v1/map', {}, signal),
        client.get('/api/v1/ledger', { query: { from: this.#day, to: this.#day } }, signal),
        this.#fetchPlan(),
      ]);
      Object.assign(this, { organisations, containers, counters, ground, ledger });
    } finally {
      this.#fetching -= 1;
    }
  }

  async #fetchPlan(): Promise<void> {
    const { signal } = this.#abort;
    this.#fetching += 1;
    try {
      await this.#fetchPlanAndTours(signal);
    } finally {
      this.#fetching -= 1;
    }
  }

  async #fetchPlanAndTours(signal: AbortSignal): Promise<void> {
    const plan = planToShow(await this.#client.all('/api/v1/plans', { query: { day: this.#day } }, signal));
    const [tours, lines] = plan
      ? await Promise.all([
          this.#client.all('/api/v1/tours', { query: { plan: plan.id } }, signal),
          this.#client.get('/api/v1/plans/{plan_id}/tours.geojson', { path: { plan_id: plan.id } }, signal),
        ])
      : [[], null];
    this.plan = plan;
    this.tours = tours.sort((a, b) => a.number - b.number);
    this.tourLines = lines;
  }

  #fetchPlanQuietly(): void {
    this.#fetchPlan().catch(() => undefined);
  }

  #tick(): void {
    this.now = new Date();
    if (berlinDay(this.now) !== this.#day) void this.refresh();
    else if (++this.#ticks % PLANS_AGAIN_S === 0) this.#fetchPlanQuietly();
  }

  #connection(state: LiveState): void {
    this.live = state;
    if (state.phase === 'refused') this.loading = { phase: 'unauthorised' };
  }

  /** Changes are applied together, however many messages arrive; a timer runs in hidden tabs too, frames do not. */
  #queue(change: LiveChange): void {
    this.#pending.push(change);
    if (this.#pending.length === 1) this.#gather = setTimeout(() => this.#apply(), GATHER_MS);
  }

  /** What is being fetched may be older than what the stream told meanwhile, so the stream waits and has the last word. */
  #apply(): void {
    if (this.#fetching > 0) {
      this.#gather = setTimeout(() => this.#apply(), GATHER_MS);
      return;
    }
    const changes = this.#pending;
    this.#pending = [];
    this.containers = merged(this.containers, changes.flatMap((change) => change.containers ?? []));
    this.counters = merged(this.counters, changes.flatMap((change) => change.counters ?? []));
    for (const change of changes) {
      this.changedAt = change.at;
      if (change.ledger) this.ledger = { total: change.ledger, balanced: change.ledger.balanced };
      this.#plansChanged(change.plans ?? []);
      this.#collected(change.collections ?? []);
    }
  }

  #plansChanged(plans: NonNullable<LiveChange['plans']>): void {
    const same = plans.find((plan) => plan.id === this.plan?.id && plan.status === this.plan.status);
    if (same && this.plan) this.plan = { ...this.plan, progress: same.progress };
    if (plans.some((plan) => plan.day === this.#day && plan !== same)) this.#fetchPlanQuietly();
  }

  #collected(collections: NonNullable<LiveChange['collections']>): void {
    const byStop = new Map(collections.map((each) => [each.stop_id, each]));
    if (byStop.size === 0) return;
    this.tours = this.tours.map((tour) =>
      tour.stops.some((stop) => byStop.has(stop.id))
        ? { ...tour, stops: tour.stops.map((stop) => ({ ...stop, collection: byStop.get(stop.id) ?? stop.collection })) }
        : tour,
    );
  }
}

function measured(at: string, value: number | null | undefined): Measured[] {
  return value == null ? [] : [{ at: Date.parse(at), value }];
}

function failure(error: unknown): Loading {
  if (error instanceof ApiError && error.unauthorised) return { phase: 'unauthorised' };
  return { phase: 'failed', status: error instanceof ApiError ? error.status : 0 };
}
