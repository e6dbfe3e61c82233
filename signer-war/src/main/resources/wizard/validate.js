// What is to be said of the signatures of a file.

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
  const all = explanation.signaturesCount;
  const valid = explanation.validSignaturesCount;
  const heading = el('h2', {tabindex: '-1'}, t('validate.result'));
  const kind = all > 0 && all === valid ? 'good' : 'bad';
  result.replaceChildren(heading,
      message(all === 0 ? t('validate.none') : t('validate.count', {all: number(all), valid: number(valid)}), kind),
      ...explanation.signatures.map(signature), timestamps(explanation.timestamps), report(files));
  heading.focus();
}

function signature(found, i) {
  const rows = [
    [t('validate.by'), found.signedBy],
    [t('validate.at'), moment(found.signingTime)],
    [t('validate.proven'), moment(found.bestSignatureTime)],
    [t('validate.format'), found.format],
    [t('validate.why'), found.subIndication],
    [t('validate.covers'), found.covers?.join(', ')],
    [t('validate.chain'), found.certificates?.join(' → ')],
  ].filter(([, value]) => value);
  return el('section', {class: 'card', 'aria-labelledby': `signature-${i}`},
      el('h3', {id: `signature-${i}`}, t('validate.signature', {number: number(i + 1)}), ' ', indication(found.indication)),
      el('dl', {}, rows.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
      remarks(t('validate.errors'), found.errors), remarks(t('validate.warnings'), found.warnings),
      remarks(t('validate.information'), found.information), timestamps(found.timestamps));
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
