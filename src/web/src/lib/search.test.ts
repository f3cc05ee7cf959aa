import { expect, test } from 'vitest';
import { find } from './search';

const states = [
  { code: 'TUR', name: 'Türkiye' },
  { code: 'TKM', name: 'Turkmenistan' },
  { code: 'AZE', name: 'Azerbaijan' },
  { code: 'USA', name: 'United States of America' },
];
const names = (text: string) => find(states, text, (s) => [s.code, s.name]).map((s) => s.code);

test('a code that is typed whole comes first', () => {
  expect(names('tur')).toEqual(['TUR', 'TKM']);
});

test('marks and case do not matter', () => {
  expect(names('TÜRKI')).toEqual(['TUR']);
});

test('every word has to be found', () => {
  expect(names('united amer')).toEqual(['USA']);
  expect(names('united kingdom')).toEqual([]);
});

test('nothing typed finds all, as many as are asked for', () => {
  expect(find(states, ' ', (s) => [s.code], 2)).toHaveLength(2);
});
