import { expect, test } from 'vitest';
import { href, placeOf } from './router.svelte';

test.each([
  ['/', 'main', 'board', ''],
  ['/w/desk', 'desk', 'board', ''],
  ['/w/desk/', 'desk', 'board', ''],
  ['/w/main/relationships/AZE-RUS', 'main', 'relationship', 'AZE-RUS'],
  ['/w/main/incidents/a%2Fb', 'main', 'incident', 'a/b'],
  ['/w/main/alerts', 'main', 'alerts', ''],
  ['/w/main/alerts/crisis.AZE-RUS.1', 'main', 'alert', 'crisis.AZE-RUS.1'],
  ['/w/main/nonsense', 'main', 'missing', ''],
  ['/w/main/log/more', 'main', 'missing', 'more'],
  ['/elsewhere', 'main', 'missing', ''],
])('%s', (path, workspace, page, id) => {
  expect(placeOf(path)).toEqual({ workspace, page, id });
});

test('an address leads back to the page it was made for', () => {
  const url = new URL(href('incident', 'a/b c', { knownAsOf: '12', method: undefined }, 'desk'), 'http://localhost');
  expect(placeOf(url.pathname)).toEqual({ workspace: 'desk', page: 'incident', id: 'a/b c' });
  expect(url.search).toBe('?knownAsOf=12');
});
