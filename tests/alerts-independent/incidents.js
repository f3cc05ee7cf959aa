// The sample case as a desk would record it: when each incident is recorded, when it happened as seen then, how credible it is and how hard it weighs.
// Instants are whole microseconds since 1970.

export const SECOND = 1_000_000
export const HOUR = 3_600_000_000
export const DAY = 24 * HOUR

const at = (...parts) => Date.UTC(...parts) * 1000

export const instant = (text) => Date.parse(text) * 1000

export const written = (time) => new Date(Math.floor(time / 1_000_000) * 1000).toISOString().replace('.000Z', 'Z')

/** [earliest, latest) of the forms of date that the case has. */
const stretch = (date) => {
  if (date.includes('/')) {
    const [first, last] = date.split('/')
    return [stretch(first)[0], stretch(last)[1]]
  }

  if (date.includes('T')) {
    return [instant(date), instant(date) + 1_000_000]
  }

  const [year, month, day] = date.replace('~', '').split('-').map(Number)
  const wider = date.endsWith('~') ? 1 : 0
  return day === undefined
    ? [at(year, month - 1 - wider, 1), at(year, month + wider, 1)]
    : [at(year, month - 1, day - wider), at(year, month - 1, day + 1 + wider)]
}

const tau = ([earliest, latest]) => (latest - earliest <= 36 * HOUR ? earliest : (earliest + latest) / 2)

const logit = (p) => Math.log(p / (1 - p))

const credibility = (incident, sources) => {
  const strongest = new Map()
  for (const report of incident.reports) {
    const source = sources.find((s) => s.id === report.source)
    const graded = [0.9, 0.7, 0.5, 0.3, 0.1, 0.5][report.credibility - 1]
    const trust = { A: 1, B: 0.85, C: 0.65, D: 0.4, E: 0.15, F: 0.5 }[source.reliability]
    const key = `${report.stance ?? 'supports'} ${source.group}`
    strongest.set(key, Math.max(strongest.get(key) ?? 0, 0.5 + (graded - 0.5) * trust))
  }

  const sum = [...strongest].reduce((total, [key, p]) => total + (key.startsWith('denies') ? -1 : 1) * logit(p), 0)
  return 1 / (1 + Math.exp(-Math.min(3, Math.max(-3, sum))))
}

const changeClass = (age) => (age <= 72 * HOUR ? 'live' : age <= 30 * DAY ? 'late' : 'backfill')

/** The incidents in the order in which they are recorded: `hours` after τ, or, if `whole`, not before its date is over. */
export const recorded = (theCase, method, hours, whole) =>
  theCase.incidents
    .map((incident) => {
      const dates = stretch(incident.occurred)
      const recordedAt = whole ? Math.max(tau(dates) + hours * HOUR, dates[1]) : tau(dates) + hours * HOUR
      const seen = tau([dates[0], Math.min(dates[1], recordedAt)])
      const type = method.types.find((t) => t.type === incident.type)
      const magnitude = Math.min(
        2,
        1 + 0.25 * Math.log10(1 + (incident.deaths ?? 0)) + 0.1 * Math.log10(1 + (incident.injured ?? 0) + (incident.detained ?? 0)),
      )
      const c = credibility(incident, theCase.sources)
      return {
        id: incident.id,
        recordedAt,
        change: changeClass(recordedAt - seen),
        tau: seen,
        type: incident.type,
        rung: type.rung,
        material: type.quad === 'material-conflict',
        intent: incident.intent,
        opens: incident.measure?.opens === true,
        closes: incident.measure?.closes,
        respondsTo: incident.respondsTo,
        credibility: c,
        severity: Math.max(0, -type.weight) * magnitude,
        links: incident.links.map((link) => ({
          ...link,
          hostile: Math.max(0, -type.weight) * c * link.attribution * magnitude,
          cooperative: Math.max(0, type.weight) * c * link.attribution * magnitude,
        })),
      }
    })
    .sort((one, other) => one.recordedAt - other.recordedAt)
