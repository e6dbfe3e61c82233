// Another key for a living credential, and its certificate. The present ones sign until the next certificate is in.

import {certificateForms, KEYS, keyField} from './certificate.js';
import {actForm} from './forms.js';
import {el} from './page.js';
import {t} from './texts.js';

/** By credential, until the certificate is in: a view may be left before that. */
const requests = new Map();

/** Asks for the new key. Where there is an authority, it is asked at once. */
export function askRenewal(shown) {
  const {one} = shown;
  const card = shown.step(shown.title);
  card.append(el('p', {}, t(one.enrolment ? 'act.renewal.atOnce' : 'act.renewal.hint')));
  actForm(card, shown, {
    call: 'renewal',
    fields: [keyField(one.key)],
    // The authority is asked for the holder's own name alone; else it is the present certificate's.
    body: form => ({newKey: true, ...KEYS[form.elements.key.value], subject: one.enrolmentSubject}),
    label: t('key.make'),
  }, ({csr}) => {
    requests.set(one.credentialId, csr);
    certificate(shown)?.requestSubmit();
  });
}

/** The request is known as long as the page is not loaded again since it was made. */
export function addRenewed(shown) {
  certificate(shown);
}

function certificate(shown) {
  const {one, step, back, cancel} = shown;
  const csr = requests.get(one.credentialId);
  const card = step(t('step.certificate'));
  const wanted = {path: `/api/v1/credentials/${one.credentialId}/renewal/certificate`, csr, authority: one.enrolment};
  const form = certificateForms(card, wanted, () => {
    requests.delete(one.credentialId);
    return back(t('act.renewal.done'));
  });
  card.append(el('div', {class: 'actions'}, cancel));
  return form;
}
