/** Bands of tension with the glyph that stands beside their colour, lowest first. The service says which band a value is in. */
export const BANDS = [
  { name: 'quiet', glyph: '▁', color: '--band-quiet' },
  { name: 'friction', glyph: '▂', color: '--band-friction' },
  { name: 'strained', glyph: '▃', color: '--band-strained' },
  { name: 'tense', glyph: '▅', color: '--band-tense' },
  { name: 'crisis', glyph: '▆', color: '--band-crisis' },
  { name: 'acute', glyph: '█', color: '--band-acute' },
] as const;

export type BandName = (typeof BANDS)[number]['name'];

/** A method may name bands of its own; they take the look of the lowest. */
export function band(name: string): (typeof BANDS)[number] {
  return BANDS.find((b) => b.name === name) ?? BANDS[0];
}
