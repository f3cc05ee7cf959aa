const locale = () => document.documentElement.lang || 'en';

/** A number with so many digits after the point; what rounds to nothing is `0`, never `-0`. */
export function fixed(value: number, digits = 1): string {
  const rounded = Number(value.toFixed(digits));
  return (rounded === 0 ? 0 : rounded).toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** With its sign, as a difference: `+3.2`, `−3.2`, `0.0`. */
export function signed(value: number, digits = 1): string {
  const text = fixed(Math.abs(value), digits);
  return Number(value.toFixed(digits)) === 0 ? text : `${value > 0 ? '+' : '−'}${text}`;
}

/** A share of one, as `42%`. */
export function percent(share: number, digits = 0): string {
  return share.toLocaleString(locale(), { style: 'percent', maximumFractionDigits: digits });
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString(locale());
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A count of bytes in the largest unit that fits, as `12.4 MB`. */
export function bytes(count: number): string {
  const step = Math.min(SIZES.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  return (count / 1000 ** step).toLocaleString(locale(), {
    style: 'unit',
    unit: SIZES[step],
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  });
}
