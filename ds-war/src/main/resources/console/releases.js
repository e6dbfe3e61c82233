// Versions and how far they have come, and the keys that sign: for operators.

import {change, get, Refusal} from './api.js';
import * as page from './page.js';
import {number, t} from './texts.js';

const {el} = page;

function yes(flag) {
  return flag ? page.mark(t('yes'), 'good') : page.mark(t('no'));
}

async function all() {
  return (await get('/v3_5/versions')).data;
}

function decide(version, again) {
  page.ask(version ? t('version.decide', {version: version.id}) : t('version.new'), [
    !version && page.field({name: 'id', label: t('version'), required: true, maxlength: 64, hint: '1.2.3'}),
    page.field({name: 'recommended', label: t('version.recommended'), kind: 'check', value: version?.recommended}),
    page.field({name: 'mandatory', label: t('version.mandatory'), kind: 'check', value: version?.mandatory}),
    page.field({name: 'allowed', label: t('version.allowed'), kind: 'check', value: version?.allowed ?? true}),
    page.field({name: 'rolloutPercent', label: t('version.rollout'), kind: 'number', min: 0, max: 100, required: true,
      value: version?.rolloutPercent ?? 0}),
  ], t('save'), async values => {
    const id = version?.id ?? values.id;
    // Its addresses as they are now: somebody else may have changed them since.
    const present = (await all()).find(other => other.id === id);
    if (!version && present) {
      throw new Refusal(409, t('version.exists'));
    }
    await change('PUT', '/v3_5/versions', {
      ...values, id, rolloutPercent: Number(values.rolloutPercent), uris: present?.uris ?? [],
    });
    again();
  });
}

export async function versions(root) {
  const [known, counts] = await Promise.all([all(), get('/admin/v1/devices/versions')]);
  const total = counts.reduce((sum, count) => sum + count.devices, 0);
  const having = id => counts.filter(count => count.version === id).reduce((total, count) => total + count.devices, 0);
  const again = () => page.go('versions');
  root.append(
      el('div', {class: 'actions'}, page.button(t('version.new'), () => decide(null, again))),
      el('section', {class: 'card'}, page.table(t('nav.versions'), [
        {label: t('version'), cell: row => el('strong', {}, row.id)},
        {label: t('version.recommended'), cell: row => yes(row.recommended)},
        {label: t('version.mandatory'), cell: row => yes(row.mandatory)},
        {label: t('version.allowed'), cell: row => row.allowed ? yes(true) : page.mark(t('no'), 'bad')},
        {label: t('version.rollout'), numeric: true, cell: row => `${row.rolloutPercent} %`},
        {label: t('version.installers'), cell: row => row.installers.map(installer => installer.os).join(', ') || t('none')},
        {label: t('version.progress'), cell: row => page.share(having(row.id), total)},
        {label: '', cell: row => page.button(t('change'), () => decide(row, again), 'plain')},
      ], known)),
      el('section', {class: 'card'},
          el('h2', {}, t('version.devices')),
          page.table(t('version.devices'), [
            {label: t('version'), cell: row => row.version},
            {label: t('os'), cell: row => row.os},
            {label: t('nav.devices'), numeric: true, cell: row => number(row.devices)},
            {label: t('device.online'), numeric: true, cell: row => number(row.online)},
            {label: t('version.progress'), cell: row => page.share(row.devices, total)},
          ], counts)));
}

export async function keys(root) {
  const rows = await get('/admin/v1/keys');
  root.append(
      el('p', {}, t('key.hint')),
      el('div', {class: 'actions'}, page.button(t('key.rotate'), () => page.confirm(t('key.rotate'), t('key.rotate.question'),
          t('key.rotate'), async () => {
            await change('POST', '/admin/v1/keys/rotate');
            page.go('keys');
          }))),
      el('div', {class: 'card'}, page.table(t('nav.keys'), [
        {label: t('key'), wrap: true, cell: row => page.code(row.kid)},
        {label: t('state'), cell: row => page.mark(t(`key.${row.state}`), row.state === 'current' ? 'good' : undefined)},
        {label: t('key.algorithm'), cell: row => row.algorithm},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
        {label: t('key.since'), cell: row => page.moment(row.currentSince)},
        {label: t('key.retiredAt'), cell: row => page.moment(row.retiredAt)},
      ], rows)));
}
