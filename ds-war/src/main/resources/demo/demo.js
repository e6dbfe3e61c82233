// Shows what a page can do with the agent: readers, consent, certificates, and the signature of a file with a card. It uses the
// SDK as any page does; only the token comes from this service, by the session of whoever is signed in at the console.

import {agentDownload, codeWord, Connector, ConnectorError, digest} from '../sdk/countersign-sdk.mjs';
import * as api from '../console/api.js';
import {attempt, button, code, el, field, message, table, values} from '../console/page.js';
import {language, languages, speak, t} from '../console/texts.js';

const PORTS = {https: '51983', http: '51984'};
const MOST_APPLICATIONS = 50;
const LARGEST_FILE = 256 * 1024 * 1024;

const app = el('div');
let session = {signedIn: false};
let applications = [];
let application;
let connector;
let reader;
let chosen;

/** The sections of the page, each filled when the one before it has been gone through. */
const sections = {};

function languageChoice() {
  return el('label', {}, el('span', {class: 'hidden-visually'}, t('language')), el('select', {
    class: 'compact', id: 'language', change: async event => {
      await speak(event.target.value);
      render();
    },
  }, Object.entries(languages).map(([tag, name]) => el('option', {value: tag, selected: tag === language()}, name))));
}

function section(name, ...content) {
  const heading = el('h2', {id: `${name}-title`}, t(`${name}.title`));
  sections[name].replaceChildren(heading, ...content);
}

/** Runs a call of the agent's. What failed is told by the SDK; without consent the page asks for it. */
async function agent(where, action, control) {
  where.replaceChildren();
  control.disabled = true;
  try {
    return await action();
  } catch (failure) {
    if (!(failure instanceof ConnectorError)) {
      await attempt(where, () => Promise.reject(failure));
    } else {
      const number = failure.code === undefined ? '' : ` (${failure.code})`;
      where.replaceChildren(message(failure.message + number, 'bad'), ...help(failure));
    }
    return undefined;
  } finally {
    control.disabled = false;
  }
}

function help(failure) {
  switch (failure.reason) {
    case 'agent-absent':
      return [el('p', {}, el('a', {href: agentDownload(new URL('..', document.baseURI).href), download: ''}, t('agent.download')))];
    case 'consent-required':
    case 'consent-refused':
      return consent();
    default:
      return [];
  }
}

/** Both ways to ask for it. The code word of the dialog stands on the page, to be compared. */
function consent() {
  const word = codeWord();
  const trouble = el('div');
  const given = async control => {
    if (await agent(trouble, async () => {
      await control.act();
      return true;
    }, control.button)) {
      await listReaders();
    }
  };
  const dialog = button(t('consent.dialog'), () => given({button: dialog, act: () =>
    connector.consent.explicit({title: 'Countersign', codeWord: word, type: 'reader', timeout: 60})}));
  const clipboard = button(t('consent.clipboard'), () => given({button: clipboard, act: () => connector.consent.implicit()}), 'plain');
  return [el('div', {class: 'card', id: 'consent'},
      el('p', {}, t('consent.compare')), el('p', {}, code(word)),
      el('div', {class: 'actions'}, dialog, clipboard), trouble)];
}

async function token() {
  return (await api.change('POST', `/admin/v1/applications/${application.id}/demonstration-token`)).token;
}

function connection() {
  const trouble = el('div', {'aria-live': 'polite'});
  const found = el('div');
  const submit = el('button', {}, t('agent.connect'));
  const form = el('form', {class: 'fields', submit: async event => {
    event.preventDefault();
    const given = {...PORTS, ...values(form)};
    application = applications.find(known => known.id === given.application) ?? applications[0];
    found.replaceChildren();
    for (const later of ['readers', 'certificates', 'signature']) {
      sections[later].replaceChildren();
    }
    connector = await agent(trouble, () => Connector.initialize({
      url: `https://localhost:${given.https}`, httpUrl: `http://localhost:${given.http}`, token, language: language(),
    }), submit);
    if (connector) {
      const info = connector.info.t1CInfoAPI;
      found.append(message(t('agent.found', {version: info.productVersion ?? info.version}), 'good'));
      await listReaders();
    }
  }},
  applications.length > 1 && field({name: 'application', label: t('application'), kind: 'select',
    value: applications[0].id, options: applications.map(({id, label}) => ({value: id, label}))}),
  el('details', {}, el('summary', {}, t('agent.ports')), el('div', {class: 'fields'},
      field({name: 'https', label: 'HTTPS', kind: 'number', min: 1, max: 65535, value: PORTS.https}),
      field({name: 'http', label: 'HTTP', kind: 'number', min: 1, max: 65535, value: PORTS.http}))),
  el('div', {class: 'actions'}, submit), trouble);
  section('agent', el('p', {}, t('agent.text')), form, found);
}

async function listReaders() {
  const trouble = el('div', {'aria-live': 'polite'});
  const list = el('div');
  const again = button(t('readers.again'), listReaders, 'plain');
  section('readers', list, el('div', {class: 'actions'}, again), trouble);
  const readers = await agent(trouble, () => connector.readers(), again);
  if (readers) {
    list.append(table(t('readers.title'), [
      {label: t('reader'), cell: row => row.name, wrap: true},
      {label: t('card'), cell: row => row.card && (row.card.description?.join(', ') || code(row.card.atr)), wrap: true},
      {label: t('modules'), cell: row => row.card?.module?.join(', ')},
      {label: '', cell: row => row.card?.module?.map(name =>
        button(t('certificates.show', {module: name}), event => certificates(row, name, event.currentTarget), 'plain'))},
    ], readers));
  }
}

async function certificates(from, module, control) {
  reader = connector.token(module, from.id);
  const trouble = el('div', {'aria-live': 'polite'});
  section('certificates', trouble);
  sections.signature.replaceChildren();
  const found = await agent(trouble, () => reader.certificates(), control);
  if (!found) {
    return;
  }
  section('certificates', table(t('certificates.title'), [
    {label: t('subject'), cell: row => row.subject, wrap: true},
    {label: t('issuer'), cell: row => row.issuer, wrap: true},
    {label: t('use'), cell: row => t(`use.${row.certificateType}`)},
    {label: '', cell: row => ['AUTHENTICATION', 'NON_REPUDIATION'].includes(row.certificateType) &&
      button(t('sign.with'), () => signature(row), 'plain')},
  ], found), trouble);
}

function signature(certificate) {
  chosen = certificate;
  const trouble = el('div', {'aria-live': 'polite'});
  const result = el('div', {'aria-live': 'polite'});
  const submit = el('button', {}, t('sign'));
  const form = el('form', {class: 'fields', submit: async event => {
    event.preventDefault();
    result.replaceChildren();
    const [file] = form.elements.file.files;
    const pin = form.elements.pin.value;
    form.elements.pin.value = '';
    if (!file || file.size > LARGEST_FILE) {
      trouble.replaceChildren(message(t('sign.file'), 'bad'));
      return;
    }
    const made = await agent(trouble, async () => {
      const hash = await digest('sha256', await file.arrayBuffer());
      const request = {algorithm: 'sha256', hash, id: chosen.id, ...(pin ? {pin} : {osDialog: true})};
      const bytes = await (chosen.certificateType === 'AUTHENTICATION' ? reader.authenticate(request) : reader.sign(request));
      return {hash, bytes};
    }, submit);
    if (made) {
      shown(result, file.name, made);
    }
  }},
  field({name: 'file', label: t('sign.choose'), kind: 'file', required: true}),
  field({name: 'pin', label: t('sign.pin'), kind: 'password', autocomplete: 'off', maxlength: 64, hint: t('sign.pinHint')}),
  el('div', {class: 'actions'}, submit), trouble);
  section('signature', el('p', {}, t('sign.text', {subject: certificate.subject})), form, result);
  form.elements.file.focus();
}

function shown(result, name, {hash, bytes}) {
  const hex = Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
  const base64 = btoa(String.fromCharCode(...bytes));
  const link = (label, content, file) => el('a', {
    class: 'button plain', href: URL.createObjectURL(new Blob([content])), download: file}, label);
  const der = Uint8Array.from(atob(chosen.certificate), character => character.charCodeAt(0));
  result.replaceChildren(message(t('sign.done'), 'good'),
      el('dl', {}, el('dt', {}, 'SHA-256'), el('dd', {}, code(hex)),
          el('dt', {}, t('signature.title')), el('dd', {id: 'made'}, code(base64))),
      el('div', {class: 'actions'}, link(t('sign.save'), bytes, `${name}.sig`), link(t('sign.certificate'), der, 'certificate.der')),
      el('p', {}, t('sign.check')),
      el('p', {}, code('openssl x509 -inform DER -in certificate.der -pubkey -noout -out key.pem')),
      // A file's name in a command to be copied would be run by the shell, too.
      el('p', {}, code('openssl dgst -sha256 -verify key.pem -signature FILE.sig FILE')),
      el('p', {}, t('sign.embedded')));
}

function render() {
  document.title = `${t('title')} – Countersign`;
  for (const name of ['agent', 'readers', 'certificates', 'signature']) {
    sections[name] = el('section', {'aria-labelledby': `${name}-title`});
  }
  const heading = el('h1', {tabindex: '-1'}, t('title'));
  const main = el('main', {id: 'main'}, heading);
  if (!session.signedIn) {
    main.append(message(t('signInFirst')), el('p', {}, el('a', {href: '../console/'}, t('console'))));
  } else if (applications.length === 0) {
    main.append(message(t('noApplication', {origin: location.origin})), el('p', {}, el('a', {href: '../console/#/applications'}, t('console'))));
  } else {
    connection();
    main.append(...Object.values(sections));
  }
  app.replaceChildren(
      el('a', {class: 'skip', href: '#main', click: event => {
        event.preventDefault();
        heading.focus();
      }}, t('skip')),
      el('header', {class: 'top'}, el('span', {class: 'brand'}, el('img', {src: '../console/icon.svg', alt: ''}),
          el('span', {}, 'Countersign ', el('small', {}, t('product')))),
      session.signedIn && el('span', {class: 'who'}, session.user), languageChoice()),
      main);
}

/** Those whose pages may be this one. */
async function mine() {
  const found = [];
  for (let page = 0; ; page++) {
    const some = await api.get('/admin/v1/applications', {page, pageSize: MOST_APPLICATIONS});
    found.push(...some.filter(known => known.origins.includes(location.origin)));
    if (some.length < MOST_APPLICATIONS) {
      return found;
    }
  }
}

async function begin(found) {
  const trouble = el('main');
  app.replaceChildren(trouble);
  await attempt(trouble, async () => {
    session = found ?? await api.session();
    applications = session.signedIn && session.roles.includes('operator') ? await mine() : [];
    render();
  });
}

api.onChange(begin);
document.body.append(app);
await speak();
await begin();
