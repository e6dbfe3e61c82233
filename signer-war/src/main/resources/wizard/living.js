// One credential that has its certificate: how it stands, and what its holder can do with it.

import {ACTS} from './acts.js';
import {ownCredentials} from './calls.js';
import {PENDING, status} from './credentials.js';
import {protection} from './factors.js';
import {button, code, el, explain, go, message, moment} from './page.js';
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

/** Acts after which a renewal that waits has no end any more. */
const END_RENEWAL = ['pin', 'otp', 'renewal', 'suspend', 'revoke'];

/** Something else in the place of what was shown. */
function show(place, title, ...content) {
  const heading = el('h2', {tabindex: '-1', id: 'step'}, title);
  const card = el('div', {class: 'card'}, content);
  place.replaceChildren(heading, card);
  return {heading, card};
}

/** They are there from the beginning: to be read, not called out. */
function warnings(one, roles) {
  const renews = ACTS.renewal.when(one, roles);
  const ends = one.status !== 'revoked' && one.validity;
  const bad = words => el('p', {class: 'message bad'}, words);
  const note = words => el('p', {class: 'message'}, words);
  return [
    ends === 'expired' && bad(renews ? t('living.expired') : t('living.expired.ask')),
    ends === 'expiring' && bad(renews ? t('living.expiring') : t('living.expiring.ask')),
    one.status === 'locked' && bad(t('living.locked')),
    one.suspendedBy === 'holder' && note(t('living.suspended')),
    one.suspendedBy === 'administrator' && bad(t('living.suspendedByAdministrator')),
    one.renewal && note(t('living.renewal')),
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
  return show(view.place, one.subject, warnings(one, view.session.roles),
      el('dl', {}, facts.map(([label, value]) => [el('dt', {}, label), el('dd', {}, value)])),
      acts.length > 0 && el('div', {class: 'actions', role: 'group', 'aria-label': t('living.acts')},
          acts.map(([name, {danger}]) => el('button', {type: 'button', id: `act-${name}`, class: danger ? 'danger' : 'plain',
            click: () => begin(view, one, name)}, t(`act.${name}`))))).heading;
}

/** What is shown from now on. @return whether something else was begun since, or the view was left */
function newTurn(view) {
  const turn = {};
  view.turn = turn;
  return () => view.turn !== turn || !view.place.isConnected;
}

/** To the credential as it is by now. @param words of the act that is done, whether or not it can be looked up after it */
async function overviewAgain(view, one, words) {
  const isOver = newTurn(view);
  view.said.replaceChildren(...words ? [el('p', {class: 'message good'}, words)] : []);
  view.place.replaceChildren();
  let now;
  try {
    now = await living(one.credentialId);
  } catch (failure) {
    if (!isOver()) {
      const again = button(t('tryAgain'), () => overviewAgain(view, one, words));
      view.place.replaceChildren(message(explain(failure), 'bad'), el('div', {class: 'actions'}, again));
      again.focus();
    }
    return;
  }
  if (isOver()) {
    return;
  }
  // Nothing is at the address of one that was deleted.
  const heading = now ? overview(view, now) : show(view.place, one.subject, button(t('nav.credentials'), () => go('credentials'))).heading;
  heading.focus();
}

/** The steps of an act, in the place of the overview, until it is done or left. What is answered after that shows nothing. */
function begin(view, one, name) {
  const isOver = newTurn(view);
  view.said.replaceChildren(...one.renewal && END_RENEWAL.includes(name) ? [el('p', {class: 'message'}, t('living.renewalEnds'))] : []);
  const step = title => {
    if (isOver()) {
      return el('div');
    }
    const {heading, card} = show(view.place, title);
    heading.focus();
    return card;
  };
  const back = async words => {
    if (!isOver()) {
      await overviewAgain(view, one, words);
    }
  };
  // As it is by now: a renewal may wait.
  const cancel = button(t('cancel'), () => overviewAgain(view, one), 'plain');
  ACTS[name].begin({one, step, back, cancel, title: t(`act.${name}`)});
}
