import { answer, api } from '../api/client';
import { router } from '../router.svelte';
import { onFacts } from './live.svelte';
import { resource } from './resource.svelte';

/** The head of the log: its last position, and when that was recorded. Follows what is recorded. */
export function useHead() {
  const head = resource(() => {
    const path = { workspace: router.place.workspace };
    return async (signal) => (await answer(api.GET('/api/v1/{workspace}/log/head', { params: { path }, signal }))).at;
  });
  onFacts(
    () => true,
    () => head.refresh(),
  );
  return head;
}
