// The words of the page, those of every console and the product's own, in the language of the browser or the one that was chosen.

export const languages = {en: 'English', es: 'Español'};

const CHOICE = 'countersign.language';
let words = {};
let chosen = 'en';

function preferred() {
  const stored = localStorage.getItem(CHOICE);
  if (stored in languages) {
    return stored;
  }
  const known = navigator.languages.map(tag => tag.slice(0, 2)).find(tag => tag in languages);
  return known ?? 'en';
}

/** Loads the words; without a language those of the browser's. */
export async function speak(language) {
  if (language) {
    localStorage.setItem(CHOICE, language);
  }
  chosen = language ?? preferred();
  // The common words lie beside this file, whichever page loads it; the others beside the page.
  const addresses = [new URL(`common-${chosen}.json`, import.meta.url), `${chosen}.json`];
  const files = await Promise.all(addresses.map(async address => (await fetch(address)).json()));
  words = Object.assign({}, ...files);
  document.documentElement.lang = chosen;
}

export function language() {
  return chosen;
}

/** The words of a key, with what stands in {braces} replaced. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)}/g, (all, name) => values[name] ?? all);
}

export function has(key) {
  return key in words;
}

export function time(text) {
  return text ? new Intl.DateTimeFormat(chosen, {dateStyle: 'medium', timeStyle: 'medium'}).format(new Date(text)) : '';
}

export function number(value) {
  return new Intl.NumberFormat(chosen).format(value);
}

export function bytes(value) {
  const unit = value < 1024 ? 'byte' : value < 1048576 ? 'kilobyte' : 'megabyte';
  const amount = unit === 'byte' ? value : unit === 'kilobyte' ? value / 1024 : value / 1048576;
  return new Intl.NumberFormat(chosen, {style: 'unit', unit, maximumFractionDigits: 1}).format(amount);
}
