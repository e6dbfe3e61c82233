// What is to be said of the signatures of a file, or of the certificates in it.

import {sendDocument} from './calls.js';
import {dropZone, give, saving} from './files.js';
import {attempt, el, go, mark, message, moment, table} from './page.js';
import {number, t} from './texts.js';

const KINDS = {TOTAL_PASSED: 'good', TOTAL_FAILED: 'bad', PASSED: 'good', FAILED: 'bad'};

/** From another view, to be judged at once. */
let waiting = null;

export function toValidate(file) {
  waiting = file;
  go('validate');
}

export async function validate(root) {
  const trouble = el('div', {'aria-live': 'polite'});
  const result = el('div');
  const submit = el('button', {}, t('validate'));
  const signed = dropZone({name: 'document', label: t('validate.choose'), required: true, chosen: () => result.replaceChildren()});
  const original = el('input', {type: 'file', name: 'original'});
  const judge = async () => {
    const files = {document: signed.input.files[0], original: original.files[0]};
    result.replaceChildren();
    const explanation = await attempt(trouble, async () => (await sendDocument('/api/v1/validate', files)).json(), submit);
    if (explanation) {
      shown(result, files, explanation);
    }
  };
  root.append(el('p', {}, t('validate.hint')), el('form', {class: 'fields card narrow', submit: async event => {
    event.preventDefault();
    await judge();
  }}, signed.zone, el('details', {}, el('summary', {}, t('validate.detached')),
      el('label', {}, t('validate.original'), original)), trouble, el('div', {class: 'actions'}, submit)), result);
  if (waiting) {
    give(signed.input, waiting);
    waiting = null;
    // Once this view is shown, for what was found gets the focus.
    setTimeout(judge);
  }
}

function shown(result, files, explanation) {
  const certificates = explanation.certificates;
  const all = certificates.length || explanation.signaturesCount;
  const valid = certificates.length > 0 ? certificates.filter(found => found.indication === 'PASSED').length : explanation.validSignaturesCount;
  const heading = el('h2', {tabindex: '-1'}, t('validate.result'));
  const kind = all > 0 && all === valid ? 'good' : 'bad';
  const counts = {all: number(all), valid: number(valid)};
  const words = certificates.length > 0 ? t('validate.certificates', counts) : t('validate.count', counts);
  result.replaceChildren(heading, message(all === 0 ? t('validate.none') : words, kind),
      ...certificates.map(certificate), ...explanation.signatures.map(signature), timestamps(explanation.timestamps), report(files));
  heading.focus();
}

function signature(found, i) {
  return judged(`signature-${i}`, t('validate.signature', {number: number(i + 1)}), found, [
    [t('validate.by'), found.signedBy],
    [t('validate.at'), moment(found.signingTime)],
    [t('validate.proven'), moment(found.bestSignatureTime)],
    [t('validate.format'), found.format],
    [t('validate.why'), found.subIndication],
    [t('validate.covers'), found.covers?.join(', ')],
    [t('validate.chain'), found.certificates?.join(' → ')],
  ], timestamps(found.timestamps));
}

function certificate(found, i) {
  return judged(`certificate-${i}`, t('validate.certificate', {number: number(i + 1)}), found, [
    [t('validate.subject'), found.subject],
    [t('validate.issuer'), found.issuer],
    [t('validate.serial'), found.serialNumber],
    [t('validate.from'), moment(found.notBefore)],
    [t('validate.until'), moment(found.notAfter)],
    [t('validate.revoked'), moment(found.revokedAt)],
    [t('validate.revocation'), found.revocationReason],
    [t('validate.why'), found.subIndication],
    [t('validate.chain'), found.certificates?.join(' → ')],
  ]);
}

function judged(id, title, found, rows, more) {
  return el('section', {class: 'card', 'aria-labelledby': id},
      el('h3', {id}, title, ' ', indication(found.indication)),
      el('dl', {}, rows.filter(([, value]) => value).map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
      remarks(t('validate.errors'), found.errors), remarks(t('validate.warnings'), found.warnings),
      remarks(t('validate.information'), found.information), more);
}

function indication(value) {
  return mark(t(`indication.${value}`), KINDS[value]);
}

/** What the validating library says, in its own words. */
function remarks(title, texts) {
  return texts?.length > 0 && [el('p', {}, title), el('ul', {lang: 'en'}, texts.map(text => el('li', {}, text)))];
}

function timestamps(found) {
  return found?.length > 0 ? [el('h3', {}, t('validate.timestamps')), table(t('validate.timestamps'), [
    {label: t('time'), cell: row => moment(row.productionTime)},
    {label: t('validate.by'), wrap: true, cell: row => row.producedBy},
    {label: t('state'), cell: row => indication(row.indication)},
  ], found)].flat() : '';
}

/** The report as a page of its own, made when somebody wants it. */
function report(files) {
  const trouble = el('div', {'aria-live': 'polite'});
  const place = el('div', {class: 'actions'});
  const make = el('button', {type: 'button', class: 'plain', click: async () => {
    const page = await attempt(trouble, async () =>
      (await sendDocument('/api/v1/validate/page', files, undefined, 'text/html')).blob(), make);
    if (page) {
      const link = saving('report', t('validate.save'), page, 'report.html', 'plain');
      place.replaceChildren(link);
      link.focus();
    }
  }}, t('validate.report'));
  place.append(make);
  return el('div', {}, place, trouble);
}
