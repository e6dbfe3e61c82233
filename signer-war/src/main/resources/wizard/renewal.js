// Another key for a living credential, and its certificate. The present ones sign until the next certificate is in.

import {certificateForms, KEYS, keyField} from './certificate.js';
import {actForm} from './forms.js';
import {el} from './page.js';
import {t} from './texts.js';

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
    certificate(shown, csr)?.requestSubmit();
  });
}

/** The request was shown when the renewal was asked for. */
export function addRenewed(shown) {
  certificate(shown);
}

function certificate(shown, csr) {
  const {one, step, back, cancel} = shown;
  const card = step(t('step.certificate'));
  const wanted = {path: `/api/v1/credentials/${one.credentialId}/renewal/certificate`, csr, authority: one.enrolment};
  const form = certificateForms(card, wanted, () => back(t('act.renewal.done')));
  card.append(el('div', {class: 'actions'}, cancel));
  return form;
}
