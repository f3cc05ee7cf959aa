import { router } from '../router.svelte';

export const MODES = ['live', 'as-it-looked-then', 'hindsight'] as const;
export type Mode = (typeof MODES)[number];

/** The point of the record that a page shows, by the names of the API: V, K and M. It is kept in the page's address. */
export interface Point {
  /** V: instant, or date. */
  validAsOf?: string;
  /** K: log position, instant or date. */
  knownAsOf?: string;
  /** M: version of the method. */
  method?: string;
}

/** The point in the address. */
export function pointShown(): Point {
  return {
    validAsOf: router.query.get('validAsOf') ?? undefined,
    knownAsOf: router.query.get('knownAsOf') ?? undefined,
    method: router.query.get('method') ?? undefined,
  };
}

export function showPoint(point: Point, replace = true): void {
  router.set({ ...point }, replace);
}

/** Which of the named modes a point is in; undefined if V and K were set apart from each other. */
export function modeOf(point: Point): Mode | undefined {
  if (point.validAsOf === undefined && point.knownAsOf === undefined) {
    return 'live';
  }

  if (point.knownAsOf === undefined) {
    return 'hindsight';
  }

  return point.knownAsOf === point.validAsOf ? 'as-it-looked-then' : undefined;
}

/** How long a point has to stand before the service is asked for it, in ms; while it moves, it is asked so often. */
const SETTLE_MS = 90;

/**
 * The point in the address, but no oftener than the service is to be asked: while a slider moves, every now and then; the last one always.
 * To be called while a component is made.
 */
export function settledPoint(): { readonly current: Point } {
  let current = $state.raw(pointShown());
  let timer: ReturnType<typeof setTimeout> | undefined;
  $effect(() => {
    void router.query;
    timer ??= setTimeout(() => {
      timer = undefined;
      const now = pointShown();
      if (now.validAsOf !== current.validAsOf || now.knownAsOf !== current.knownAsOf || now.method !== current.method) {
        current = now;
      }
    }, SETTLE_MS);
  });
  $effect(() => () => clearTimeout(timer));
  return {
    get current() {
      return current;
    },
  };
}
