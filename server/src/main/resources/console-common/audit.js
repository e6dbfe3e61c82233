// The audit log: for auditors.

import {get} from './api.js';
import * as page from './page.js';
import {t} from './texts.js';

const {el} = page;

export async function audit(root, parameters) {
  const {from, to, page: number_ = 0, ...rest} = parameters;
  const rows = await get('/admin/v1/audit', {...rest, from: from && `${from}T00:00:00Z`, to: to && `${to}T00:00:00Z`,
    page: number_, pageSize: page.PAGE_SIZE});
  root.append(
      el('p', {}, t('audit.hint')),
      page.filters('audit', [
        page.field({name: 'type', label: t('audit.type'), value: rest.type, maxlength: 64, placeholder: t('audit.example')}),
        page.field({name: 'client', label: t('audit.who'), value: rest.client, maxlength: 255}),
        page.field({name: 'outcome', label: t('audit.outcome'), kind: 'select', value: rest.outcome, options: [
          {value: '', label: t('all')}, {value: 'success', label: t('audit.success')},
          {value: 'failure', label: t('audit.failure')}]}),
        page.field({name: 'from', label: t('from'), kind: 'date', value: from}),
        page.field({name: 'to', label: t('before'), kind: 'date', value: to}),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.audit'), [
        {label: t('time'), cell: row => page.moment(row.at)},
        {label: t('audit.type'), cell: row => page.code(row.type)},
        {label: t('audit.outcome'), cell: row => row.outcome === 'success'
          ? page.mark(t('audit.success'), 'good') : page.mark(t('audit.failure'), 'bad')},
        {label: t('audit.who'), cell: row => row.client},
        {label: t('audit.details'), wrap: true, cell: row =>
          Object.entries(row.details).map(([name, value]) => `${name}: ${value}`).join(' · ')},
      ], rows), page.pager('audit', parameters, rows)));
}
