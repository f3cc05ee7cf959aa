/** Letters without their marks, in lower case: `Türkiye` is found by `turk`. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * Those of a list that a text finds, best first: whole word, beginning of the text, beginning of a word, anywhere. Every word of the text has to be found.
 *
 * @param of what an item is found by, the most telling first.
 */
export function find<T>(items: readonly T[], text: string, of: (item: T) => readonly string[], most = 12): T[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return items.slice(0, most);
  }

  return items
    .map((item, order) => ({ item, order, rank: rank(of(item).map(folded), words) }))
    .filter((found) => found.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.order - b.order)
    .slice(0, most)
    .map((found) => found.item);
}

function rank(fields: readonly string[], words: readonly string[]): number | undefined {
  let sum = 0;
  for (const word of words) {
    let best: number | undefined;
    fields.forEach((field, i) => {
      const at = field.split(/[^\p{L}\p{N}]+/u);
      const here =
        field === word ? 0 : field.startsWith(word) ? 1 : at.some((w) => w.startsWith(word)) ? 2 : field.includes(word) ? 3 : undefined;
      if (here !== undefined && (best === undefined || here + i * 0.1 < best)) {
        best = here + i * 0.1;
      }
    });
    if (best === undefined) {
      return undefined;
    }

    sum += best;
  }

  return sum;
}
