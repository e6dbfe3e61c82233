// What every console has: who is signed in, which page is shown.

import * as api from './api.js';
import {attempt, el, explain, field, mark, message, values} from './page.js';
import {language, languages, speak, t} from './texts.js';

/** What the product's console shows. */
let views = {};
/** What it calls somebody who is signed in. */
let called = found => `${found.user} (${found.roles.map(role => t(`role.${role}`)).join(', ')})`;
let session = {signedIn: false};
/** How people sign in, as the service said last. */
let ways = {};
let shown = 0;

/** Dialogs stand beside it: they stay when a page is drawn anew. */
const app = el('div');

function mine() {
  return Object.entries(views).filter(([, view]) => view.roles.some(role => session.roles.includes(role)));
}

function place() {
  const [route, query] = location.hash.replace(/^#\/?/, '').split('?');
  const allowed = mine().map(([name]) => name);
  return {route: allowed.includes(route) ? route : allowed[0], parameters: Object.fromEntries(new URLSearchParams(query))};
}

function languageChoice() {
  return el('label', {}, el('span', {class: 'hidden-visually'}, t('language')), el('select', {
    class: 'compact', id: 'language', change: async event => {
      await speak(event.target.value);
      await render();
    },
  }, Object.entries(languages).map(([code, name]) => el('option', {value: code, selected: code === language()}, name))));
}

function top(...more) {
  return el('header', {class: 'top'},
      el('span', {class: 'brand'}, el('img', {src: 'icon.svg', alt: ''}),
          el('span', {}, 'Countersign ', el('small', {}, t('product')))),
      ...more, languageChoice());
}

function signInPage() {
  const trouble = el('div');
  const submit = el('button', {}, t('signIn'));
  const form = el('form', {submit: async event => {
    event.preventDefault();
    const {user = ''} = values(form);
    // As typed: a password may begin with a blank.
    const found = await attempt(trouble, () => api.signIn(user, form.elements.password.value), submit);
    if (found) {
      session = found;
      await render();
    } else {
      form.elements.password.value = '';
      form.elements.password.focus();
    }
  }},
  field({name: 'user', label: t('user'), autocomplete: 'username', required: true, maxlength: 64, autocapitalize: 'none'}),
  field({name: 'password', label: t('password'), kind: 'password', autocomplete: 'current-password', required: true,
    maxlength: 256}),
  trouble, submit);
  document.title = `${t('signIn')} – Countersign`;
  app.removeAttribute('aria-busy');
  const elsewhere = ways.openId && el('p', {}, el('a', {href: 'openid'}, t('signInByOpenId')));
  const passwords = ways.passwords !== false;
  app.replaceChildren(top(), el('main', {class: 'sign-in'}, el('div', {class: 'card'},
      el('h1', {}, t('signIn')), ways.demonstration && message(t('demonstration.users')), elsewhere, passwords && form)));
  if (passwords) {
    form.elements.user.focus();
  }
}

async function render() {
  if (!session.signedIn) {
    document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
    signInPage();
    return;
  }
  const {route, parameters} = place();
  const menu = views[route].within ?? route;
  const heading = el('h1', {tabindex: '-1'}, t(`nav.${menu}`));
  const trouble = el('div');
  const main = el('main', {id: 'main'}, heading, trouble);
  document.title = `${t(`nav.${menu}`)} – Countersign`;
  const turn = ++shown;
  app.setAttribute('aria-busy', 'true');
  try {
    const content = el('div');
    await views[route].view(content, parameters, session);
    main.append(content);
  } catch (failure) {
    main.append(message(explain(failure), 'bad'));
  }
  if (turn !== shown || !session.signedIn) {
    // Something newer is shown, or will be.
    return;
  }
  app.removeAttribute('aria-busy');
  const out = el('button', {type: 'button', class: 'plain', id: 'sign-out', click: () => attempt(trouble, api.signOut, out)},
      t('signOut'));
  app.replaceChildren(
      el('a', {class: 'skip', href: '#main', click: event => {
        event.preventDefault();
        heading.focus();
      }}, t('skip')),
      top(session.demonstration && mark(t('demonstration')), el('span', {class: 'who'}, called(session)), out),
      el('div', {class: 'frame'},
          el('nav', {'aria-label': t('menu')}, el('ul', {}, mine().filter(([, view]) => !view.within).map(([name]) =>
              el('li', {}, el('a', {href: `#/${name}`, 'aria-current': name === menu && 'page'}, t(`nav.${name}`)))))),
          main));
  heading.focus({preventScroll: true});
}

function take(found) {
  session = found;
  if (found.openId !== undefined || found.demonstration !== undefined) {
    ways = found;
  }
}

async function begin() {
  try {
    take(await api.session());
    await render();
  } catch (failure) {
    app.replaceChildren(el('main', {class: 'sign-in'}, el('div', {class: 'card'}, message(explain(failure), 'bad'),
        el('button', {type: 'button', click: begin}, t('tryAgain')))));
  }
}

/** Shows views by the order of the menu, with who sees them. What is not in the menu is within another one. */
export async function start(own, name = called) {
  views = own;
  called = name;
  api.onChange(found => {
    if (session.signedIn) {
      // What this page knows of somebody, files and secrets that were shown once among it, goes with the session.
      location.reload();
      return;
    }
    take(found);
    render();
  });
  addEventListener('hashchange', render);
  document.body.append(app);
  await speak();
  await begin();
}
