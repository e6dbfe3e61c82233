// What a holder does with a living credential. Each act is a form with the credential's factors, and one call.

import {change} from './api.js';
import {authenticatorSecret, isSamePin, newPinFields, otpField, sendsCodes} from './factors.js';
import {actForm, stepForm} from './forms.js';
import {el, field} from './page.js';
import {addRenewed, askRenewal} from './renewal.js';
import {t} from './texts.js';

const REASONS = ['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation'];

/** An act of one form, which says what it does. @param wanted as of {@link actForm}; said of what came of it */
function oneForm(name, wanted = {}) {
  return shown => {
    const card = shown.step(shown.title);
    card.append(el('p', {class: wanted.kind && 'message bad'}, t(`act.${name}.hint`)));
    actForm(card, shown, {call: name, label: shown.title, ...wanted, fields: wanted.fields?.(shown.one)},
        answer => shown.back(t(wanted.said?.(answer) ?? `act.${name}.done`)));
  };
}

function replaceOtp(shown) {
  const card = shown.step(shown.title);
  card.append(el('p', {}, t('act.otp.hint')));
  actForm(card, shown, {call: 'otp/replace', label: t('act.otp.next')}, otp => {
    const next = shown.step(t('step.otp'));
    next.append(...authenticatorSecret(otp), el('p', {}, t('act.otp.until')));
    stepForm(next, [otpField(t('otp.code'))], t('otp.confirm'), async form => {
      const value = form.elements.otp.value.trim();
      form.elements.otp.value = '';
      await change('POST', `/api/v1/credentials/${shown.one.credentialId}/otp/replace/confirm`, {value});
      await shown.back(t('act.otp.done'));
    }, {more: shown.cancel});
  });
}

/** Nobody does by mistake what can not be undone. */
function understood() {
  return field({name: 'understood', label: t('act.understood'), kind: 'check', required: true});
}

const changePin = oneForm('pin', {
  call: 'pin/change',
  fields: one => newPinFields(one.pinPolicy, 'newPin'),
  replacesPin: true,
  body(form, trouble) {
    if (!isSamePin(form, 'newPin', trouble)) {
      return undefined;
    }
    return {newPIN: form.elements.newPin.value};
  },
});

const revoke = oneForm('revoke', {
  kind: 'danger',
  fields: () => [
    field({name: 'reason', label: t('act.revoke.reason'), kind: 'select', value: 'unspecified',
      options: REASONS.map(reason => ({value: reason, label: t(`reason.${reason}`)}))}),
    understood(),
  ],
  body: form => ({reason: form.elements.reason.value}),
});

const remove = oneForm('delete', {
  kind: 'danger',
  fields: () => [understood()],
  said: ({keyDestroyed}) => keyDestroyed ? 'act.delete.done' : 'act.delete.later',
});

function signs(roles) {
  return roles.includes('signer');
}

/** In service, or suspended by its holder. */
function isHolders(one) {
  return one.status === 'enabled' || one.suspendedBy === 'holder';
}

/** Whether the certificate of a renewal can be brought: by who set the credential up. */
function isRenewable(one, roles) {
  return one.status === 'enabled' && one.own && roles.includes('generator');
}

/** What the view of a credential offers, in this order, and when. */
export const ACTS = {
  pin: {begin: changePin, when: (one, roles) => signs(roles) && isHolders(one) && one.factors.includes('PIN')},
  otp: {begin: replaceOtp, when: (one, roles) => signs(roles) && isHolders(one) && one.factors.includes('OTP') && !sendsCodes(one)},
  certificate: {begin: addRenewed, when: (one, roles) => isRenewable(one, roles) && one.renewal},
  renewal: {begin: askRenewal, when: (one, roles) => signs(roles) && isRenewable(one, roles)},
  suspend: {begin: oneForm('suspend'), when: (one, roles) => signs(roles) && one.status === 'enabled'},
  resume: {begin: oneForm('resume'), when: (one, roles) => signs(roles) && one.suspendedBy === 'holder'},
  revoke: {begin: revoke, danger: true, when: (one, roles) => signs(roles) && ['enabled', 'suspended'].includes(one.status)},
  delete: {begin: remove, danger: true, when: (one, roles) => signs(roles) && one.status !== 'locked'},
};
