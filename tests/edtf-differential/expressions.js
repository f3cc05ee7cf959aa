// Expressions that look like EDTF: most are built by its rules, the rest are those with a character lost, doubled or changed.

/** The same numbers in [0, 1) for the same seed, for ever (mulberry32). */
const numbers = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

/** Corners that chance might miss. */
const corners = [
  '1985-02-29', '1984-02-29', '2000-02-29', '1900-02-29', '2004/2004', '2004-02-01/2004', '2004-06-11/2004-06-11', '2004-06/2004-05',
  '2025-06-28T24:00:00Z', '2025-06-28T23:59:60Z', '2025-06-28T06:28:00.123Z', '2025-06-28T06:28:00\u221204:00', '2025-06-28T06:28:00-00:00',
  '2025-06-28T06:28:00+14:00', '2025-06-28T06:28:00+14:01', '2025-06-28T06:28:00-12:00', '2025-06-28T06:28:00-12:01', '2025-06-28T06:28Z~',
  '[1672..1670]', '[1670,1668]', '[1667,1668,1670..1672]', '[1667, 1668]', '[..1984..]', '[]', '[..]', '[1667..,1668]', '../..', '/', '',
  '201X?', '?201X', '2004-XX~', '?2004~', '2001-21', '2001-21?', '2001-21/2003-22', '[2001-21,2002]', '[1984~,1985]', '[1984,1985-03..1986]',
  'Y170000002', 'Y-170000002', 'Y170000002?', 'Y-170000002/2008', '[Y-17000,2000]', 'Y1984', 'Y01984', '-0000', '0000', '0001', '9999', '000X', '-000X',
]

/** `count` different expressions, in the order made. */
export const expressions = (count, seed) => {
  const random = numbers(seed)
  const between = (low, high) => low + Math.floor(random() * (high - low + 1))
  const pick = (...choices) => choices[between(0, choices.length - 1)]
  const maybe = (chance, text) => (random() < chance ? text() : '')
  const two = (number) => String(number).padStart(2, '0')

  const mark = () => pick('?', '~', '%')
  const year = () => String(pick(between(1900, 2030), between(1900, 2030), between(0, 9999))).padStart(4, '0')
  const month = () => two(between(1, 12))
  const day = () => two(between(1, pick(28, 28, 28, 31)))
  const season = () => `${year()}-${between(21, 24)}`
  const offset = () => pick('', 'Z', 'Z', `${pick('+', '-')}${two(between(0, 14))}${maybe(0.5, () => `:${pick('00', '30', '45')}`)}`)

  const plain = () => pick(year, () => `${year()}-${month()}`, () => `${year()}-${month()}-${day()}`)()
  const dateTime = () =>
    `${year()}-${month()}-${day()}T${two(between(0, 24))}:${two(between(0, 59))}${maybe(0.8, () => `:${two(between(0, 60))}`)}${offset()}`
  const unspecified = () => {
    const [y, m, d] = [year(), month(), day()]
    return pick(`${y.slice(0, 3)}X`, `${y.slice(0, 2)}XX`, `${y}-XX`, `${y}-${m}-XX`, `${y}-XX-XX`)
  }
  const unspecifiedAnywhere = () =>
    `${year()}-${month()}-${day()}`.slice(0, pick(4, 7, 10)).replace(/\d/g, (digit) => (random() < 0.4 ? 'X' : digit))
  const qualified = () => `${plain()}${mark()}`
  const byComponent = () =>
    plain().split('-').map((part) => `${maybe(0.3, mark)}${part}${maybe(0.3, mark)}`).join('-')
  const date = () => pick(plain, plain, qualified, byComponent, unspecified)()
  const negative = () => `-${pick(plain, qualified, unspecified)()}`
  const long = () => `Y${maybe(0.4, () => '-')}${between(1, 9)}${String(between(0, 99999999)).padStart(between(2, 8), '0')}`
  const end = (make) => pick(make, make, make, make, () => '..', () => '')()
  const interval = () => {
    const make = pick(plain, plain, date, season, dateTime)
    return `${end(make)}/${end(make)}`
  }
  const members = () => {
    const make = pick(plain, plain, plain, date, season, unspecified)
    const items = Array.from({ length: between(1, 4) }, make)
    const sorted = random() < 0.7 ? items.sort() : items
    return sorted.map((item) => `${item}${maybe(0.2, () => `..${make()}`)}`).join(pick(',', ',', ',', ', '))
  }
  const set = () => `[${maybe(0.2, () => '..')}${members()}${maybe(0.2, () => '..')}]`
  const unsupported = () =>
    pick(
      () => `{${members()}}`,
      () => `Y${maybe(0.5, () => '-')}${between(1, 99)}E${between(2, 7)}`,
      () => `${year()}S${between(1, 3)}`,
      () => `${year()}-${between(25, 41)}`,
      unspecifiedAnywhere,
      () => `${year().slice(0, pick(2, 3))}${maybe(0.3, mark)}`,
      () => `${season()}${mark()}`,
    )()
  const rules = [plain, plain, qualified, byComponent, unspecified, season, dateTime, negative, long, interval, interval, interval, set, set, unsupported]

  const broken = () => {
    const text = pick(...rules)()
    const at = between(0, text.length - 1)
    const other = pick(...'0123456789-/.:XYTZ?~%[],{}SE+ ')
    return text.slice(0, at) + pick('', text[at] + text[at], other, other + text[at]) + text.slice(at + 1)
  }

  const made = new Set(corners)
  while (made.size < count) {
    made.add(random() < 0.75 ? pick(...rules)() : broken())
  }
  made.delete('')
  return [...made]
}
