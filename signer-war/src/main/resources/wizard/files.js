// Files that are chosen or dropped, and files that are saved.

import {el} from './page.js';
import {bytes, t} from './texts.js';

/** The addresses of what was shown last: what they stand for stays in memory until they are given back. */
const addresses = new Map();

/** A field for one file, into which it may be dropped, too. */
export function dropZone({name, label, accept, required, chosen = () => {}}) {
  const input = el('input', {type: 'file', name, accept, required});
  const said = el('p', {role: 'status'});
  input.addEventListener('change', () => {
    const [file] = input.files;
    said.textContent = file ? t('file.chosen', {name: file.name, size: bytes(file.size)}) : '';
    chosen(file);
  });
  const over = on => event => {
    event.preventDefault();
    zone.classList.toggle('over', on);
  };
  const zone = el('div', {
    class: 'drop', dragenter: over(true), dragover: over(true), dragleave: over(false),
    drop: event => {
      over(false)(event);
      if (event.dataTransfer.files.length > 0) {
        give(input, event.dataTransfer.files[0]);
      }
    },
  }, el('label', {}, label, el('small', {}, t('file.drop')), input), said);
  return {zone, input};
}

/** Puts a file into a field, as if it had been chosen. */
export function give(input, file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
}

/** A link that saves something. @param place where such a link stands; the one before it there is given back */
export function saving(place, label, content, name, kind) {
  if (addresses.has(place)) {
    URL.revokeObjectURL(addresses.get(place));
  }
  const href = URL.createObjectURL(content);
  addresses.set(place, href);
  return el('a', {class: kind ? `button ${kind}` : 'button', href, download: name}, label);
}

/** A file as text if it is PEM, else as base64. */
export async function pemOrBase64(file) {
  const content = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder('utf-8').decode(content);
  return text.includes('-----BEGIN') ? text : btoa(Array.from(content, byte => String.fromCharCode(byte)).join(''));
}
