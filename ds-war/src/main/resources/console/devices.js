// Devices, their transactions and the logs they sent: for operators and the support desk.

import {address, change, get, text} from './api.js';
import * as page from './page.js';
import {bytes, number, t} from './texts.js';

const {el} = page;

function short(uuid) {
  return el('code', {title: uuid}, uuid.slice(0, 8));
}

function state(device) {
  if (device.blockedAt) {
    return page.mark(t('device.blocked'), 'bad');
  }
  return device.online ? page.mark(t('device.online'), 'good') : page.mark(t('device.offline'));
}

/** The organisations' names by identifier, for those who may know them. */
export async function organisations(session) {
  const known = session.roles.includes('operator') ? await get('/admin/v1/organisations', {pageSize: 1000}) : [];
  return new Map(known.map(organisation => [organisation.id, organisation.name]));
}

export function organisationField(names, name, value) {
  return names.size > 0 && page.field({
    name, label: t('organisation'), kind: 'select', value,
    options: [{value: '', label: t('all')}, ...[...names].map(([id, label]) => ({value: id, label}))],
  });
}

const STATES = {online: {online: 'true', blocked: 'false'}, offline: {online: 'false', blocked: 'false'},
  blocked: {blocked: 'true'}};

export async function devices(root, parameters, session) {
  const {search, state: wanted, organisation, version, page: number_ = 0} = parameters;
  const [rows, counts, names] = await Promise.all([
    get('/admin/v1/devices', {search, organisation, version, ...STATES[wanted], page: number_, pageSize: page.PAGE_SIZE}),
    get('/admin/v1/devices/versions', {organisation}),
    organisations(session),
  ]);
  const sum = member => counts.reduce((total, count) => total + count[member], 0);
  const again = () => page.go('devices', parameters);
  root.append(
      el('p', {}, t('device.counts', {devices: number(sum('devices')), online: number(sum('online'))})),
      page.filters('devices', [
        page.field({name: 'search', label: t('device.search'), kind: 'search', value: search, maxlength: 255}),
        page.field({name: 'state', label: t('state'), kind: 'select', value: wanted, options: [
          {value: '', label: t('all')}, ...Object.keys(STATES).map(value => ({value, label: t(`device.${value}`)}))]}),
        page.field({name: 'version', label: t('version'), value: version, maxlength: 32}),
        organisationField(names, 'organisation', organisation),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.devices'), [
        {label: t('device.host'), wrap: true, cell: row => page.button(row.host, () => one(row, names, again), 'link')},
        {label: t('state'), cell: state},
        {label: t('version'), cell: row => row.version},
        {label: t('os'), cell: row => row.os},
        {label: t('organisation'), cell: row => names.get(row.organisation) ?? short(row.organisation)},
        {label: t('device.lastSeen'), cell: row => page.moment(row.lastSeenAt)},
        {label: t('identifier'), cell: row => short(row.uuid)},
      ], rows), page.pager('devices', parameters, rows)));
}

function one(device, names, again) {
  const facts = [
    [t('identifier'), page.code(device.uuid)],
    [t('state'), el('span', {}, state(device), ' ', device.status ?? '')],
    [t('organisation'), names.get(device.organisation) ?? page.code(device.organisation)],
    [t('version'), device.version],
    [t('os'), `${device.os} ${device.architecture}`],
    [t('device.modules'), (device.modules ?? []).join(', ')],
    [t('device.consents'), device.consents === undefined ? '' : number(device.consents)],
    [t('device.registered'), page.moment(device.registeredAt)],
    [t('device.lastSeen'), page.moment(device.lastSeenAt)],
    [t('device.blockedAt'), page.moment(device.blockedAt)],
  ];
  const to = route => () => {
    dialog.close();
    page.go(route, {device: device.uuid});
  };
  const trouble = el('div');
  const act = async act => {
    await change('POST', `/admin/v1/devices/${device.uuid}/${act}`);
    dialog.close();
    again();
  };
  const dialog = page.show(device.host,
      el('dl', {}, facts.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]).flat()),
      el('div', {class: 'actions'},
          page.button(t('nav.transactions'), to('transactions'), 'plain'),
          page.button(t('nav.logs'), to('logs'), 'plain'),
          device.blockedAt
            ? page.button(t('device.unblock'), () => page.attempt(trouble, () => act('unblock')))
            : page.button(t('device.block'), () => page.confirm(t('device.block'),
                t('device.block.question', {host: device.host}), t('device.block'), () => act('block')), 'danger')), trouble);
}

const DAYS = 60;
const CSV_PAGE = 1000;
const CSV_PAGES = 200;

/** Days without anything have no row, and a bar all the same. */
function withGaps(days) {
  const counts = new Map(days.map(day => [day.day, day.count]));
  if (counts.size === 0) {
    return [];
  }
  const newest = new Date(days[0].day);
  const oldest = new Date(Math.max(new Date(days.at(-1).day), newest - (DAYS - 1) * 86400000));
  const all = [];
  for (const day = oldest; day <= newest; day.setUTCDate(day.getUTCDate() + 1)) {
    const name = day.toISOString().slice(0, 10);
    all.push({day: name, count: counts.get(name) ?? 0});
  }
  return all;
}

export async function transactions(root, parameters, session) {
  const {page: number_ = 0, from, to, ...rest} = parameters;
  const query = {...rest, from: from && `${from}T00:00:00Z`, to: to && `${to}T00:00:00Z`};
  const [rows, days, names] = await Promise.all([
    get('/admin/v1/transactions', {...query, page: number_, pageSize: page.PAGE_SIZE}),
    // Counted once, not again for each page of the list.
    Number(number_) === 0 ? get('/admin/v1/transactions/days', query) : [],
    organisations(session),
  ]);
  const trouble = el('div');
  const shown = withGaps(days);
  root.append(
      page.filters('transactions', [
        page.field({name: 'module', label: t('transaction.module'), value: rest.module, maxlength: 100}),
        page.field({name: 'label', label: t('application'), value: rest.label, maxlength: 100}),
        page.field({name: 'tag', label: t('transaction.tag'), value: rest.tag, maxlength: 200}),
        page.field({name: 'device', label: t('device'), value: rest.device, maxlength: 36}),
        organisationField(names, 'organisation', rest.organisation),
        page.field({name: 'from', label: t('from'), kind: 'date', value: from}),
        page.field({name: 'to', label: t('before'), kind: 'date', value: to}),
      ]),
      shown.length > 0 && el('section', {class: 'card'},
          el('h2', {}, t('transaction.perDay')),
          page.chart(t('transaction.perDay'), shown),
          el('details', {}, el('summary', {}, t('asTable')), page.table(t('transaction.perDay'), [
            {label: t('day'), cell: day => day.day},
            {label: t('count'), numeric: true, cell: day => number(day.count)},
          ], days))) || '',
      el('div', {class: 'card'},
          el('div', {class: 'actions'}, csvButton(query, trouble)), trouble,
          page.table(t('nav.transactions'), [
            {label: t('time'), cell: row => page.moment(row.txDate)},
            {label: t('application'), cell: row => row.label},
            {label: t('transaction.module'), cell: row => row.module},
            {label: t('transaction.useCase'), cell: row => row.useCase},
            {label: t('transaction.tag'), wrap: true, cell: row => row.tag},
            {label: t('device'), cell: row => short(row.device)},
            {label: t('organisation'), cell: row => names.get(row.organisation) ?? short(row.organisation)},
          ], rows), page.pager('transactions', parameters, rows)));
}

function csvButton(query, trouble) {
  const control = page.button(t('csv'), () => page.attempt(trouble, async () => {
    const parts = [];
    // What happens meanwhile would move the pages.
    const before = query.to ?? new Date().toISOString();
    for (let i = 0; i < CSV_PAGES; i++) {
      const part = await text('/admin/v1/transactions', {...query, to: before, page: i, pageSize: CSV_PAGE},
          'text/csv');
      // The first line of each is the header.
      parts.push(i === 0 ? part : part.slice(part.indexOf('\r\n') + 2));
      if (part.split('\r\n').length - 2 < CSV_PAGE) {
        break;
      }
    }
    const link = el('a', {href: URL.createObjectURL(new Blob(parts, {type: 'text/csv'})), download: 'transactions.csv'});
    link.click();
    if (parts.length === CSV_PAGES) {
      trouble.replaceChildren(page.message(t('csv.cut', {count: number(CSV_PAGES * CSV_PAGE)}), 'bad'));
    }
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }, control), 'plain');
  return control;
}

export async function logs(root, parameters, session) {
  const {device, organisation, page: number_ = 0} = parameters;
  const [rows, names] = await Promise.all([
    get('/admin/v1/log-bundles', {device, organisation, page: number_, pageSize: page.PAGE_SIZE}),
    organisations(session),
  ]);
  root.append(
      el('p', {}, t('log.hint')),
      page.filters('logs', [
        page.field({name: 'device', label: t('device'), value: device, maxlength: 36}),
        organisationField(names, 'organisation', organisation),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.logs'), [
        {label: t('log.received'), cell: row => page.moment(row.receivedAt)},
        {label: t('device'), cell: row => short(row.device)},
        {label: t('organisation'), cell: row => names.get(row.organisation) ?? short(row.organisation)},
        {label: t('log.size'), numeric: true, cell: row => bytes(row.bytes)},
        {label: t('log.unpacked'), numeric: true, cell: row => bytes(row.unpackedBytes)},
        {label: '', cell: row => el('a', {href: address(`/admin/v1/log-bundles/${row.id}`), download: `${row.id}.gz`},
            t('download'))},
      ], rows), page.pager('logs', parameters, rows)));
}
