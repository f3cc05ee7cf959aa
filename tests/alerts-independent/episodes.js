// The episodes of one rule on one relationship: time is walked through in small steps, and where an answer changes within one, it is bisected to the microsecond.
import { HOUR, SECOND } from './incidents.js'
import { Relationship } from './numbers.js'
import { holds, isOfAMoment } from './conditions.js'

const severities = ['info', 'warning', 'critical']

export class Episodes {
  constructor(rule, dyad, method, enabledAt) {
    Object.assign(this, { rule, dyad, method, enabledAt, now: enabledAt, found: [], held: new Set(), earlier: new Map(), raised: new Map() })
    this.keep = (rule.keepFiringHours ?? (isOfAMoment(rule.when) ? 24 : 0)) * HOUR
    this.hold = (rule.holdHours ?? 0) * HOUR
    this.cooldown = (rule.cooldownHours ?? 0) * HOUR
    this.known = []
    this.relationship = new Relationship(dyad, method, [])
    this.coolUntil = -Infinity
    this.became = () => 'inactive'
  }

  /** Pending since, episode, and when the condition ceased: at most one of the first two. */
  pendingSince = null
  episode = null
  ceasedAt = null

  /** The condition at an instant, with what held before. */
  ask(condition, time, held, fact) {
    const holding = new Set()
    return { answer: holds(condition, { relationship: this.relationship, time, fact, held, enabledAt: this.enabledAt, earlier: this.earlier }, holding), holding }
  }

  /** Time goes on until an instant, at which nothing is recorded yet. */
  passTo(end) {
    while (this.now < end) {
      const due = this.pendingSince !== null ? this.pendingSince + this.hold : this.ceasedAt !== null ? this.ceasedAt + this.keep : Infinity
      const target = Math.min(end, Math.max(due, this.now + 1), this.coolUntil > this.now ? this.coolUntil : Infinity)
      const truth = this.pendingSince !== null || (this.episode !== null && this.ceasedAt === null)
      const at = (time) => this.ask(this.rule.when, time, this.held).answer
      let [low, high] = [this.now, target]
      if (at(target) !== truth) {
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2)
          ;[low, high] = at(middle) === truth ? [middle, high] : [low, middle]
        }

        // Instants that are computed are rounded up to the second.
        high = Math.min(target, Math.ceil(high / SECOND) * SECOND)
      }

      this.now = high
      this.step(high, undefined)
    }
  }

  /** A fact is recorded at the instant to which time has passed. */
  record(fact) {
    this.known = [...this.known, fact]
    this.relationship = new Relationship(this.dyad, this.method, this.known)
    const own = this.relationship.incidents.find((i) => i.id === fact.id)
    if (own) {
      this.step(this.now, own)
      this.step(this.now, undefined)
    }
  }

  mayOpen(fact, time) {
    const filter = this.rule.filter ?? {}
    return (
      fact === undefined ||
      (fact.change !== 'backfill' && time - fact.tau <= (this.rule.maxAgeHours ?? 72) * HOUR && fact.credibility >= (filter.minCredibility ?? 0))
    )
  }

  step(time, fact) {
    const { answer, holding } = this.ask(this.rule.when, time, this.held, fact)
    if (this.episode === null) {
      const begins = this.pendingSince === null && answer && this.mayOpen(fact, time) && time >= this.coolUntil
      this.pendingSince = begins ? time : answer ? this.pendingSince : null
      this.held = this.pendingSince === null ? new Set() : holding
      if (this.pendingSince !== null && time >= this.pendingSince + this.hold) {
        this.fire(time)
        this.raise(time, fact)
      }

      return
    }

    this.held = holding
    this.ceasedAt = answer ? null : (this.ceasedAt ?? time)
    this.raise(time, fact)
    if (this.ceasedAt !== null && fact === undefined && time >= this.ceasedAt + this.keep) {
      this.episode.endedAt = time
      this.episode = null
      this.ceasedAt = null
      this.held = new Set()
      this.raised = new Map()
      this.coolUntil = time + this.cooldown
    }
  }

  fire(time) {
    this.pendingSince = null
    this.episode = {
      rule: this.rule.id,
      dyad: this.dyad,
      number: this.found.length + 1,
      firedAt: time,
      severity: this.rule.severity,
      raised: [],
      endedAt: null,
      hostilityFast: this.relationship.hostility(time),
      tension: this.relationship.level('tension', time),
      warmth: this.relationship.level('warmth', time),
      rung: this.relationship.posture(time),
    }
    this.found.push(this.episode)
  }

  raise(time, fact) {
    for (const raise of this.rule.raises ?? []) {
      const { answer, holding } = this.ask(raise.when, time, this.raised.get(raise) ?? new Set(), fact)
      this.raised.set(raise, holding)
      const now = this.episode.raised.at(-1)?.to ?? this.episode.severity
      if (answer && severities.indexOf(raise.to) > severities.indexOf(now)) {
        if (time === this.episode.firedAt) {
          this.episode.severity = raise.to
        } else {
          this.episode.raised.push({ to: raise.to, at: time })
        }
      }
    }
  }
}
