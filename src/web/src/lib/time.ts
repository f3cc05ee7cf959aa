/** Instants stay the texts of the service until they are drawn; days are those of UTC. */

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

/** Milliseconds since 1970 of an instant or a date of the service; a date means its first instant in UTC. */
export function ms(instant: string): number {
  return Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(instant) ? `${instant}T00:00:00Z` : instant);
}

/** RFC 3339 in UTC, without a fraction if it has none. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The day of an instant, as `2025-06-30`. */
export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function startOfDay(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

const locale = () => document.documentElement.lang || 'en';
const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale()} ${key}`;
  let made = formats.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat(locale() === 'en' ? 'en-GB' : locale(), { timeZone: 'UTC', ...options });
    formats.set(name, made);
  }

  return made;
}

/** As in `30 June 2025`. */
export function longDay(at: number | string): string {
  return format('long', { day: 'numeric', month: 'long', year: 'numeric' }).format(typeof at === 'string' ? ms(at) : at);
}

/** As in `30 Jun 2025`. */
export function shortDay(at: number | string): string {
  return format('short', { day: 'numeric', month: 'short', year: 'numeric' }).format(typeof at === 'string' ? ms(at) : at);
}

/** As in `Jun 2025`. */
export function monthAndYear(at: number | string): string {
  return format('month', { month: 'short', year: 'numeric' }).format(typeof at === 'string' ? ms(at) : at);
}

/** As in `30 June 2025, 09:00 UTC`; seconds where there are any. */
export function instant(at: number | string): string {
  const t = typeof at === 'string' ? ms(at) : at;
  const time = format(t % 60_000 === 0 ? 'minutes' : 'seconds', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(t % 60_000 === 0 ? {} : { second: '2-digit' }),
  }).format(t);
  return `${longDay(t)}, ${time} UTC`;
}

/** How long ago, or how far ahead, in the largest unit that fits: `3 days ago`. */
export function ago(at: number | string, now: number): string {
  const seconds = ((typeof at === 'string' ? ms(at) : at) - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  for (const [unit, size] of [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit);
    }
  }

  return relative.format(Math.trunc(seconds), 'second');
}
