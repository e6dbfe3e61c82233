// Applications and their API keys, and the keys that devices register with: for operators.

import {change, get} from './api.js';
import {organisationField, organisations} from './devices.js';
import * as page from './page.js';
import {number, t} from './texts.js';

const {el} = page;

function lines(text) {
  return (text ?? '').split(/\s+/).filter(line => line !== '');
}

function organisationChoice(names) {
  return page.field({name: 'organisationId', label: t('organisation'), kind: 'select', required: true,
    options: [...names].map(([value, label]) => ({value, label}))});
}

function newOrganisation(again) {
  return page.button(t('organisation.new'), () => page.ask(t('organisation.new'),
      page.field({name: 'name', label: t('name'), required: true, maxlength: 100}), t('create'), async values => {
        await change('POST', '/admin/v1/organisations', values);
        again();
      }), 'plain');
}

function fields(application = {}) {
  return [
    page.field({name: 'origins', label: t('application.origins'), kind: 'area', required: true,
      value: (application.origins ?? []).join('\n'), hint: t('application.origins.hint')}),
    page.field({name: 'ipRanges', label: t('application.ipRanges'), kind: 'area',
      value: (application.ipRanges ?? []).join('\n'), hint: t('application.ipRanges.hint')}),
    page.field({name: 'clientCertificate', label: t('application.certificate'), value: application.clientCertificate,
      maxlength: 95}),
    page.field({name: 'requestsPerMinute', label: t('application.requests'), kind: 'number', min: 1, max: 1000000,
      value: application.requestsPerMinute}),
  ];
}

function body(values, application) {
  return {
    organisationId: application?.organisationId ?? values.organisationId,
    label: application?.label ?? values.label,
    origins: lines(values.origins),
    ipRanges: lines(values.ipRanges),
    clientCertificate: values.clientCertificate,
    requestsPerMinute: values.requestsPerMinute && Number(values.requestsPerMinute),
  };
}

export async function applications(root, parameters, session) {
  const {search, organisationId, page: number_ = 0} = parameters;
  const [rows, names] = await Promise.all([
    get('/admin/v1/applications', {search, organisationId, page: number_, pageSize: page.PAGE_SIZE}),
    organisations(session),
  ]);
  const again = () => page.go('applications', parameters);
  root.append(
      el('div', {class: 'actions'},
          names.size > 0 && page.button(t('application.new'), () => page.ask(t('application.new'), [
            organisationChoice(names),
            page.field({name: 'label', label: t('application.label'), required: true, maxlength: 64,
              pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*', hint: t('application.label.hint')}),
            ...fields(),
          ], t('create'), async values => {
            const made = await change('POST', '/admin/v1/applications', body(values));
            page.go('application', {id: made.id});
          })),
          newOrganisation(again)),
      page.filters('applications', [
        page.field({name: 'search', label: t('application.label'), kind: 'search', value: search, maxlength: 64}),
        organisationField(names, 'organisationId', organisationId),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.applications'), [
        {label: t('application.label'), cell: row =>
          el('a', {href: `#/application?${new URLSearchParams({id: row.id})}`}, row.label)},
        {label: t('organisation'), cell: row => names.get(row.organisationId) ?? ''},
        {label: t('application.origins'), wrap: true, cell: row => row.origins.join(', ')},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
      ], rows), page.pager('applications', parameters, rows)));
}

export async function application(root, {id}, session) {
  const at = `/admin/v1/applications/${encodeURIComponent(id)}`;
  const [found, keys, names] = await Promise.all([get(at), get(`${at}/api-keys`), organisations(session)]);
  const again = () => page.go('application', {id});
  const trouble = el('div');
  const make = page.button(t('apiKey.new'), () => page.attempt(trouble, async () => {
    const made = await change('POST', `${at}/api-keys`);
    again();
    page.reveal(t('apiKey.made'), made.key);
  }, make));
  root.append(
      el('p', {}, el('a', {href: '#/applications'}, t('application.back'))),
      el('section', {class: 'card'},
          el('h2', {}, found.label),
          el('dl', {}, [
            [t('organisation'), names.get(found.organisationId) ?? page.code(found.organisationId)],
            [t('identifier'), page.code(found.id)],
            [t('application.origins'), found.origins.join(', ')],
            [t('application.ipRanges'), found.ipRanges.join(', ') || t('anywhere')],
            [t('application.certificate'), found.clientCertificate ? page.code(found.clientCertificate) : t('none')],
            [t('application.requests'), found.requestsPerMinute ? number(found.requestsPerMinute) : t('usual')],
            [t('created'), page.moment(found.createdAt)],
          ].map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]).flat()),
          el('div', {class: 'actions'},
              page.button(t('change'), () => page.ask(t('change'), fields(found), t('save'), async values => {
                await change('PUT', at, body(values, found));
                again();
              }), 'plain'),
              page.button(t('delete'), () => page.confirm(t('delete'), t('application.delete.question', {label: found.label}),
                  t('delete'), async () => {
                    await change('DELETE', at);
                    page.go('applications');
                  }), 'danger'))),
      el('section', {class: 'card'},
          el('h2', {}, t('apiKeys')),
          el('div', {class: 'actions'}, make),
          trouble,
          page.table(t('apiKeys'), [
            {label: t('apiKey'), cell: row => page.code(`${row.prefix}…`)},
            {label: t('state'), cell: keyState},
            {label: t('created'), cell: row => page.moment(row.createdAt)},
            {label: t('lastUsed'), cell: row => page.moment(row.lastUsedAt)},
            {label: t('ends'), cell: row => page.moment(row.revokedAt ?? row.expiresAt)},
            {label: '', cell: row => !row.revokedAt && el('div', {class: 'actions'},
                !row.expiresAt && page.button(t('replace'), () => page.ask(t('replace'), page.field({name: 'overlapInHours',
                  label: t('apiKey.overlap'), kind: 'number', min: 0, max: 2160, value: 24, required: true}), t('replace'),
                async values => {
                  const made = await change('POST', `${at}/api-keys/${row.id}/rotate`,
                      {overlapInHours: Number(values.overlapInHours)});
                  again();
                  page.reveal(t('apiKey.made'), made.key);
                }), 'plain'),
                page.button(t('revoke'), () => page.confirm(t('revoke'), t('apiKey.revoke.question', {key: row.prefix}),
                    t('revoke'), async () => {
                      await change('DELETE', `${at}/api-keys/${row.id}`);
                      again();
                    }), 'danger')) || ''},
          ], keys)));
}

function keyState(key) {
  if (key.revokedAt) {
    return page.mark(t('revoked'), 'bad');
  }
  return key.expiresAt && new Date(key.expiresAt) <= new Date() ? page.mark(t('expired')) : page.mark(t('valid'), 'good');
}

export async function registration(root, parameters, session) {
  const {organisation, page: number_ = 0} = parameters;
  const [rows, names] = await Promise.all([
    get('/admin/v1/registration-keys', {organisation, page: number_, pageSize: page.PAGE_SIZE}),
    organisations(session),
  ]);
  const again = () => page.go('registration', parameters);
  root.append(
      el('p', {}, t('registration.hint')),
      el('div', {class: 'actions'},
          names.size > 0 && page.button(t('registration.new'), () => page.ask(t('registration.new'), [
            organisationChoice(names),
            page.field({name: 'name', label: t('name'), required: true, maxlength: 100}),
            page.field({name: 'maximumUses', label: t('registration.most'), kind: 'number', min: 1}),
            page.field({name: 'expires', label: t('ends'), kind: 'date'}),
          ], t('create'), async values => {
            const made = await change('POST', '/admin/v1/registration-keys', {
              organisation: values.organisationId,
              name: values.name,
              maximumUses: values.maximumUses && Number(values.maximumUses),
              expiresAt: values.expires && `${values.expires}T00:00:00Z`,
            });
            again();
            page.reveal(t('registration.made'), made.key);
          })),
          newOrganisation(again)),
      page.filters('registration', [organisationField(names, 'organisation', organisation)]),
      el('div', {class: 'card'}, page.table(t('nav.registration'), [
        {label: t('name'), wrap: true, cell: row => row.name},
        {label: t('organisation'), cell: row => names.get(row.organisation) ?? ''},
        {label: t('state'), cell: keyState},
        {label: t('registration.uses'), numeric: true, cell: row =>
          row.maximumUses ? `${number(row.uses)} / ${number(row.maximumUses)}` : number(row.uses)},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
        {label: t('ends'), cell: row => page.moment(row.revokedAt ?? row.expiresAt)},
        {label: '', cell: row => !row.revokedAt && page.button(t('revoke'), () => page.confirm(t('revoke'),
            t('registration.revoke.question', {name: row.name}), t('revoke'), async () => {
              await change('POST', `/admin/v1/registration-keys/${row.id}/revoke`);
              again();
            }), 'danger') || ''},
      ], rows), page.pager('registration', parameters, rows)));
}
