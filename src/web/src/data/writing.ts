import { settings } from './settings.svelte';

/**
 * Headers of a write: who writes, a key by which a repeated request is known, and the version that was seen, where something is changed.
 * Make them once per deed, not per attempt.
 */
export function writing(version?: number): { 'X-User'?: string; 'Idempotency-Key': string; 'If-Match'?: string } {
  return {
    ...(settings.user ? { 'X-User': headerText(settings.user) } : {}),
    'Idempotency-Key': key(),
    ...(version !== undefined ? { 'If-Match': `"${version}"` } : {}),
  };
}

/** Headers are Latin-1 to a browser; other letters are sent without their marks, or as `?`. */
function headerText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '?');
}

/** 128 random bits; `crypto.randomUUID` is missing where the page comes over plain HTTP from another machine. */
function key(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
