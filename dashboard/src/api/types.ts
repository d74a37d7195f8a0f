/** What the page reads from the API, named as the API names it. */

export interface Me {
  organisation: { id: number; key: string; name: string };
  role: string;
  readable: number[];
}

export interface Organisation {
  id: number;
  key: string;
  name: string;
  kind: string;
  longitude: number | null;
  latitude: number | null;
  invented: boolean;
}

export interface ContainerState {
  fill_percent: number | null;
  fill_time: string | null;
  rate_percent_per_day: number | null;
  full_at: string | null;
  emptied_at: string | null;
}

export interface Container {
  thing_id: number;
  key: string;
  name: string;
  organisation_id: number;
  site: { id: number; name: string; address: string };
  longitude: number;
  latitude: number;
  waste_fraction: string;
  volume_l: number;
  threshold_percent: number;
  state: ContainerState | null;
}

export interface Flow {
  begins_at: string;
  flow_per_h: number | null;
  speed_kmh: number | null;
  heavy_share_percent: number | null;
}

export interface CounterState {
  quarter: Flow | null;
  hour: Flow | null;
}

export interface Counter {
  thing_id: number;
  key: string;
  name: string;
  organisation_id: number;
  longitude: number;
  latitude: number;
  state: CounterState | null;
}

export type PlanStatus =
  | 'requested'
  | 'computing'
  | 'draft'
  | 'published'
  | 'in_progress'
  | 'done'
  | 'superseded'
  | 'infeasible'
  | 'failed';

export interface Diagnosis {
  constraint: string;
  containers: (number | string)[];
  detail: string;
}

export interface Plan {
  id: number;
  organisation_id: number;
  day: string;
  status: PlanStatus;
  progress: number;
  feasible: boolean | null;
  diagnosis: Diagnosis[];
  created_at: string;
  computed_at: string | null;
  published_at: string | null;
}

export interface Stop {
  id: number;
  position: number;
  kind: 'start' | 'container' | 'unload' | 'end';
  thing_id: number | null;
  name: string;
  site_name: string | null;
  waste_fraction: string | null;
  longitude: number;
  latitude: number;
  arrives_at: string;
  departs_at: string;
  load_l: number;
  load_kg: number;
  demand_l: number;
  required: boolean;
  collection: { outcome: 'served' | 'skipped'; collected_at: string } | null;
}

export interface Tour {
  id: number;
  plan_id: number;
  number: number;
  vehicle: { id: number; name: string };
  begins_at: string;
  ends_at: string;
  distance_m: number;
  drive_s: number;
  cost_cents: number;
  stops: Stop[];
}

export interface LedgerSum {
  received: number;
  stored: number;
  duplicate: number;
  quarantined: number;
  ignored: number;
  readings: number;
}

export interface Ledger {
  total: LedgerSum;
  balanced: boolean;
}

export interface RollupReading {
  begins_at: string;
  mean: number | null;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Problem {
  title: string;
  status: number;
  detail?: string | null;
}

export interface LiveChange {
  type: 'change';
  at: string;
  containers?: (ContainerState & { thing_id: number })[];
  counters?: (CounterState & { thing_id: number })[];
  plans?: { id: number; day: string; status: PlanStatus; progress: number }[];
  collections?: { thing_id: number; stop_id?: number | null; outcome: 'served' | 'skipped'; collected_at: string }[];
  ledger?: LedgerSum & { balanced: boolean };
}

export type LiveMessage = { type: 'hello' } | LiveChange | { type: 'error'; problem?: Problem };
