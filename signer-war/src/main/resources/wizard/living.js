// One credential that has its certificate: how it stands, and what its holder can do with it.

import {ACTS} from './acts.js';
import {ownCredentials} from './calls.js';
import {PENDING, status} from './credentials.js';
import {protection} from './factors.js';
import {attempt, button, code, el, go, message, moment} from './page.js';
import {t} from './texts.js';

export async function credential(root, parameters, session) {
  const found = await living(parameters.id);
  if (!found) {
    root.append(message(t('living.gone'), 'bad'));
    return;
  }
  // It stays while what is below changes, so that it is read out.
  const said = el('div', {role: 'status'});
  const place = el('div', {class: 'narrow'});
  root.append(said, place);
  overview({said, place, session}, found);
}

async function living(id) {
  return (await ownCredentials()).find(one => one.credentialId === id && one.subject && !PENDING.includes(one.status));
}

/** Something else in the place of what was shown. */
function show(place, title, ...content) {
  const heading = el('h2', {tabindex: '-1', id: 'step'}, title);
  const card = el('div', {class: 'card'}, content);
  place.replaceChildren(heading, card);
  return {heading, card};
}

function warnings(one) {
  return [
    one.validity === 'expired' && message(t('living.expired'), 'bad'),
    one.validity === 'expiring' && one.status !== 'revoked' && message(t('living.expiring'), 'bad'),
    one.status === 'locked' && message(t('living.locked'), 'bad'),
    one.suspendedBy === 'holder' && message(t('living.suspended')),
    one.suspendedBy === 'administrator' && message(t('living.suspendedByAdministrator'), 'bad'),
    one.renewal && message(t('living.renewal')),
  ];
}

/** @return its heading */
function overview(view, one) {
  const facts = [
    [t('state'), status(one)],
    [t('factors'), protection(one)],
    [t('key'), t(`key.${one.key}`)],
    [t('living.issuer'), one.issuer],
    [t('validTo'), moment(one.validTo)],
    [t('created'), moment(one.createdAt)],
    [t('credential'), code(one.credentialId)],
  ];
  const acts = Object.entries(ACTS).filter(([, act]) => act.when(one, view.session.roles));
  return show(view.place, one.subject, warnings(one),
      el('dl', {}, facts.map(([label, value]) => [el('dt', {}, label), el('dd', {}, value)])),
      acts.length > 0 && el('div', {class: 'actions', role: 'group', 'aria-label': t('living.acts')},
          acts.map(([name, {danger}]) => el('button', {type: 'button', id: `act-${name}`, class: danger ? 'danger' : 'plain',
            click: () => begin(view, one, name)}, t(`act.${name}`))))).heading;
}

/** The steps of an act, in the place of the overview, until it is done or left. */
function begin(view, one, name) {
  view.said.replaceChildren();
  const step = title => {
    const {heading, card} = show(view.place, title);
    heading.focus();
    return card;
  };
  const back = async words => {
    const now = await living(one.credentialId);
    if (words) {
      view.said.replaceChildren(el('p', {class: 'message good'}, words));
    }
    if (now) {
      overview(view, now).focus();
      return;
    }
    // It was deleted: nothing is at this address any more.
    window.history.replaceState(null, '', '#/credentials');
    show(view.place, one.subject, button(t('nav.credentials'), () => go('credentials'))).heading.focus();
  };
  // As it is by now: a renewal may wait.
  const cancel = button(t('cancel'), () => attempt(view.said, () => back()), 'plain');
  ACTS[name].begin({one, step, back, cancel, title: t(`act.${name}`)});
}
