/** The region as the page knows it: loaded once, then kept up to date by the live stream. */
import type { FeatureCollection } from 'geojson';

import { ApiError, Client } from '../api/client';
import { LiveStream, type LiveState } from '../api/live';
import type {
  Container,
  Counter,
  Ledger,
  LiveChange,
  Me,
  Organisation,
  Plan,
  Tour,
} from '../api/types';
import { berlinDay } from '../data/formats';
import { planToShow } from '../data/tours';

export type Loading =
  | { phase: 'loading' }
  | { phase: 'ready' }
  | { phase: 'failed'; status: number; message: string }
  | { phase: 'unauthorised' };

/** Collections and plans are fetched anew this often, whatever the live stream told. */
const PLANS_AGAIN_S = 15;
const GATHER_MS = 100;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

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
  tourLines = $state.raw<FeatureCollection>(EMPTY);
  ledger = $state.raw<Ledger | null>(null);
  ground = $state.raw<FeatureCollection>(EMPTY);

  invented = $derived(this.organisations.some((organisation) => organisation.invented));

  readonly #client: Client;
  readonly #stream: LiveStream;
  readonly #abort = new AbortController();
  #clock: ReturnType<typeof setInterval> | undefined;
  #day = '';
  #pending: LiveChange[] = [];
  #gather: ReturnType<typeof setTimeout> | undefined;
  #ticks = 0;

  constructor(key: string) {
    this.#client = new Client(key);
    this.#stream = new LiveStream(key, {
      opened: (again) => again && void this.refresh(),
      changed: (change) => this.#queue(change),
      state: (state) => this.#connection(state),
    });
  }

  /** Load everything, then listen; call again to retry. */
  async start(): Promise<void> {
    this.loading = { phase: 'loading' };
    try {
      this.me = await this.#get<Me>('me');
      await this.#loadAll();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.loading = failure(error);
      return;
    }
    this.loading = { phase: 'ready' };
    this.#stream.connect();
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
      await this.#loadAll();
      this.stale = false;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      if (error instanceof ApiError && error.unauthorised) this.loading = failure(error);
      this.stale = true;
    }
  }

  get<Body>(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<Body> {
    return this.#client.get<Body>(path, query, signal);
  }

  /** Fetch all items of a list, over as many pages as it has. */
  all<Item>(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<Item[]> {
    return this.#client.all<Item>(path, query, signal);
  }

  #get<Body>(path: string, query: Record<string, string | number> = {}): Promise<Body> {
    return this.#client.get<Body>(path, query, this.#abort.signal);
  }

  #all<Item>(path: string, query: Record<string, string | number> = {}): Promise<Item[]> {
    return this.#client.all<Item>(path, query, this.#abort.signal);
  }

  async #loadAll(): Promise<void> {
    this.#day = berlinDay(new Date());
    const [organisations, containers, counters, ground, ledger] = await Promise.all([
      this.#all<Organisation>('organisations'),
      this.#all<Container>('containers', { limit: 1000 }),
      this.#all<Counter>('counters'),
      this.#get<FeatureCollection>('map'),
      this.#get<Ledger>('ledger', { from: this.#day, to: this.#day }),
      this.#loadPlan(),
    ]);
    Object.assign(this, { organisations, containers, counters, ground, ledger });
  }

  async #loadPlan(): Promise<void> {
    const plan = planToShow(await this.#all<Plan>('plans', { day: this.#day }));
    const [tours, lines] = plan
      ? await Promise.all([
          this.#all<Tour>('tours', { plan: plan.id }),
          this.#get<FeatureCollection>(`plans/${plan.id}/tours.geojson`),
        ])
      : [[], EMPTY];
    this.plan = plan;
    this.tours = tours.sort((a, b) => a.number - b.number);
    this.tourLines = lines;
  }

  #tick(): void {
    this.now = new Date();
    if (berlinDay(this.now) !== this.#day) void this.refresh();
    else if (++this.#ticks % PLANS_AGAIN_S === 0) void this.#loadPlan().catch(() => undefined);
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

  #apply(): void {
    const changes = this.#pending;
    this.#pending = [];
    this.containers = merged(this.containers, changes.flatMap((change) => change.containers ?? []));
    this.counters = merged(this.counters, changes.flatMap((change) => change.counters ?? []));
    for (const change of changes) {
      this.changedAt = change.at;
      if (change.ledger) this.ledger = { total: change.ledger, balanced: change.ledger.balanced };
      if (change.plans) this.#plansChanged(change.plans);
      if (change.collections) this.#collected(change.collections);
    }
  }

  #plansChanged(plans: NonNullable<LiveChange['plans']>): void {
    const same = plans.find((plan) => plan.id === this.plan?.id && plan.status === this.plan.status);
    if (same && this.plan) this.plan = { ...this.plan, progress: same.progress };
    if (plans.some((plan) => plan.day === this.#day && plan !== same)) void this.#loadPlan().catch(() => undefined);
  }

  #collected(collections: NonNullable<LiveChange['collections']>): void {
    const byStop = new Map(collections.map((each) => [each.stop_id, each]));
    this.tours = this.tours.map((tour) =>
      tour.stops.some((stop) => byStop.has(stop.id))
        ? { ...tour, stops: tour.stops.map((stop) => ({ ...stop, collection: byStop.get(stop.id) ?? stop.collection })) }
        : tour,
    );
  }
}

/** The same array when nothing in it changed, so that nobody looks for a difference in vain. */
function merged<Item extends { thing_id: number; state: object | null }>(
  items: Item[],
  updates: ({ thing_id: number } & object)[],
): Item[] {
  if (updates.length === 0) return items;
  const byId = new Map<number, object>();
  for (const { thing_id, ...state } of updates) byId.set(thing_id, { ...byId.get(thing_id), ...state });
  return items.map((item) => {
    const state = byId.get(item.thing_id);
    return state ? { ...item, state: { ...item.state, ...state } } : item;
  });
}

function failure(error: unknown): Loading {
  if (error instanceof ApiError && error.unauthorised) return { phase: 'unauthorised' };
  const status = error instanceof ApiError ? error.status : 0;
  return { phase: 'failed', status, message: error instanceof Error ? error.message : String(error) };
}
