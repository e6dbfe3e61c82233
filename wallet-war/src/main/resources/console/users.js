// Users, their invitations and wallets: for operators.

import {change, get, sendFile} from './api.js';
import * as page from './page.js';
import {number, t} from './texts.js';

const {el} = page;

/** The organisations' names by identifier. */
async function organisationNames() {
  const names = new Map();
  const pageSize = 1000;
  let rows;
  for (let number_ = 0; !rows || rows.length === pageSize; number_++) {
    rows = await get('/admin/v1/organisations', {page: number_, pageSize});
    rows.forEach(organisation => names.set(organisation.id, organisation.name));
  }
  return names;
}

function state(user) {
  if (user.blocked) {
    return page.mark(t('user.state.blocked'), 'bad');
  }
  if (user.wallet?.locked) {
    return page.mark(t('user.state.locked'), 'bad');
  }
  if (user.wallet) {
    return page.mark(t(user.wallet.compatibility ? 'user.state.shipped' : 'user.state.wallet'), 'good');
  }
  return user.invitedUntil && new Date(user.invitedUntil) > new Date()
    ? page.mark(t('user.state.invited')) : page.mark(t('user.state.nothing'));
}

function kind(user) {
  return t(user.walletFor === 'lp' ? 'user.legal' : 'user.natural');
}

function options(names) {
  return [...names].map(([value, label]) => ({value, label}));
}

export async function users(root, parameters) {
  const {login, organisation, page: number_ = 0} = parameters;
  const [rows, names] = await Promise.all([
    get('/admin/v1/users', {login, organisation, page: number_, pageSize: page.PAGE_SIZE}),
    organisationNames(),
  ]);
  const again = () => page.go('users', parameters);
  root.append(
      el('div', {class: 'actions'}, names.size > 0 && page.button(t('user.new'), () => page.ask(t('user.new'), [
        page.field({name: 'organisationId', label: t('organisation'), kind: 'select', required: true,
          options: options(names)}),
        page.field({name: 'login', label: t('user.login'), required: true, maxlength: 254, autocapitalize: 'none'}),
        page.field({name: 'walletFor', label: t('user.for'), kind: 'select', value: 'np', options: [
          {value: 'np', label: t('user.natural')}, {value: 'lp', label: t('user.legal')}]}),
      ], t('create'), async values => {
        await change('POST', '/admin/v1/users', values);
        again();
      })) || '', names.size > 0 && page.button(t('import'), () => importUsers(names, organisation, again), 'plain') || ''),
      page.filters('users', [
        page.field({name: 'login', label: t('user.search'), kind: 'search', value: login, maxlength: 254}),
        page.field({name: 'organisation', label: t('organisation'), kind: 'select', value: organisation,
          options: [{value: '', label: t('all')}, ...options(names)]}),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.users'), [
        {label: t('user.login'), wrap: true, cell: row => page.button(row.login, () => one(row, names, again), 'link')},
        {label: t('state'), cell: state},
        {label: t('user.for'), cell: kind},
        {label: t('organisation'), cell: row => names.get(row.organisationId) ?? page.code(row.organisationId)},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
      ], rows), page.pager('users', parameters, rows)));
}

/** Many at once, of a file: all of them, or none. */
function importUsers(names, organisation, again) {
  const file = page.field({name: 'file', label: t('import.file'), kind: 'file', accept: '.csv,text/csv', required: true,
    hint: t('import.hint')});
  page.ask(t('import'), [
    page.field({name: 'organisationId', label: t('organisation'), kind: 'select', required: true, value: organisation,
      options: options(names)}),
    file,
  ], t('import.start'), async ({organisationId}) => {
    const {added} = await sendFile(`/admin/v1/organisations/${encodeURIComponent(organisationId)}/users`,
        file.querySelector('input').files[0], 'text/csv');
    again();
    page.show(t('import'), el('p', {}, t('import.added', {count: number(added)})));
  });
}

function one(user, names, again) {
  const at = `/admin/v1/users/${user.id}`;
  const trouble = el('div');
  const done = () => {
    dialog.close();
    again();
  };
  const act = name => async () => {
    await change('POST', `${at}/${name}`);
    done();
  };
  const asked = (label, question, action) => page.button(label, () => page.confirm(label, question, label, action),
      'danger');
  const {login} = user;
  const invite = page.button(t('user.invite'), () => page.attempt(trouble, async () => {
    const made = await change('POST', `${at}/invitation`);
    done();
    invited(user, made);
  }, invite));
  const direct = (label, name) => {
    const control = page.button(label, () => page.attempt(trouble, act(name), control));
    return control;
  };
  const facts = [
    [t('identifier'), page.code(user.id)],
    [t('state'), state(user)],
    [t('organisation'), names.get(user.organisationId) ?? page.code(user.organisationId)],
    [t('user.for'), kind(user)],
    [t('user.invitedUntil'), page.moment(user.invitedUntil)],
    [t('user.wallet'), user.wallet ? page.moment(user.wallet.createdAt) : t('none')],
    [t('user.wrongPins'), user.wallet && !user.wallet.compatibility ? number(user.wallet.wrongPins) : t('none')],
    [t('created'), page.moment(user.createdAt)],
  ];
  const dialog = page.show(user.login,
      el('dl', {}, facts.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]).flat()),
      el('div', {class: 'actions'},
          invite,
          user.wallet && user.wallet.wrongPins > 0 && direct(t('user.unlock'), 'unlock'),
          user.blocked ? direct(t('user.unblock'), 'unblock')
            : asked(t('user.block'), t('user.block.question', {login}), act('block')),
          user.wallet && asked(t('user.revoke'), t('user.revoke.question', {login}), act('revoke-wallet')),
          asked(t('user.remove'), t('user.remove.question', {login}), async () => {
            await change('DELETE', at);
            done();
          })), trouble);
}

/** The link has the password: it is shown this once. */
function invited(user, invitation) {
  page.show(t('user.invited', {login: user.login}),
      el('p', {}, t('shownOnce')),
      el('p', {}, t('user.invitedUntil'), ' ', page.moment(invitation.expiresAt)),
      el('p', {}, el('img', {src: `data:image/png;base64,${invitation.qrCode}`, alt: t('user.qrCode'), id: 'qr-code',
        width: 300, height: 300})),
      el('details', {}, el('summary', {}, t('user.link')), el('code', {class: 'secret', id: 'secret'}, invitation.link)));
}
