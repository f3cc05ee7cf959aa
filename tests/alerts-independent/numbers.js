// The numbers of a relationship at an instant, as the sum over all incidents that are known; DESIGN §5 and docs/method.md.
import { DAY } from './incidents.js'

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0)

export const midnight = (time) => Math.floor(time / DAY) * DAY

/** A relationship with what is known of it. */
export class Relationship {
  constructor(dyad, method, known) {
    const [first, second] = dyad.split('-')
    this.method = method
    this.known = known
    this.incidents = known
      .map((i) => ({ ...i, links: i.links.filter((l) => [first, second].includes(l.actor) && [first, second].includes(l.recipient)) }))
      .filter((i) => i.links.length > 0)
    this.days = new Map()
  }

  /** When the measure that an incident opened was closed; Infinity while it is open. */
  closedAt(incident) {
    return Math.max(incident.tau, Math.min(...this.known.filter((i) => i.closes === incident.id).map((i) => i.tau)))
  }

  remaining(incident, impulse, halfLife, time) {
    const plain = (until) => impulse * 2 ** (-(until - incident.tau) / (halfLife * DAY))
    if (time < incident.tau || !incident.opens) {
      return time < incident.tau ? 0 : plain(time)
    }

    const floor = impulse * this.method.rungs[incident.rung].measureFloor
    const closed = this.closedAt(incident)
    if (time < closed) {
      return Math.max(plain(time), floor)
    }

    return closed === incident.tau ? plain(time) : Math.max(plain(closed), floor) * 2 ** (-(time - closed) / (halfLife * DAY))
  }

  total(kind, halfLife, time) {
    return sum(this.incidents, (i) => this.remaining(i, sum(i.links, (l) => l[kind]), halfLife, time))
  }

  hostility(time) {
    return this.total('hostile', 14, time)
  }

  level(of, time) {
    return 100 * (1 - Math.exp(-this.total(of === 'warmth' ? 'cooperative' : 'hostile', 14, time) / 20))
  }

  pressure(time) {
    return ((this.hostility(time) * Math.LN2) / 14 + 0.02) / ((this.total('hostile', 180, time) * Math.LN2) / 180 + 0.02)
  }

  happened(time) {
    return this.incidents.filter((i) => i.tau <= time)
  }

  baselineIsSufficient(time) {
    const happened = this.happened(time)
    return happened.length >= 10 && time - Math.min(...happened.map((i) => i.tau)) >= 180 * DAY
  }

  posture(time) {
    return Math.max(0, ...this.happened(time).map((i) => this.heldRung(i, time)))
  }

  heldRung(incident, time) {
    const { rung, tau, opens } = incident
    const qualifies = incident.credibility >= 0.6 - 1e-9 && incident.links.some((l) => l.attribution >= 0.5) && (rung < 6 || incident.intent === 'deliberate')
    if (!qualifies) {
      return 0
    }

    const dwell = this.method.rungs[rung].dwellDays * DAY
    if (opens && rung >= 5) {
      return time <= this.closedAt(incident) + dwell ? rung : 0
    }

    return time <= tau + dwell ? rung : opens && time < this.closedAt(incident) ? 3 : 0
  }

  hostile(after, until) {
    return this.incidents.filter((i) => after < i.tau && i.tau <= until && sum(i.links, (l) => l.hostile) > 0)
  }

  /** Share of material conflict in the impulses of some incidents. */
  share(incidents) {
    const weight = (some) => sum(some, (i) => sum(i.links, (l) => l.hostile))
    return weight(incidents.filter((i) => i.material)) / weight(incidents)
  }

  /** x of a day: the logarithm of what was added in hostility on it, of what had happened by an instant. */
  pace(day, until) {
    const known = this.days.get(day)
    if (known !== undefined && until >= day + DAY) {
      return known
    }

    const x = Math.log1p(sum(this.incidents.filter((i) => day <= i.tau && i.tau < day + DAY && i.tau <= until), (i) => sum(i.links, (l) => l.hostile)))
    if (until >= day + DAY) {
      this.days.set(day, x)
    }

    return x
  }

  cusum({ cap, slack }, time) {
    const today = midnight(time)
    let s = 0
    for (let day = today - 89 * DAY; day <= today; day += DAY) {
      const before = Array.from({ length: 180 }, (_, i) => this.pace(day - (i + 1) * DAY, time))
      const mean = sum(before, (x) => x) / 180
      const deviation = Math.max(0.1, Math.sqrt(sum(before, (x) => (x - mean) ** 2) / 180))
      s = Math.max(0, s + Math.min(cap, (this.pace(day, time) - mean) / deviation) - slack)
    }

    return s
  }

  /** What an incident answers: what it names, or else the last hostile incident of the other side before it. */
  answered(incident, among) {
    const other = among.filter((i) => i.tau < incident.tau && i.links.some((l) => incident.links.some((own) => own.actor === l.recipient)))
    return incident.respondsTo ? other.find((i) => i.id === incident.respondsTo) : other.sort((one, two) => two.tau - one.tau)[0]
  }

  /** The incident and what it answers, and so on. */
  chain(incident, among) {
    const answered = this.answered(incident, among)
    return answered ? [incident, ...this.chain(answered, among)] : [incident]
  }
}
