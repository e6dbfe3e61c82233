// A PDF is signed: what is to be signed is made of it by the service, authorized by the holder's factors, and signed.

import {change} from './api.js';
import {ownCredentials, sendDocument} from './calls.js';
import {factorFields, factorsOf, forgetFactors} from './factors.js';
import {dropZone, saving} from './files.js';
import {attempt, button, el, field, go, message} from './page.js';
import {t} from './texts.js';
import {toValidate} from './validate.js';

/** Where the mark of a PDF has to be. */
const BEGINNING = 1024;

export async function sign(root) {
  const usable = (await ownCredentials()).filter(one => one.status === 'enabled' && !one.factors.includes('PUSH'));
  if (usable.length === 0) {
    root.append(message(t('sign.nothing')), el('div', {class: 'actions'}, button(t('enrol.begin'), () => go('enrol'))));
    return;
  }
  const trouble = el('div', {'aria-live': 'polite'});
  const said = el('p', {role: 'status'});
  const result = el('div');
  const factors = el('div', {class: 'fields'});
  const {zone, input} = dropZone({name: 'document', label: t('sign.choose'), accept: '.pdf,application/pdf', required: true,
    chosen: () => result.replaceChildren()});
  const submit = el('button', {}, t('sign'));
  const chosen = () => usable.find(one => one.credentialId === form.elements.credential.value);
  const ask = () => factors.replaceChildren(...factorFields(chosen()));
  const form = el('form', {class: 'fields card narrow', submit: async event => {
    event.preventDefault();
    const [file] = input.files;
    result.replaceChildren();
    const signed = await attempt(trouble, async () => {
      if (!(await file.slice(0, BEGINNING).text()).includes('%PDF-')) {
        trouble.replaceChildren(message(t('sign.noPdf'), 'bad'));
        return undefined;
      }
      return signedBy(chosen(), file, factorsOf(form), step => {
        said.textContent = t(`sign.${step}`);
      });
    }, submit);
    said.textContent = '';
    forgetFactors(form);
    if (signed) {
      shown(result, file, signed);
    }
  }},
  zone,
  field({name: 'credential', label: t('credential'), kind: 'select', change: ask,
    value: usable[0].credentialId, options: usable.map(one => ({value: one.credentialId, label: `${one.subject} (${t(`key.${one.key}`)})`}))}),
  factors, said, trouble, el('div', {class: 'actions'}, submit));
  ask();
  root.append(el('p', {}, t('sign.hint')), form, result);
}

async function signedBy(credential, file, sent, tell) {
  tell('preparing');
  const wanted = {credentialId: credential.credentialId, format: 'PAdES', signAlgo: credential.signAlgo, name: 'document.pdf'};
  const prepared = await (await sendDocument('/api/v1/documents/digest', {document: file}, wanted)).json();
  tell('authorizing');
  const {SAD} = await change('POST', '/api/v1/credentials/authorize',
      {credentialId: credential.credentialId, numSignature: 1, hash: [prepared.hash], ...sent});
  tell('signing');
  const answer = await sendDocument('/api/v1/documents/sign', {document: file}, {...prepared.parameters, SAD},
      'application/octet-stream');
  return new Blob([await answer.arrayBuffer()], {type: 'application/pdf'});
}

function shown(result, file, signed) {
  const name = `${file.name.replace(/\.pdf$/i, '')}-signed.pdf`;
  const heading = el('h2', {tabindex: '-1'}, t('sign.done'));
  result.replaceChildren(heading, el('div', {class: 'card narrow'}, message(t('sign.made', {name}), 'good'),
      el('div', {class: 'actions'}, saving('signed', t('sign.save'), signed, name),
          button(t('sign.validate'), () => toValidate(new File([signed], name, {type: signed.type})), 'plain'))));
  heading.focus();
}
