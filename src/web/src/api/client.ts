import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { components, paths } from './schema';

/** Types of the service's JSON, by the names of its OpenAPI document. */
export type Schema = components['schemas'];

/** The one way to the service. `X-User` is put on by whoever writes; see `data/user`. */
export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '' });

/** What the service answered, or the problem it has with the question. */
export async function answer<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) {
    throw Problem.fromAnswer(response.status, error);
  }

  return data as T;
}
