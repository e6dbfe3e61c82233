// The calls of the service. The session's cookie goes along by itself; what changes something shows the session's token.

/** Where a page's sessions are; a page may say it of itself. */
const SESSION = document.documentElement.dataset.session ?? '/admin/v1/session';

let csrfToken = null;
let idle = null;
let timer = null;
let whenChanged = () => {};

/** Pages of this service in other tabs: they share the session. */
const others = new BroadcastChannel(`countersign ${new URL('..', document.baseURI).pathname}`);
others.onmessage = async message => {
  if (message.data === 'used') {
    keepTime();
  } else if (message.data === 'changed' || message.data.began !== mark()) {
    try {
      whenChanged(await session());
    } catch {
      // Whose it is now is not known: this page shows nobody's.
      end();
    }
  }
};

/** By which pages tell whether they have the same session; not enough to change anything. */
function mark() {
  return csrfToken?.slice(0, 8);
}

/** A call that the service refused. */
export class Refusal extends Error {
  /** @param lines of a file that was sent, each with what is wrong with it; empty for anything else */
  constructor(status, description, retryAfter, lines = []) {
    super(description);
    this.status = status;
    this.retryAfter = retryAfter;
    this.lines = lines;
  }
}

/** What happens when the session has ended, or another tab has begun one. */
export function onChange(action) {
  whenChanged = action;
}

function remember(session) {
  csrfToken = session.signedIn ? session.csrfToken : null;
  idle = session.signedIn ? session.idleInSeconds : null;
  return session;
}

function keepTime() {
  clearTimeout(timer);
  if (idle) {
    timer = setTimeout(end, idle * 1000);
  }
}

function end() {
  clearTimeout(timer);
  whenChanged(remember({signedIn: false}));
}

/** Where something is, for links too. */
export function address(path, query = {}) {
  const url = new URL(`..${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

async function send(method, path, {query, body, accept = 'application/json', type = 'application/json'} = {}) {
  const headers = {Accept: accept};
  // Of a form with files, the browser writes the type.
  if (body !== undefined && !(body instanceof FormData)) {
    headers['Content-Type'] = type;
  }
  if (method !== 'GET' && csrfToken) {
    headers['X-CSRF-Token'] = csrfToken;
  }
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method, headers, body, cache: 'no-store', redirect: 'error',
    });
  } catch {
    throw new Refusal(0, '');
  }
  if (answer.ok) {
    keepTime();
    others.postMessage('used');
    return answer;
  }
  if (answer.status === 401 && csrfToken && !await isSignedIn()) {
    end();
  }
  let description = '';
  let lines;
  try {
    const refusal = await answer.json();
    description = refusal.error_description ?? refusal.description ?? '';
    lines = refusal.lines;
  } catch {
    // Without words of the service, those of the status have to do.
  }
  throw new Refusal(answer.status, description, answer.headers.get('Retry-After'), lines);
}

/** A call may be refused to somebody whose session goes on, by something between here and the service. */
async function isSignedIn() {
  try {
    return (await session()).signedIn;
  } catch {
    return false;
  }
}

export async function get(path, query) {
  return (await send('GET', path, {query})).json();
}

export async function text(path, query, accept) {
  return (await send('GET', path, {query, accept})).text();
}

export async function change(method, path, body) {
  const answer = await send(method, path, {body: body === undefined ? undefined : JSON.stringify(body)});
  return answer.status === 204 ? null : answer.json();
}

/** JSON as somebody typed it, and as the service answers: nothing here reads it, so numbers keep their digits. */
export async function changeText(method, path, body) {
  return (await send(method, path, {body})).text();
}

/** One file, as it is. */
export async function sendFile(path, file, type) {
  return (await send('POST', path, {body: file, type})).json();
}

/** A form with files. The answer is handed out as it is. */
export async function upload(path, form, accept) {
  return send('POST', path, {body: form, accept});
}

export async function session() {
  const found = remember(await get(SESSION));
  if (found.signedIn) {
    // One that began at a provider of identities was told to nobody yet.
    others.postMessage({began: mark()});
  }
  return found;
}

export async function signIn(user, password) {
  const found = remember(await change('POST', SESSION, {user, password}));
  keepTime();
  others.postMessage('changed');
  return found;
}

export async function signOut() {
  await change('DELETE', SESSION);
  others.postMessage('changed');
  end();
}
