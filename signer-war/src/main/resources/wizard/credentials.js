// What a holder has, and what was done with it.

import {get} from './api.js';
import {protection} from './factors.js';
import * as page from './page.js';
import {has, t, time} from './texts.js';

const {el} = page;
const SHOWN = 8;

/** How a credential stands; what its certificate's end has to say of one in service. */
export function status(row) {
  const kind = {enabled: 'good', locked: 'bad', revoked: 'bad', suspended: 'bad'}[row.status];
  const ends = row.status === 'enabled' && row.validity !== 'valid';
  return el('span', {}, page.mark(t(`status.${row.status}`), kind),
      ends && [' ', page.mark(t(`validity.${row.validity}`), 'bad')]);
}

export const PENDING = ['factors_pending', 'key_pair_pending', 'certificate_pending'];

/** Of those that have their certificate: the way to what can be done with it. */
function name(row) {
  return row.subject ? el('a', {href: `#/credential?id=${row.credentialId}`}, row.subject)
    : page.code(row.credentialId.slice(0, SHOWN));
}

export async function credentials(root, parameters, session) {
  const rows = await get('/api/v1/holder/credentials', {page: parameters.page ?? 0, pageSize: page.PAGE_SIZE});
  const enrols = session.roles.includes('generator');
  root.append(
      el('p', {}, t('credentials.hint')),
      el('div', {class: 'card'}, page.table(t('nav.credentials'), [
        {label: t('credential'), wrap: true, cell: name},
        {label: t('state'), cell: status},
        {label: t('factors'), cell: protection},
        {label: t('key'), cell: row => row.key && t(`key.${row.key}`)},
        {label: t('validTo'), cell: row => page.moment(row.validTo)},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
        {label: t('action'), cell: row => enrols && row.own && PENDING.includes(row.status) &&
          page.button(t('enrol.continue'), () => page.go('enrol', {credential: row.credentialId}), 'plain')},
      ], rows), page.pager('credentials', parameters, rows)),
      enrols && el('div', {class: 'actions'}, page.button(t('enrol.begin'), () => page.go('enrol'))));
}

function act(row) {
  const key = `event.${row.type}`;
  return has(key) ? t(key) : page.code(row.type);
}

/** What means something to a holder; the rest is for who verifies the audit log. */
function details(row) {
  return Object.entries(row.details).filter(([name]) => has(`detail.${name}`))
      .map(([name, value]) => `${t(`detail.${name}`)}: ${value}`).join(' · ');
}

export async function history(root, parameters) {
  const rows = await get('/api/v1/holder/history', {page: parameters.page ?? 0, pageSize: page.PAGE_SIZE});
  root.append(
      el('p', {}, t('history.hint')),
      el('div', {class: 'card'}, page.table(t('nav.history'), [
        {label: t('time'), cell: row => el('time', {datetime: row.at}, time(row.at))},
        {label: t('history.what'), cell: act},
        {label: t('outcome'), cell: row => row.outcome === 'success'
          ? page.mark(t('outcome.done'), 'good') : page.mark(t('outcome.refused'), 'bad')},
        {label: t('credential'), cell: row => row.credentialId && page.code(row.credentialId.slice(0, SHOWN))},
        {label: t('history.by'), cell: row => row.client},
        {label: t('details'), wrap: true, cell: details},
      ], rows), page.pager('history', parameters, rows)));
}
