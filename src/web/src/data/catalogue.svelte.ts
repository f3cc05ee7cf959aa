import { answer, api, type Schema } from '../api/client';
import { router } from '../router.svelte';
import { resource } from './resource.svelte';

/** What a workspace has to choose from: actors, types, sources, issues. */

export function useActors() {
  return resource(() => {
    const path = { workspace: router.place.workspace };
    return async (signal) => (await answer(api.GET('/api/v1/{workspace}/actors', { params: { path }, signal }))).items;
  });
}

export function useTypes() {
  return resource(() => {
    const path = { workspace: router.place.workspace };
    return async (signal) => (await answer(api.GET('/api/v1/{workspace}/types', { params: { path }, signal }))).items;
  });
}

export function useSources() {
  return resource(() => {
    const path = { workspace: router.place.workspace };
    return async (signal) => (await answer(api.GET('/api/v1/{workspace}/sources', { params: { path }, signal }))).items;
  });
}

export type Actor = Schema['Actor'];
export type IncidentType = Schema['IncidentType'];
export type Source = Schema['Source'];
