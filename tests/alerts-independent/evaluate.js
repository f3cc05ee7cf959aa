// Computes when each ready-made rule fires on the sample case, from the definitions alone; see README.md.
// `node evaluate.js --write` writes the answer; without the flag it fails if the committed file differs.
import { readFileSync, writeFileSync } from 'node:fs'
import { DAY, HOUR, instant, recorded, written } from './incidents.js'
import { lookBacks } from './conditions.js'
import { Episodes } from './episodes.js'

const data = (name) => JSON.parse(readFileSync(new URL(`../../src/GeoEvents/Data/${name}`, import.meta.url), 'utf8'))
const [theCase, method, rules] = [data('south-caucasus.json'), data('method-2026.1.json'), data('ready-made-rules.json')]
const file = new URL('../Data/alerts/south-caucasus.expected.json', import.meta.url)
const [enabledAt, until] = [instant('2020-09-01T00:00:00Z'), instant('2026-08-01T00:00:00Z')]
const stride = 3 * HOUR

const dyadsOf = (scope) => {
  const own = theCase.incidents.flatMap((i) => i.links.map((l) => [l.actor, l.recipient].sort().join('-')))
  return [...new Set([...own.filter((d) => scope.actors?.some((a) => d.split('-').includes(a))), ...(scope.dyads ?? [])])].sort()
}

/** Instants between which nothing changes but slowly. */
const steps = (facts, rule) => {
  const instants = facts.flatMap((f) => {
    const dwell = method.rungs[f.rung].dwellDays * DAY
    const turns = [f.tau, f.tau + dwell, ...facts.filter((o) => o.id === f.closes).map(() => f.tau), ...theCase.incidents.filter((o) => o.id === f.closes).map(() => f.tau + 365 * DAY)]
    return [f.recordedAt, ...turns, ...turns.flatMap((t) => lookBacks(rule.when).map((back) => t + back))]
  })
  for (let t = enabledAt; t <= until; t += stride) {
    instants.push(t)
  }

  return [...new Set(instants)].filter((t) => t > enabledAt && t <= until).sort((one, other) => one - other)
}

const alertsOf = (facts) =>
  rules.flatMap((rule) => dyadsOf(rule.scope).flatMap((dyad) => {
    const episodes = new Episodes(rule, dyad, method, enabledAt)
    for (const time of steps(facts, rule)) {
      episodes.passTo(time)
      facts.filter((f) => f.recordedAt === time).forEach((f) => episodes.record(f))
    }

    return episodes.found
  }))

const digits = (number) => Number(number.toFixed(9))

const shown = (alert) => ({
  ...alert,
  firedAt: written(alert.firedAt),
  raised: alert.raised.map((r) => ({ to: r.to, at: written(r.at) })),
  endedAt: alert.endedAt === null ? null : written(alert.endedAt),
  hostilityFast: digits(alert.hostilityFast),
  tension: digits(alert.tension),
  warmth: digits(alert.warmth),
})

const run = (name, hours, whole) => {
  const facts = recorded(theCase, method, hours, whole)
  return {
    name,
    enabledAt: written(enabledAt),
    until: written(until),
    recorded: facts.map((f) => ({ incident: f.id, at: written(f.recordedAt), tau: written(f.tau), change: f.change })),
    alerts: alertsOf(facts).map(shown),
  }
}

const lines = (items) => `[\n${items.map((item) => `      ${JSON.stringify(item)}`).join(',\n')}\n    ]`
const text = `[\n${[run('an hour later', 1, false), run('a day later', 24, true)]
  .map((r) => `  {\n    "name": "${r.name}",\n    "enabledAt": "${r.enabledAt}",\n    "until": "${r.until}",\n    "recorded": ${lines(r.recorded)},\n    "alerts": ${lines(r.alerts)}\n  }`)
  .join(',\n')}\n]\n`

if (process.argv.includes('--write')) {
  writeFileSync(file, text)
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('south-caucasus.expected.json is not what the evaluation gives. Run `npm run expected` and look at the difference.')
  process.exit(1)
}
