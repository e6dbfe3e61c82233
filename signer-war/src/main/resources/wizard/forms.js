// Forms of one step.

import {change} from './api.js';
import {factorFields, factorsOf, forgetFactors} from './factors.js';
import {attempt, el} from './page.js';

/**
 * A form; it stays as long as the service refuses.
 *
 * @param options kind of the button, and more buttons beside it
 */
export function stepForm(content, fields, label, action, {kind, more} = {}) {
  const trouble = el('div', {'aria-live': 'polite'});
  const submit = el('button', {class: kind}, label);
  const form = el('form', {class: 'fields', submit: async event => {
    event.preventDefault();
    await attempt(trouble, () => action(form, trouble), submit);
  }}, fields, trouble, el('div', {class: 'actions'}, submit, more));
  content.append(form);
  return form;
}

/**
 * A form that asks for a credential's factors and does an act by them.
 *
 * @param wanted call of the credential; fields before the factors, or after them when the act replaces the PIN; body of what they
 *     have, undefined when something is wrong with it; label and kind of the button
 */
export function actForm(card, {one, cancel}, {call, fields = [], replacesPin, body = () => ({}), label, kind}, done) {
  const factors = factorFields(one, replacesPin);
  stepForm(card, replacesPin ? [factors, fields] : [fields, factors], label, async (form, trouble) => {
    const more = body(form, trouble);
    if (!more) {
      return;
    }
    let answer;
    try {
      answer = await change('POST', `/api/v1/credentials/${one.credentialId}/${call}`, {...more, ...factorsOf(form)});
    } catch (failure) {
      (form.elements.pin ?? form.elements.otp)?.focus();
      throw failure;
    } finally {
      forgetFactors(form);
    }
    await done(answer);
  }, {kind, more: cancel});
}
