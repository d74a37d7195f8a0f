/** What the page reads from the API: names for the types that come from the committed OpenAPI document. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Organisation = Schemas['Organisation'];
export type Container = Schemas['Container'];
export type Counter = Schemas['Counter'];
export type Flow = Schemas['IntervalFlow'];
export type Plan = Schemas['Plan'];
export type Diagnosis = Schemas['Diagnosis'];
export type PlanStatus = Schemas['PlanStatus'];
export type Tour = Schemas['Tour'];
export type Stop = Schemas['Stop'];
export type Ledger = Pick<Schemas['Ledger'], 'total' | 'balanced'>;
export type Problem = Schemas['Problem'];
export type Ground = Schemas['FeatureCollection_MapFeature_'];
export type TourLines = Schemas['FeatureCollection_TourFeature_'];

export type LiveSubscription = Schemas['LiveSubscription'];
export type LiveChange = Schemas['LiveChange'];
export type LiveMessage = Schemas['LiveHello'] | LiveChange | Schemas['LiveError'];
