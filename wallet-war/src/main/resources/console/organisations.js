// Organisations: what the configuration of their wallets says, what is required of keys, how they sign. For operators.

import {change, changeText, get, text} from './api.js';
import * as page from './page.js';
import {t} from './texts.js';

const {el} = page;
const LEVELS = ['none', 'trusted_environment', 'secure_processor'];
/** How the app as it was shipped before asks for its attestation: a provider that has the profile says so in its metadata. */
const SHIPPED_APP = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export async function organisations(root, parameters) {
  const {name, page: number_ = 0} = parameters;
  const rows = await get('/admin/v1/organisations', {name, page: number_, pageSize: page.PAGE_SIZE});
  root.append(
      el('div', {class: 'actions'}, page.button(t('organisation.new'), () => page.ask(t('organisation.new'),
          page.field({name: 'name', label: t('name'), required: true, maxlength: 100}), t('create'), async values => {
            const made = await change('POST', '/admin/v1/organisations', values);
            page.go('organisation', {id: made.id});
          }))),
      page.filters('organisations', [
        page.field({name: 'name', label: t('organisation.search'), kind: 'search', value: name, maxlength: 100}),
      ]),
      el('div', {class: 'card'}, page.table(t('nav.organisations'), [
        {label: t('name'), wrap: true, cell: row =>
          el('a', {href: `#/organisation?${new URLSearchParams({id: row.id})}`}, row.name)},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
        {label: t('identifier'), cell: row => page.code(row.id)},
      ], rows), page.pager('organisations', parameters, rows)));
}

export async function organisation(root, {id}) {
  const at = `/admin/v1/organisations/${encodeURIComponent(id)}`;
  const [found, profile, policy, signature, keys, compatibility, metadata] = await Promise.all([
    get(at), text(`${at}/profile`), get(`${at}/key-policy`), get(`${at}/company-signature`),
    get(`${at}/company-keys`, {pageSize: 1000}), get(`${at}/compatibility`),
    get('/.well-known/oauth-authorization-server'),
  ]);
  const offered = metadata.grant_types_supported.includes(SHIPPED_APP);
  const again = () => page.go('organisation', {id});
  root.append(
      el('p', {}, el('a', {href: '#/organisations'}, t('organisation.back'))),
      el('section', {class: 'card'}, el('h2', {}, found.name), el('dl', {},
          el('dt', {}, t('identifier')), el('dd', {}, page.code(found.id)),
          el('dt', {}, t('created')), el('dd', {}, page.moment(found.createdAt))),
          el('p', {}, el('a', {href: `#/users?${new URLSearchParams({organisation: id})}`}, t('organisation.users')))),
      profileCard(at, profile), policyCard(at, policy), signatureCard(at, signature, keys, again),
      keysCard(at, keys, again), (offered || compatibility.allowed) && compatibilityCard(at, compatibility.allowed, again) || '');
}

/** Valid JSON on many lines, its numbers and texts as they are. */
function spread(json) {
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|\s+/g, part => {
    if (part === '{' || part === '[') {
      depth++;
      return part + line();
    }
    if (part === '}' || part === ']') {
      depth--;
      return line() + part;
    }
    return part === ',' ? part + line() : part === ':' ? ': ' : part.trim();
  });
}

function profileCard(at, profile) {
  const trouble = el('div');
  const shown = el('div', {'aria-live': 'polite'});
  const area = el('textarea', {name: 'profile', id: 'profile', rows: 14, spellcheck: 'false', 'aria-label': t('profile')});
  area.value = spread(profile);
  const run = (control, action) => {
    shown.replaceChildren();
    return page.attempt(trouble, action, control);
  };
  const preview = page.button(t('profile.preview'), () => run(preview, async () => {
    const claims = await changeText('POST', '/admin/v1/profile-preview', area.value);
    shown.replaceChildren(el('h3', {}, t('profile.previewed')), el('pre', {id: 'preview'}, spread(claims)));
  }), 'plain');
  const save = page.button(t('save'), () => run(save, async () => {
    area.value = spread(await changeText('PUT', `${at}/profile`, area.value));
    shown.replaceChildren(page.message(t('saved')));
  }));
  return el('section', {class: 'card'}, el('h2', {}, t('profile')), el('p', {}, t('profile.hint')), area, trouble,
      el('div', {class: 'actions'}, preview, save), shown);
}

function policyCard(at, policy) {
  const trouble = el('div');
  const choice = el('select', {name: 'required', 'aria-label': t('policy')}, LEVELS.map(level =>
      el('option', {value: level, selected: level === policy.required}, t(`level.${level}`))));
  let saved = policy.required;
  const put = async () => {
    await change('PUT', `${at}/key-policy`, {required: choice.value});
    saved = choice.value;
    trouble.replaceChildren(page.message(t('saved')));
  };
  const save = page.button(t('save'), () => {
    if (LEVELS.indexOf(choice.value) > LEVELS.indexOf(saved)) {
      page.confirm(t('policy'), t('policy.question'), t('save'), put);
      return undefined;
    }
    return page.attempt(trouble, put, save);
  });
  return el('section', {class: 'card', id: 'policy'}, el('h2', {}, t('policy')), el('p', {}, t('policy.hint')),
      el('div', {class: 'actions'}, choice, save), trouble);
}

function signatureCard(at, signature, keys, again) {
  const inUse = keys.filter(key => !key.revokedAt);
  const facts = signature.did
    ? [['DID', page.code(signature.did)], [t('signature.method'), page.code(signature.vm)]]
    : signature.kid ? [[t('signature.client'), signature.clientId], [t('signature.key'), page.code(signature.kid)]] : [];
  const put = async body => {
    await change('PUT', `${at}/company-signature`, body);
    again();
  };
  return el('section', {class: 'card'}, el('h2', {}, t('signature')),
      facts.length === 0 ? el('p', {class: 'message'}, t('none'))
        : el('dl', {}, facts.map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]).flat()),
      el('div', {class: 'actions'},
          page.button(t('signature.byDid'), () => page.ask(t('signature.byDid'), [
            page.field({name: 'did', label: 'DID', required: true, maxlength: 254, value: signature.did}),
            page.field({name: 'vm', label: t('signature.method'), required: true, maxlength: 509, value: signature.vm}),
          ], t('save'), put), 'plain'),
          inUse.length > 0 && page.button(t('signature.byKey'), () => page.ask(t('signature.byKey'), [
            page.field({name: 'clientId', label: t('signature.client'), required: true, maxlength: 254,
              value: signature.clientId}),
            page.field({name: 'kid', label: t('signature.key'), kind: 'select', value: signature.kid,
              options: inUse.map(key => ({value: key.kid, label: key.kid}))}),
          ], t('save'), put), 'plain') || '',
          facts.length > 0 && page.button(t('signature.nothing'), () => page.confirm(t('signature.nothing'),
              t('signature.nothing.question'), t('signature.nothing'), () => put({})), 'danger') || ''));
}

function keysCard(at, keys, again) {
  const trouble = el('div');
  const make = page.button(t('keys.new'), () => page.attempt(trouble, async () => {
    await change('POST', `${at}/company-keys`);
    again();
  }, make));
  return el('section', {class: 'card'}, el('h2', {}, t('keys')), el('div', {class: 'actions'}, make), trouble,
      page.table(t('keys'), [
        {label: t('signature.key'), wrap: true, cell: row => page.code(row.kid)},
        {label: t('state'), cell: row => row.revokedAt ? page.mark(t('revoked'), 'bad') : page.mark(t('valid'), 'good')},
        {label: t('created'), cell: row => page.moment(row.createdAt)},
        {label: '', cell: row => !row.revokedAt && page.button(t('revoke'), () => page.confirm(t('revoke'),
            t('keys.revoke.question'), t('revoke'), async () => {
              await change('DELETE', `${at}/company-keys/${row.kid}`);
              again();
            }), 'danger') || ''},
      ], keys));
}

/** Whether wallets of the app as it was shipped before may begin and go on; which users have one, their list tells. */
function compatibilityCard(at, allowed, again) {
  const put = to => async () => {
    await change('PUT', `${at}/compatibility`, {allowed: to});
    again();
  };
  const asked = (label, question, to) => page.button(label, () => page.confirm(label, question, label, put(to)), 'danger');
  return el('section', {class: 'card', id: 'compatibility'}, el('h2', {}, t('compatibility')),
      el('p', {}, t('compatibility.hint')),
      el('p', {}, allowed ? page.mark(t('compatibility.allowed')) : page.mark(t('compatibility.refused'))),
      el('div', {class: 'actions'}, allowed
        ? asked(t('compatibility.refuse'), t('compatibility.refuse.question'), false)
        : asked(t('compatibility.allow'), t('compatibility.allow.question'), true)));
}
