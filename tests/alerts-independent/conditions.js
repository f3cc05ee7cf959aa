// Conditions, written from the comments in src/GeoEvents/Alerts/Rules/Condition.cs and ADR 0023.
import { DAY, HOUR } from './incidents.js'
import { midnight } from './numbers.js'

const atLeast = (value, bound) => value >= bound - 1e-9

/** Of the conditions that hold at the instant of a fact and no longer: whether they do. */
const moments = {
  first: (c, r, t, fact) => {
    const before = r.incidents.filter((i) => i.tau < fact.tau)
    const sufficient = before.length >= 10 && fact.tau - Math.min(...before.map((i) => i.tau)) >= 180 * DAY
    const alike = (i, link) =>
      i.tau >= fact.tau - (c.years ?? Infinity) * 365 * DAY &&
      (c.of === 'type' ? i.type === fact.type : i.rung >= fact.rung) &&
      i.links.some((l) => !c.direction || l.actor === link.actor)
    return sufficient && fact.rung >= c.minRung && fact.links.some((link) => !before.some((i) => alike(i, link)))
  },
  'disproportionate-response': (c, r, t, fact) => {
    const among = r.hostile(fact.tau - c.withinDays * DAY, fact.tau)
    const answer = among.find((i) => i.id === fact.id)
    const answered = answer && r.answered(answer, among)
    return answered !== undefined && atLeast(answer.severity / answered.severity, c.ratio)
  },
  'measure-opened': (c, r, t, fact) => fact.opens && fact.rung >= c.minRung,
  'measure-closed': (c, r, t, fact) => r.known.some((i) => i.opens && i.id === fact.closes && i.rung >= c.minRung),
  revision: () => false, // Each incident is recorded once, with all that is ever said of it.
}

/** Of the others: whether they begin to hold if looked at, and whether they go on. */
const levels = {
  threshold: (c, r, t, held) => atLeast(r.level(c.of, t), held ? c.resolvesBelow : c.above),
  'rate-of-change': (c, r, t) => atLeast(r.hostility(t) - r.hostility(t - c.withinHours * HOUR), c.rise),
  pressure: (c, r, t) => r.baselineIsSufficient(t) && atLeast(r.pressure(t), c.above),
  'new-high': (c, r, t) => {
    const level = r.level(c.of, t)
    if (!atLeast(level, c.floor)) {
      return false
    }

    for (let m = midnight(t); m > t - c.days * DAY; m -= DAY) {
      // What counts from that midnight on is not yet there.
      if (r.level(c.of, m - 1) >= level - 1e-9) {
        return false
      }
    }

    return true
  },
  'posture-jump': (c, r, t) => r.posture(t) - r.posture(t - c.withinDays * DAY) >= c.rungs,
  'posture-reaches': (c, r, t) => r.posture(t) >= c.rung,
  'words-to-deeds': (c, r, t) => {
    const now = r.hostile(t - c.days * DAY, t)
    const before = r.hostile(t - (c.days + c.priorDays) * DAY, t - c.days * DAY)
    return now.length >= c.minIncidents && before.length >= c.minIncidents && atLeast(r.share(now) - r.share(before), c.rise)
  },
  'tit-for-tat': (c, r, t) => {
    const among = r.hostile(t - c.withinDays * DAY, t)
    return among.map((i) => r.chain(i, among)).some((chain) => chain.length >= c.length && atLeast(Math.max(...chain.map((i) => i.severity)), c.severity))
  },
  'change-point': (c, r, t) => r.baselineIsSufficient(t) && atLeast(r.cusum(c, t), c.threshold),
}

/** Of those that may begin by time alone: whether they hold. */
const byTime = {
  'measure-overdue': (c, r, t) => r.incidents.some((i) => i.opens && i.rung >= c.minRung && t > i.tau + c.days * DAY && t < r.closedAt(i)),
  'posture-falls': (c, r, t) => r.posture(t - c.withinDays * DAY) - r.posture(t) >= c.rungs,
  'tension-falls': (c, r, t) => atLeast(r.level('tension', t - c.withinDays * DAY) - r.level('tension', t), c.by),
  silence: (c, r, t, enabledAt) => t >= Math.max(enabledAt, ...r.incidents.filter((i) => i.change !== 'backfill').map((i) => i.recordedAt)) + c.hours * HOUR,
}

export const isOfAMoment = (c) =>
  c.kind === 'and' ? c.all.some(isOfAMoment) : c.kind === 'or' ? c.any.some(isOfAMoment) : c.kind === 'then' ? isOfAMoment(c.second) : c.kind in moments

/**
 * Whether a condition holds at an instant.
 * @param look the relationship, the instant, the fact if one is recorded at it, what held up to then, and when rules were enabled
 * @param holding takes the conditions that hold
 */
export const holds = (c, look, holding) => {
  const { relationship, time, fact, held, enabledAt, earlier, denied } = look
  const inner = (part) => holds(part, look, holding)
  const result = () => {
    switch (c.kind) {
      case 'and':
        return c.all.map(inner).every((part) => part)
      case 'or':
        return c.any.map(inner).some((part) => part)
      case 'not':
        // What is denied has one bound, not a milder one by which it goes on.
        return !holds(c.not, { ...look, denied: true }, holding)
      case 'then': {
        if (inner(c.first)) {
          earlier.set(c, [...(earlier.get(c) ?? []), time])
        }

        return inner(c.second) && (earlier.get(c) ?? []).some((t) => t < time && t >= time - c.withinHours * HOUR)
      }
    }

    if (c.kind in moments) {
      return fact !== undefined && moments[c.kind](c, relationship, time, fact)
    }

    return c.kind in byTime ? byTime[c.kind](c, relationship, time, enabledAt) : (fact !== undefined || held.has(c)) && levels[c.kind](c, relationship, time, held.has(c) && !denied)
  }

  const answer = result()
  if (answer) {
    holding.add(c)
  }

  return answer
}

/** For how long before an instant a condition looks back: its answer may change when an incident is that old. */
export const lookBacks = (c) => [
  ...(c.withinHours ? [c.withinHours * HOUR] : []),
  ...(c.withinDays ? [c.withinDays * DAY] : []),
  ...(c.days ? [c.days * DAY, (c.days + (c.priorDays ?? 0)) * DAY] : []),
  ...[c.all, c.any, c.not, c.first, c.second].flat().filter((part) => part).flatMap(lookBacks),
]
