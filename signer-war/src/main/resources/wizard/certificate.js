// A key gets its certificate: the first one, or that of a renewal.

import {change} from './api.js';
import {dropZone, pemOrBase64, saving} from './files.js';
import {stepForm} from './forms.js';
import {el, field, message} from './page.js';
import {t} from './texts.js';

/** The kinds of keys, the recommended one first, as the service is asked for them. */
export const KEYS = {
  EC_P256: {keyAlgorithm: 'EC', curve: 'P-256', csrSignatureAlgorithm: 'SHA256WITHECDSA'},
  EC_P384: {keyAlgorithm: 'EC', curve: 'P-384', csrSignatureAlgorithm: 'SHA384WITHECDSA'},
  EC_P521: {keyAlgorithm: 'EC', curve: 'P-521', csrSignatureAlgorithm: 'SHA512WITHECDSA'},
  RSA_2048: {keyAlgorithm: 'RSA', keyLength: 2048, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  RSA_3072: {keyAlgorithm: 'RSA', keyLength: 3072, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  RSA_4096: {keyAlgorithm: 'RSA', keyLength: 4096, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  ED25519: {keyAlgorithm: 'Ed25519', csrSignatureAlgorithm: 'ED25519'},
};

export function keyField(value) {
  return field({name: 'key', label: t('key.choose'), kind: 'select', value,
    options: Object.keys(KEYS).map(kind => ({value: kind, label: t(`key.${kind}`)}))});
}

/** The request to be given to the authority, where it is known still, and the place for what it answers. */
function bring(content, {path, csr}, done) {
  if (csr) {
    const text = el('textarea', {class: 'pem', readonly: true, 'aria-label': t('certificate.request'), id: 'csr'});
    text.value = csr;
    content.append(el('p', {}, t('certificate.hint')), text, el('div', {class: 'actions'},
        saving('csr', t('certificate.save'), new Blob([csr], {type: 'application/pkcs10'}), 'request.csr', 'plain')));
  } else {
    content.append(el('p', {}, t('certificate.later')));
  }
  const {zone, input} = dropZone({name: 'chain', label: t('certificate.chain'), accept: '.p7b,.p7c,.p7s,.pem', required: true});
  stepForm(content, [zone], t('certificate.add'), async () => {
    await change('POST', path, {pkcs7: await pemOrBase64(input.files[0])});
    await done();
  });
}

/**
 * By the authority, where it can be asked, and by hand.
 *
 * @param wanted path of the call that takes the certificate; csr, as long as this page knows it; authority, whether one can be asked
 * @return the form that asks the authority; undefined where there is none
 */
export function certificateForms(content, wanted, done) {
  if (!wanted.csr || !wanted.authority) {
    bring(content, wanted, done);
    return undefined;
  }
  content.append(el('p', {}, t('certificate.askHint')));
  const form = stepForm(content, [], t('certificate.ask'), async (asked, trouble) => {
    const pending = await change('POST', `${wanted.path}/enrol`, {csr: wanted.csr});
    if (pending) {
      trouble.replaceChildren(message(t('certificate.pending', {seconds: pending.retryAfter})));
      return;
    }
    await done();
  });
  const byHand = el('details', {}, el('summary', {}, t('certificate.byHand')));
  content.append(byHand);
  bring(byHand, wanted, done);
  return form;
}
