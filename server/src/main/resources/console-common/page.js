// The parts that views are made of. Whatever is shown goes in as text, never as markup.

import {Refusal} from './api.js';
import {has, number, t, time} from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';
export const PAGE_SIZE = 50;

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat(Infinity).filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

/** An element; a function among its attributes listens to the event of that name. */
export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

export function button(label, click, kind) {
  return el('button', {type: 'button', class: kind, click}, label);
}

export function mark(label, kind) {
  return el('span', {class: kind ? `mark ${kind}` : 'mark'}, label);
}

export function moment(text) {
  return text ? el('time', {datetime: text}, time(text)) : '';
}

export function code(text) {
  return el('code', {}, text ?? '');
}

/** What to tell of something that failed. */
export function explain(failure) {
  if (!(failure instanceof Refusal)) {
    // A mistake of the page: for who looks into it, in the browser's console.
    reportError(failure);
    return t('error.other');
  }
  const key = `error.${failure.status}`;
  const words = t(has(key) ? key : 'error.other', {seconds: failure.retryAfter ?? '?'});
  return failure.message ? `${words} (${failure.message})` : words;
}

/** The first of the lines of a file that something is wrong with. */
function wrongLines({lines = []}) {
  const most = 20;
  return lines.length > 0 && el('ul', {},
      lines.slice(0, most).map(({line, error}) => el('li', {}, t('line', {line: number(line), error}))),
      lines.length > most && el('li', {}, t('line.more', {count: number(lines.length - most)})));
}

export function message(text, kind) {
  return el('p', {class: kind ? `message ${kind}` : 'message', role: kind === 'bad' ? 'alert' : 'status'}, text);
}

/** A labelled field. Kinds are those of inputs, and area, select, check. */
export function field({name, label, kind = 'text', value, options, hint, ...more}) {
  const attributes = {name, ...more};
  let control;
  if (kind === 'select') {
    control = el('select', attributes, options.map(option =>
        el('option', {value: option.value, selected: option.value === (value ?? '')}, option.label)));
  } else if (kind === 'area') {
    control = el('textarea', attributes);
    control.value = value ?? '';
  } else if (kind === 'check') {
    control = el('input', {...attributes, type: 'checkbox', checked: Boolean(value)});
    return el('label', {class: 'check'}, control, label);
  } else {
    control = el('input', {...attributes, type: kind, value: value ?? undefined});
  }
  return el('label', {}, label, control, hint && el('small', {}, hint));
}

/** The values of a form's fields; empty ones are left out. */
export function values(form) {
  const found = {};
  for (const control of form.elements) {
    if (!control.name) {
      continue;
    }
    if (control.type === 'checkbox') {
      found[control.name] = control.checked;
    } else if (control.value.trim() !== '') {
      found[control.name] = control.value.trim();
    }
  }
  return found;
}

/** Runs something that the service may refuse, with the button out of reach meanwhile. */
export async function attempt(where, action, control) {
  where.replaceChildren();
  if (control) {
    control.disabled = true;
  }
  try {
    return await action();
  } catch (failure) {
    where.replaceChildren(message(explain(failure), 'bad'), wrongLines(failure) || '');
    return undefined;
  } finally {
    if (control) {
      control.disabled = false;
    }
  }
}

let titles = 0;

function opened(title, content) {
  const id = `dialog-title-${++titles}`;
  const dialog = el('dialog', {'aria-labelledby': id}, el('h2', {id}, title), content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Shows something until it is closed. */
export function show(title, ...content) {
  const close = button(t('close'), () => dialog.close());
  const dialog = opened(title, [content, el('div', {class: 'actions end'}, close)]);
  return dialog;
}

/** Asks for fields; the dialog stays as long as the action is refused. */
export function ask(title, fields, label, action) {
  const trouble = el('div');
  const submit = el('button', {}, label);
  const form = el('form', {class: 'fields', submit: async event => {
    event.preventDefault();
    const done = await attempt(trouble, async () => {
      await action(values(form));
      return true;
    }, submit);
    if (done) {
      dialog.close();
    }
  }}, fields, trouble, el('div', {class: 'actions end'},
      button(t('cancel'), () => dialog.close(), 'plain'), submit));
  const dialog = opened(title, form);
}

/** Asks whether something is really meant. */
export function confirm(title, text, label, action) {
  const trouble = el('div');
  const yes = button(label, async () => {
    const done = await attempt(trouble, async () => {
      await action();
      return true;
    }, yes);
    if (done) {
      dialog.close();
    }
  }, 'danger');
  const dialog = opened(title, [el('p', {}, text), trouble, el('div', {class: 'actions end'},
      button(t('cancel'), () => dialog.close(), 'plain'), yes)]);
}

/** Shows what is shown this once. */
export function reveal(title, secret) {
  const copied = el('span', {role: 'status'});
  const copy = navigator.clipboard && button(t('copy'), async () => {
    await navigator.clipboard.writeText(secret);
    copied.textContent = t('copied');
  }, 'plain');
  show(title, el('p', {}, t('shownOnce')), el('code', {class: 'secret', id: 'secret'}, secret),
      el('div', {class: 'actions'}, copy, copied));
}

/** A table. Columns have a label, a cell of a row, and may be numbers. */
export function table(caption, columns, rows) {
  if (rows.length === 0) {
    return el('p', {class: 'message'}, t('nothing'));
  }
  // Whoever has no mouse scrolls it by the keyboard.
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption}, el('table', {},
      el('caption', {class: 'hidden-visually'}, caption),
      // A column of buttons has no name, and so no header.
      el('thead', {}, el('tr', {}, columns.map(column => column.label
        ? el('th', {scope: 'col', class: column.numeric && 'number'}, column.label) : el('td')))),
      el('tbody', {}, rows.map(row => el('tr', {}, columns.map(column =>
          el('td', {class: column.numeric ? 'number' : column.wrap && 'wrap'}, column.cell(row) ?? '')))))));
}

/** A form whose fields become the address, so that a list can be kept and gone back to. */
export function filters(route, fields) {
  const form = el('form', {class: 'card filters', role: 'search', submit: event => {
    event.preventDefault();
    go(route, values(form));
  }}, fields, el('button', {}, t('search')));
  return form;
}

/** To another page, or the same one with other parameters. */
export function go(route, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const hash = `#/${route}${query ? `?${query}` : ''}`;
  if (location.hash === hash) {
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = hash;
  }
}

/** The steps between the pages of a list. The database gives one at a time. */
export function pager(route, parameters, rows) {
  const page = Number(parameters.page ?? 0);
  const step = (to, label, there) => {
    const control = button(label, () => go(route, {...parameters, page: to}), 'plain');
    control.disabled = !there;
    return control;
  };
  return el('div', {class: 'pager'},
      step(page - 1, t('previous'), page > 0),
      el('span', {'aria-live': 'polite'}, t('page', {page: number(page + 1)})),
      step(page + 1, t('next'), rows.length === PAGE_SIZE));
}

/** Bars of a number for each day, the oldest first. */
export function chart(label, days) {
  const width = 900;
  const height = 200;
  const left = 46;
  const bottom = 22;
  const most = Math.max(1, ...days.map(day => day.count));
  const step = (width - left) / Math.max(days.length, 1);
  const y = count => (height - bottom) - (height - bottom - 14) * count / most;
  const every = Math.ceil(days.length / 10);
  return svg('svg', {class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label},
      [0, most / 2, most].filter(Number.isInteger).map(count => [
        svg('line', {x1: left, x2: width, y1: y(count), y2: y(count)}),
        svg('text', {x: left - 6, y: y(count) + 4, 'text-anchor': 'end'}, number(count)),
      ]).flat(),
      days.map((day, i) => svg('rect', {
        x: left + i * step + step * 0.1, y: y(day.count), width: step * 0.8, height: height - bottom - y(day.count),
      }, svg('title', {}, `${day.day}: ${number(day.count)}`))),
      days.map((day, i) => i % every === 0 && svg('text', {
        x: left + i * step + step / 2, y: height - 6, 'text-anchor': 'middle',
      }, day.day.slice(5))));
}

/** A part of a whole as a bar and in words. */
export function share(part, all) {
  const percent = all === 0 ? 0 : Math.round(100 * part / all);
  return el('span', {}, `${percent} %`, svg('svg', {class: 'share', viewBox: '0 0 100 10', preserveAspectRatio: 'none',
    'aria-hidden': 'true'}, svg('rect', {class: 'all', width: 100, height: 10, rx: 3}),
  svg('rect', {class: 'part', width: percent, height: 10, rx: 3})));
}
