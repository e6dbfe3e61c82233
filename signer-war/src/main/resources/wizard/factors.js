// What protects a credential, and the fields in which a holder shows it.

import {change} from './api.js';
import {attempt, button, el, field, message} from './page.js';
import {t} from './texts.js';

const DIGITS = 6;
const MOST_DIGITS = 8;
const LONGEST_PIN = 256;

/** Whether the one-time code is sent to the holder, of a credential or a configuration; there is no authenticator then. */
export function sendsCodes(one) {
  return one.otpDelivery === 'gateway';
}

/** What protects a credential, or one of a configuration, in words. */
export function protection(one) {
  return one.factors.map(factor => t(factor === 'OTP' && sendsCodes(one) ? 'factor.sent' : `factor.${factor}`)).join(' + ');
}

/** Where the six digits of an authenticator go. */
export function otpField(label) {
  return field({name: 'otp', label, inputmode: 'numeric', autocomplete: 'one-time-code', required: true,
    minlength: DIGITS, maxlength: DIGITS, pattern: '[0-9]{6}'});
}

/** Where a code goes that was sent: how long it is the service knows. */
function sentCodeField(label) {
  return field({name: 'otp', label, inputmode: 'numeric', autocomplete: 'one-time-code', required: true,
    minlength: DIGITS, maxlength: MOST_DIGITS, pattern: '[0-9]{6,8}'});
}

function sentCode(credential) {
  const trouble = el('div', {'aria-live': 'polite'});
  const said = el('span', {role: 'status'});
  const send = button(t('sign.send'), () => attempt(trouble, async () => {
    said.textContent = '';
    await change('POST', `/api/v1/credentials/${credential.credentialId}/otp/send`);
    said.textContent = t('sign.sent');
  }, send), 'plain');
  return [sentCodeField(t('factor.sent')), el('div', {class: 'actions'}, send, said), trouble];
}

/** What a credential asks for at this page. @param replacesPin whether another PIN is asked for beside it */
export function factorFields(credential, replacesPin) {
  return [
    credential.factors.includes('PIN') && field({name: 'pin', label: t(replacesPin ? 'pin.present' : 'factor.PIN'), kind: 'password',
      autocomplete: 'off', required: true, maxlength: LONGEST_PIN}),
    credential.factors.includes('OTP') && (sendsCodes(credential) ? sentCode(credential) : otpField(t('factor.OTP'))),
  ].flat().filter(Boolean);
}

/** What was typed into these fields, as the service takes it. */
export function factorsOf(form) {
  return {PIN: form.elements.pin?.value, OTP: form.elements.otp?.value.trim()};
}

/** A PIN stays in no field, and a one-time password counts once. */
export function forgetFactors(form) {
  for (const name of ['pin', 'otp']) {
    if (form.elements[name]) {
      form.elements[name].value = '';
    }
  }
}

/** Where a PIN is chosen, twice. @param name of the first field */
export function newPinFields(policy, name) {
  const hint = policy && t(policy.digitsOnly ? 'pin.digits' : 'pin.length', {least: policy.minLength, most: policy.maxLength});
  const more = {kind: 'password', autocomplete: 'off', required: true, minlength: policy?.minLength,
    maxlength: policy?.maxLength, inputmode: policy?.digitsOnly && 'numeric'};
  return [field({name, label: t('pin.new'), hint, ...more}), field({name: 'again', label: t('pin.again'), ...more})];
}

/** Whether both fields have the same; else that is said. */
export function isSamePin(form, name, trouble) {
  const {again} = form.elements;
  if (form.elements[name].value === again.value) {
    return true;
  }
  trouble.replaceChildren(message(t('pin.different'), 'bad'));
  again.value = '';
  again.focus();
  return false;
}

/** The secret of an authenticator, which is shown this once. */
export function authenticatorSecret(otp) {
  return [el('p', {}, t('otp.hint')), el('div', {class: 'qr'},
      el('img', {src: `data:image/png;base64,${otp.qrCode}`, alt: t('otp.picture')}),
      el('div', {}, el('p', {id: 'otp-secret-label'}, t('otp.byHand')),
          el('code', {class: 'secret', id: 'otp-secret', 'aria-labelledby': 'otp-secret-label', role: 'group'},
              otp.secret.replace(/(.{4})(?=.)/g, '$1 '))))];
}
