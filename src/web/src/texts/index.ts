/**
 * Every text of the application, in one catalogue, a file per page. Another language is another folder beside `en` with the same shape;
 * numbers, dates and plurals follow the language of the document.
 */
import { common } from './en/common';
import { time } from './en/time';

export const texts = { common, time };

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form of a text that goes with a number; `#` in it is the number. */
export function count(n: number, forms: Forms): string {
  const language = globalThis.document?.documentElement.lang || 'en';
  const form = forms[new Intl.PluralRules(language).select(n)] ?? forms.other;
  return form.replace('#', n.toLocaleString(language));
}
