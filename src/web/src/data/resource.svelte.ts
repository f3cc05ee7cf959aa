import { Problem } from '../api/problem';

/** What a read of the service has brought so far. */
export class Resource<T> {
  /** The last answer; stays while the next is awaited, so that nothing flickers. */
  value = $state.raw<T>();
  problem = $state.raw<Problem>();
  /** Whether an answer is awaited. */
  busy = $state(false);
  /** Asks again, though nothing that the question depends on has changed. */
  refresh: () => void = () => {};
}

export type Load<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Reads something, and reads it anew whenever what the question was made of changes. An earlier read that is still under way is given up.
 * To be called while a component is made.
 *
 * @param ask makes the read; what it looks at before it returns is what the read depends on. Undefined: there is nothing to ask yet.
 */
export function resource<T>(ask: () => Load<T> | undefined): Resource<T> {
  const result = new Resource<T>();
  let again = $state(0);
  result.refresh = () => {
    again++;
  };
  $effect(() => {
    void again;
    const load = ask();
    if (!load) {
      result.value = undefined;
      result.problem = undefined;
      result.busy = false;
      return;
    }

    const abort = new AbortController();
    result.busy = true;
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) {
          result.value = value;
          result.problem = undefined;
          result.busy = false;
        }
      },
      (thrown) => {
        if (!abort.signal.aborted) {
          result.problem = Problem.from(thrown);
          result.busy = false;
        }
      },
    );
    return () => abort.abort();
  });
  return result;
}
