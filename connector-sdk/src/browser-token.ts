import { randomText } from './bytes.js';

const KEY = 'countersign-browser-token';
const FORM = /^c([0-9a-z]{8})[0-9a-z]{16}([0-9]{2})$/;

function checkDigits(first8: string): string {
  return String(parseInt(first8, 36) % 97).padStart(2, '0');
}

/** Whether the check digits are right: somebody who changes a token at random makes a bad one. */
export function isBrowserToken(text: string): boolean {
  const parts = FORM.exec(text);
  return parts !== null && checkDigits(parts[1]!) === parts[2];
}

/** A cuid: "c", 8 characters of the time and 16 at random, in base 36, and the check digits over the first 8. */
export function newBrowserToken(now: number = Date.now()): string {
  const time = now.toString(36).padStart(8, '0').slice(-8);
  return `c${time}${randomText(16, '0123456789abcdefghijklmnopqrstuvwxyz')}${checkDigits(time)}`;
}

/** The browser's token, kept in the page's local storage; a bad one there is replaced. */
export function browserToken(storage: Pick<Storage, 'getItem' | 'setItem'>): string {
  const kept = storage.getItem(KEY);
  if (kept !== null && isBrowserToken(kept)) {
    return kept;
  }
  const token = newBrowserToken();
  storage.setItem(KEY, token);
  return token;
}
