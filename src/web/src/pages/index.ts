import type { Component } from 'svelte';
import type { PageName } from '../router.svelte';

type Loader = () => Promise<{ default: Component }>;

/** Each page is a file of its own, loaded when it is first gone to. */
export const pages: Record<PageName, Loader> = {
  board: () => import('./Board.svelte'),
  relationship: () => import('./Relationship.svelte'),
  incident: () => import('./Incident.svelte'),
  log: () => import('./Log.svelte'),
  map: () => import('./Map.svelte'),
  network: () => import('./Network.svelte'),
  alerts: () => import('./Alerts.svelte'),
  alert: () => import('./Alert.svelte'),
  rules: () => import('./Rules.svelte'),
  rule: () => import('./Rule.svelte'),
  subscriptions: () => import('./Subscriptions.svelte'),
  subscription: () => import('./Subscription.svelte'),
  imports: () => import('./Imports.svelte'),
  import: () => import('./Import.svelte'),
  pin: () => import('./Pin.svelte'),
  missing: () => import('./Missing.svelte'),
};
