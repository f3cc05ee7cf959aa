import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

export { expect } from '@playwright/test';

/** A workspace of the test's own, and the API of the service for it. */
export interface Workspace {
  name: string;
  /** Address of a page, as `page('relationships/AZE-RUS?validAsOf=2025-07-01')`. */
  page(path?: string): string;
  get<T = unknown>(path: string): Promise<T>;
  post<T = unknown>(path: string, body: unknown, headers?: Record<string, string>): Promise<T>;
  /** Loads the South Caucasus case of the repository, without its rules. */
  sample(): Promise<void>;
}

const service = () => process.env.GEOEVENTS_TEST_URL ?? '';
const CASE = join(import.meta.dirname, '../../src/GeoEvents/Data/south-caucasus.json');
let made = 0;

export const test = base.extend<{ workspace: Workspace; watched: undefined; breaksPolicy: { expected: boolean } }>({
  breaksPolicy: async ({}, use) => use({ expected: false }),

  baseURL: async ({}, use) => use(service()),

  workspace: async ({}, use, info) => {
    const name = `t${info.workerIndex}-${made++}-${Date.now().toString(36)}`;
    const root = `${service()}/api/v1/${name}`;
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`${root}/${path}`, init);
      const text = await answer.text();
      if (!answer.ok) {
        throw new Error(`${init?.method ?? 'GET'} ${path}: ${answer.status} ${text}`);
      }

      return text === '' ? undefined : JSON.parse(text);
    };
    const json = { 'Content-Type': 'application/json' };
    await use({
      name,
      page: (path = '') => `/w/${name}/${path}`,
      get: (path) => ask(path),
      post: (path, body, headers = {}) => ask(path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) }),
      sample: async () => {
        let load = await ask('imports?format=case', { method: 'POST', headers: json, body: readFileSync(CASE) });
        while (!['completed', 'failed', 'cancelled'].includes(load.state)) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          load = await ask(`imports/${load.id}`);
        }

        expect(load.state).toBe('completed');
      },
    });
  },

  // Every test of every page: nothing is asked of another origin, the policy of the page is not broken, nothing is thrown.
  watched: [
    async ({ page, breaksPolicy }, use) => {
      const wrong: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(service()) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) {
          wrong.push(`asked elsewhere: ${request.url()}`);
        }
      });
      page.on('pageerror', (error) => wrong.push(`threw: ${error.message}`));
      page.on('console', (message) => {
        if (!breaksPolicy.expected && message.type() === 'error' && /Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) {
          wrong.push(`broke the policy: ${message.text()}`);
        }
      });
      await use(undefined);
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

/** No violation of WCAG 2.2 AA that axe can find, in light and in dark. */
export async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    expect(
      found.violations.map((v) => `${colorScheme}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`),
    ).toEqual([]);
  }
}
