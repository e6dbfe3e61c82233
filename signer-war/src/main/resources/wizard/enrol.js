// From nothing to a credential that signs, step by step. What was shown once, the secret of the OTP, is in this page's memory alone, and
// of one session.

import {change, get} from './api.js';
import {ownCredentials} from './calls.js';
import {certificateForms, KEYS, keyField} from './certificate.js';
import {authenticatorSecret, isSamePin, newPinFields, otpField, protection, sendsCodes} from './factors.js';
import {stepForm} from './forms.js';
import {code, el, field, go, message} from './page.js';
import {t} from './texts.js';

const BEGIN = {step: 'protection'};
let state = BEGIN;
let owner = null;
let mayList = false;

/** Whether the certification authority can be asked for the certificate: who may not see credentials does not know. */
async function asksAuthority() {
  if (state.enrolment === undefined && mayList) {
    state.enrolment = (await ownCredentials()).find(one => one.credentialId === state.id)?.enrolment ?? false;
  }
  return state.enrolment === true;
}

/** Where a credential that was begun before goes on. */
function continued(found) {
  const known = {id: found.credentialId, factors: found.factors, otpDelivery: found.otpDelivery,
    configuration: found.authorizationConfigurationId, enrolment: found.enrolment};
  if (found.status === 'certificate_pending') {
    return {...known, step: 'certificate'};
  }
  if (found.status === 'key_pair_pending') {
    return {...known, step: 'key'};
  }
  if (known.factors.includes('PIN') && !found.pinSet) {
    return {...known, step: 'pin'};
  }
  return {...known, step: 'otp', otpSet: found.otpSet};
}

function steps() {
  const factors = state.factors ?? ['PIN', 'OTP'];
  return ['protection', factors.includes('PIN') && 'pin', factors.includes('OTP') && !sendsCodes(state) && 'otp', 'key',
    'certificate']
      .filter(Boolean);
}

function after(step) {
  const all = steps();
  return all[all.indexOf(step) + 1] ?? 'done';
}

export async function enrol(root, parameters, session) {
  if (owner !== session.csrfToken) {
    state = BEGIN;
    owner = session.csrfToken;
  }
  mayList = session.roles.includes('lister');
  const configurations = (await get('/api/v1/authorization-configurations'))
      .filter(configuration => !configuration.factors.includes('PUSH'));
  const wanted = parameters.credential;
  if (wanted && state.id !== wanted) {
    const found = (await ownCredentials()).find(credential => credential.credentialId === wanted && credential.own);
    if (found && found.status.endsWith('_pending')) {
      state = continued(found);
    } else {
      root.append(message(t('enrol.gone'), 'bad'));
      state = BEGIN;
    }
  } else if (!wanted && state.id) {
    // A new one: what was begun is in the list of credentials.
    state = BEGIN;
  }
  const place = el('div', {class: 'narrow'});
  root.append(place);
  await show(place, configurations, false);
}

async function show(place, configurations, moved) {
  const current = steps().indexOf(state.step);
  const heading = el('h2', {tabindex: '-1', id: 'step'}, t(`step.${state.step}`));
  const content = el('div', {class: 'card'});
  place.replaceChildren(
      el('ol', {class: 'steps', 'aria-label': t('enrol.steps')}, steps().map((step, i) =>
          el('li', {'aria-current': i === current && 'step', class: (current < 0 || i < current) && 'past'},
              t(`step.${step}`)))),
      heading, content);
  const next = async more => {
    const before = state.step;
    state = {...state, ...more};
    state.step = after(before);
    if (before === 'protection') {
      // The address names the credential from now on, so that a page loaded anew goes on with it.
      window.history.replaceState(null, '', `#/enrol?credential=${state.id}`);
    }
    await show(place, configurations, true);
  };
  await VIEWS[state.step](content, next, configurations);
  if (moved) {
    heading.focus();
  }
}

const VIEWS = {
  protection(content, next, configurations) {
    if (configurations.length === 0) {
      content.append(message(t('protection.none'), 'bad'));
      return;
    }
    content.append(el('p', {}, t('protection.hint')));
    const strongest = configurations.reduce((best, one) => one.factors.length > best.factors.length ? one : best,
        configurations[0]);
    stepForm(content, [field({name: 'configuration', label: t('protection.choose'), kind: 'select', value: strongest?.id,
      options: configurations.map(one => ({value: one.id, label: `${protection(one)} (${one.id})`}))})], t('enrol.start'),
    async form => {
      const configuration = configurations.find(one => one.id === form.elements.configuration.value);
      const made = await change('POST', '/api/v1/credentials', {authorizationConfigurationId: configuration.id});
      await next({id: made.credentialId, factors: configuration.factors, otpDelivery: configuration.otpDelivery,
        configuration: configuration.id});
    });
  },

  pin(content, next, configurations) {
    const policy = configurations.find(one => one.id === state.configuration)?.pinPolicy;
    content.append(el('p', {}, t('pin.hint')));
    stepForm(content, newPinFields(policy, 'pin'), t('pin.set'), async (filled, trouble) => {
      if (!isSamePin(filled, 'pin', trouble)) {
        return;
      }
      await change('POST', `/api/v1/credentials/${state.id}/pin`, {value: filled.elements.pin.value});
      filled.reset();
      await next({});
    });
  },

  async otp(content, next) {
    if (!state.otp && !state.otpSet) {
      state.otp = await change('POST', `/api/v1/credentials/${state.id}/otp`);
      state.otpSet = true;
    }
    content.append(...(state.otp ? authenticatorSecret(state.otp) : [el('p', {}, t('otp.before'))]));
    stepForm(content, [otpField(t('otp.code'))], t('otp.confirm'), async form => {
      const value = form.elements.otp.value.trim();
      form.elements.otp.value = '';
      await change('POST', `/api/v1/credentials/${state.id}/otp/confirm`, {value});
      await next({otp: undefined});
    });
  },

  async key(content, next) {
    content.append(el('p', {}, t('key.hint')));
    const fields = [keyField('EC_P256')];
    if (!await asksAuthority()) {
      // The authority is asked for the holder's own name alone.
      fields.push(field({name: 'subject', label: t('key.subject'), hint: t('key.subjectHint'), maxlength: 1000,
        autocomplete: 'off'}));
    }
    stepForm(content, fields, t('key.make'), async form => {
      const subject = form.elements.subject?.value.trim() || undefined;
      const made = await change('POST', `/api/v1/credentials/${state.id}/key-pair`,
          {...KEYS[form.elements.key.value], subject});
      await next({csr: made.csr});
    });
  },

  async certificate(content, next) {
    const wanted = {path: `/api/v1/credentials/${state.id}/certificate`, csr: state.csr,
      authority: state.csr && await asksAuthority()};
    certificateForms(content, wanted, () => next({csr: undefined}));
  },

  done(content) {
    content.append(message(t('enrol.done'), 'good'), el('div', {class: 'actions'},
        el('button', {type: 'button', click: () => go('sign')}, t('enrol.sign')),
        el('button', {type: 'button', class: 'plain', click: () => go('credentials')}, t('nav.credentials'))),
    el('p', {}, t('credential'), ': ', code(state.id)));
    state = {...BEGIN, step: 'done', id: state.id, factors: state.factors, otpDelivery: state.otpDelivery};
  },
};
