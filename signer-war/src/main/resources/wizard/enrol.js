// From nothing to a credential that signs, step by step. What was shown once, the secret of the OTP, is in this page's memory alone, and
// of one session.

import {change, get} from './api.js';
import {ownCredentials} from './calls.js';
import {dropZone, pemOrBase64, saving} from './files.js';
import {attempt, code, el, field, go, message} from './page.js';
import {t} from './texts.js';

const DIGITS = 6;
const MOST_DIGITS = 8;

/** The kinds of keys, the recommended one first, as the service is asked for them. */
const KEYS = {
  EC_P256: {keyAlgorithm: 'EC', curve: 'P-256', csrSignatureAlgorithm: 'SHA256WITHECDSA'},
  EC_P384: {keyAlgorithm: 'EC', curve: 'P-384', csrSignatureAlgorithm: 'SHA384WITHECDSA'},
  EC_P521: {keyAlgorithm: 'EC', curve: 'P-521', csrSignatureAlgorithm: 'SHA512WITHECDSA'},
  RSA_2048: {keyAlgorithm: 'RSA', keyLength: 2048, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  RSA_3072: {keyAlgorithm: 'RSA', keyLength: 3072, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  RSA_4096: {keyAlgorithm: 'RSA', keyLength: 4096, csrSignatureAlgorithm: 'SHA256WITHRSA'},
  ED25519: {keyAlgorithm: 'Ed25519', csrSignatureAlgorithm: 'ED25519'},
};

const BEGIN = {step: 'protection'};
let state = BEGIN;
let owner = null;
let mayList = false;

/** Whether the one-time code is sent to the holder, of a credential or a configuration; there is no authenticator then. */
export function sendsCodes(one) {
  return one.otpDelivery === 'gateway';
}

/** What protects a credential, or one of a configuration, in words. */
export function protection(one) {
  return one.factors.map(factor => t(factor === 'OTP' && sendsCodes(one) ? 'factor.sent' : `factor.${factor}`)).join(' + ');
}

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

/** A form of one step; it stays as long as the service refuses. */
function stepForm(content, fields, label, action) {
  const trouble = el('div', {'aria-live': 'polite'});
  const submit = el('button', {}, label);
  const form = el('form', {class: 'fields', submit: async event => {
    event.preventDefault();
    await attempt(trouble, () => action(form, trouble), submit);
  }}, fields, trouble, el('div', {class: 'actions'}, submit));
  content.append(form);
  return form;
}

/** The request to be given to the authority, where it is known still, and the place for what it answers. */
function bringCertificate(content, next) {
  if (state.csr) {
    const text = el('textarea', {class: 'pem', readonly: true, 'aria-label': t('certificate.request'), id: 'csr'});
    text.value = state.csr;
    content.append(el('p', {}, t('certificate.hint')), text, el('div', {class: 'actions'},
        saving('csr', t('certificate.save'), new Blob([state.csr], {type: 'application/pkcs10'}), 'request.csr', 'plain')));
  } else {
    content.append(el('p', {}, t('certificate.later')));
  }
  const {zone, input} = dropZone({name: 'chain', label: t('certificate.chain'), accept: '.p7b,.p7c,.p7s,.pem', required: true});
  stepForm(content, [zone], t('certificate.add'), async () => {
    await change('POST', `/api/v1/credentials/${state.id}/certificate`, {pkcs7: await pemOrBase64(input.files[0])});
    await next({csr: undefined});
  });
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
    const hint = policy && t(policy.digitsOnly ? 'pin.digits' : 'pin.length', {least: policy.minLength, most: policy.maxLength});
    const more = {kind: 'password', autocomplete: 'off', required: true, minlength: policy?.minLength,
      maxlength: policy?.maxLength, inputmode: policy?.digitsOnly && 'numeric'};
    content.append(el('p', {}, t('pin.hint')));
    stepForm(content, [field({name: 'pin', label: t('pin.new'), hint, ...more}),
      field({name: 'again', label: t('pin.again'), ...more})], t('pin.set'),
    async (filled, trouble) => {
      const value = filled.elements.pin.value;
      if (value !== filled.elements.again.value) {
        trouble.replaceChildren(message(t('pin.different'), 'bad'));
        filled.elements.again.value = '';
        filled.elements.again.focus();
        return;
      }
      await change('POST', `/api/v1/credentials/${state.id}/pin`, {value});
      filled.reset();
      await next({});
    });
  },

  async otp(content, next) {
    if (!state.otp && !state.otpSet) {
      state.otp = await change('POST', `/api/v1/credentials/${state.id}/otp`);
      state.otpSet = true;
    }
    if (state.otp) {
      content.append(el('p', {}, t('otp.hint')), el('div', {class: 'qr'},
          el('img', {src: `data:image/png;base64,${state.otp.qrCode}`, alt: t('otp.picture')}),
          el('div', {}, el('p', {id: 'otp-secret-label'}, t('otp.byHand')),
              el('code', {class: 'secret', id: 'otp-secret', 'aria-labelledby': 'otp-secret-label', role: 'group'},
                  state.otp.secret.replace(/(.{4})(?=.)/g, '$1 ')))));
    } else {
      content.append(el('p', {}, t('otp.before')));
    }
    stepForm(content, [otpField(t('otp.code'))], t('otp.confirm'), async form => {
      const value = form.elements.otp.value.trim();
      form.elements.otp.value = '';
      await change('POST', `/api/v1/credentials/${state.id}/otp/confirm`, {value});
      await next({otp: undefined});
    });
  },

  async key(content, next) {
    content.append(el('p', {}, t('key.hint')));
    const fields = [field({name: 'key', label: t('key.choose'), kind: 'select', value: 'EC_P256',
      options: Object.keys(KEYS).map(kind => ({value: kind, label: t(`key.${kind}`)}))})];
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
    if (state.csr && await asksAuthority()) {
      content.append(el('p', {}, t('certificate.askHint')));
      stepForm(content, [], t('certificate.ask'), async (form, trouble) => {
        const pending = await change('POST', `/api/v1/credentials/${state.id}/certificate/enrol`, {csr: state.csr});
        if (pending) {
          trouble.replaceChildren(message(t('certificate.pending', {seconds: pending.retryAfter})));
          return;
        }
        await next({csr: undefined});
      });
      const byHand = el('details', {}, el('summary', {}, t('certificate.byHand')));
      content.append(byHand);
      bringCertificate(byHand, next);
    } else {
      bringCertificate(content, next);
    }
  },

  done(content) {
    content.append(message(t('enrol.done'), 'good'), el('div', {class: 'actions'},
        el('button', {type: 'button', click: () => go('sign')}, t('enrol.sign')),
        el('button', {type: 'button', class: 'plain', click: () => go('credentials')}, t('nav.credentials'))),
    el('p', {}, t('credential'), ': ', code(state.id)));
    state = {...BEGIN, step: 'done', id: state.id, factors: state.factors, otpDelivery: state.otpDelivery};
  },
};

/** Where the six digits of an authenticator go. */
export function otpField(label) {
  return field({name: 'otp', label, inputmode: 'numeric', autocomplete: 'one-time-code', required: true,
    minlength: DIGITS, maxlength: DIGITS, pattern: '[0-9]{6}'});
}

/** Where a code goes that was sent: how long it is the service knows. */
export function sentCodeField(label) {
  return field({name: 'otp', label, inputmode: 'numeric', autocomplete: 'one-time-code', required: true,
    minlength: DIGITS, maxlength: MOST_DIGITS, pattern: '[0-9]{6,8}'});
}
