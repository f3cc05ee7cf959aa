// Asks edtf.js what it makes of a few thousand expressions, for EdtfDifferentialTests to compare with.
// `node corpus.js --write` writes the corpus; without the flag it fails if the committed file differs.
// A line is an expression, and where edtf.js accepts it, tab, first and last millisecond since 1970 (or -inf, inf, unknown, none).
import { readFileSync, writeFileSync } from 'node:fs'
import edtf from 'edtf'
import { expressions } from './expressions.js'

const file = new URL('../GeoEvents.Tests/Coding/edtf-corpus.tsv', import.meta.url)

const bound = (value) => {
  if (value === null) return 'unknown'
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  return Number.isNaN(value) ? 'none' : String(value)
}

const line = (expression) => {
  try {
    const { min, max } = edtf(expression)
    return `${expression}\t${bound(min)}\t${bound(max)}\n`
  } catch {
    return `${expression}\n`
  }
}

const corpus = expressions(4000, 20250628).map(line).join('')

if (process.argv.includes('--write')) {
  writeFileSync(file, corpus)
} else if (readFileSync(file, 'utf8') !== corpus) {
  console.error('edtf-corpus.tsv is not what the generator makes. Run `npm run corpus` and look at the difference.')
  process.exit(1)
}
