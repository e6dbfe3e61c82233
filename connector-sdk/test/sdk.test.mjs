// The SDK against a counterpart of the test's own, which speaks as the agent does, and as somebody does who pretends to be it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, createHash, createSign, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { agentDownload, codeWord, Connector, ConnectorError, digest } from '../dist/countersign-sdk.mjs';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

let server;
let url;
let seen;
let answers;
let forge;
let oaep;
let bind;

function sign(data, key = privateKey) {
  return createSign('sha256').update(JSON.stringify(data)).sign(key, 'base64');
}

/** As the agent binds an answer to its request. */
function bound(request, status, text, changes = {}) {
  const nonce = request.headers['x-countersign-nonce'];
  const digest = createHash('sha256').update(text).digest('base64url');
  return compact({ nonce, method: request.method, path: request.url, status, digest, ...changes });
}

function compact(claims, header = { typ: 'countersign-answer+jws', alg: 'RS256' }, key = privateKey) {
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createSign('sha256').update(signed).sign(key, 'base64url')}`;
}

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    seen.push({ path: request.url, headers: request.headers, body: body === '' ? undefined : JSON.parse(body) });
    const [status, answer] = answerTo(request);
    const text = JSON.stringify(answer);
    const bound = bind(request, status, text);
    response.writeHead(status, { 'Content-Type': 'application/json', ...(bound === undefined ? {} : { 'X-Countersign-Answer': bound }) });
    response.end(text);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${server.address().port}`;
});

after(() => server.close());

beforeEach(() => {
  seen = [];
  answers = {};
  forge = undefined;
  oaep = undefined;
  bind = bound;
});

function answerTo(request) {
  if (request.url === '/info') {
    return [200, { t1CInfoOS: {}, t1CInfoAPI: { version: '3.8.0', status: 'OK', modules: [] } }];
  }
  if (request.url === '/device-keys' && oaep === undefined) {
    return [404, { success: false, code: 101404, description: 'There is nothing at this address' }];
  }
  const given = { '/device-key': pem, '/device-keys': oaep, ...answers }[request.url];
  if (typeof given === 'function') {
    return given(request);
  }
  if (given === undefined) {
    return [404, { success: false, code: 101404, description: 'There is nothing at this address' }];
  }
  const envelope = { success: true, data: given, signature: sign(given) };
  return [200, forge === undefined || request.url === '/device-key' ? envelope : forge(envelope)];
}

function storage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

function initialize(options = {}) {
  return Connector.initialize({ url, httpUrl: null, language: 'en', storage: storage(), ...options });
}

function jwt(seconds, mark) {
  // By a clock that is an hour behind this machine's.
  const iat = Math.floor(Date.now() / 1000) - 3600;
  const claims = Buffer.from(JSON.stringify({ iat, exp: iat + seconds, mark })).toString('base64url');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
}

function sent(path) {
  return seen.filter((call) => call.path === path).at(-1).body;
}

async function refused(promise, reason) {
  await assert.rejects(promise, (error) => error instanceof ConnectorError && error.reason === reason);
}

test('the browser token has its check digits, is kept, and is replaced when somebody changed it', async () => {
  const shared = storage();
  await initialize({ storage: shared });
  await initialize({ storage: shared });
  const [first, second] = sentBrowsers();
  assert.equal(first, second);
  const parts = /^c([0-9a-z]{8})[0-9a-z]{16}([0-9]{2})$/.exec(first);
  assert.equal(parseInt(parts[1], 36) % 97, Number(parts[2]));
  const changed = first.slice(0, 8) + (first[8] === 'a' ? 'b' : 'a') + first.slice(9);
  shared.setItem('countersign-browser-token', changed);
  await initialize({ storage: shared });
  assert.notEqual(sentBrowsers()[2], changed);
});

function sentBrowsers() {
  return seen.filter((call) => call.path === '/info').map((call) => call.headers['x-authentication-token']);
}

test('answers without TLS are taken only with the signature of the device key', async () => {
  answers['/v3/readers'] = [{ id: '00112233aabbccdd', name: 'Reader "ñ" / \u2028', pinpad: false }];
  const connector = await initialize();
  assert.equal((await connector.readers())[0].name, 'Reader "ñ" / \u2028');
  for (const forged of [
    (envelope) => ({ ...envelope, data: [] }),
    (envelope) => ({ ...envelope, signature: sign(envelope.data, other.privateKey) }),
    (envelope) => ({ ...envelope, signature: '' }),
    (envelope) => ({ ...envelope, signature: 'no base64' }),
    (envelope) => ({ success: true, data: envelope.data }),
  ]) {
    forge = forged;
    await refused(connector.readers(), 'answer-forged');
  }
  forge = undefined;
  await refused(initialize({ deviceKey: other.publicKey.export({ type: 'spki', format: 'pem' }) }), 'answer-forged');
});

test('answers without TLS are taken only as answers to their own request', async () => {
  answers['/v3/readers'] = [];
  answers['/v3/readers/00112233aabbccdd'] = () => [401, { success: false, code: 814501, description: 'No valid consent' }];
  const connector = await initialize();
  assert.deepEqual(await connector.readers(), []);
  await refused(connector.reader('00112233aabbccdd'), 'consent-required');
  for (const forged of [
    (...answer) => bound(...answer, { nonce: 'A'.repeat(24) }),
    (...answer) => bound(...answer, { nonce: undefined }),
    (...answer) => bound(...answer, { method: 'POST' }),
    (...answer) => bound(...answer, { path: '/v3/agents' }),
    (request, ...answer) => bound(request, ...answer, { path: `${request.url}?cardInserted=true` }),
    (...answer) => bound(...answer, { status: 201 }),
    (request, status, ...answer) => bound(request, status, ...answer, { status: String(status) }),
    (request, status, text) => bound(request, status, `${text} `),
    (...answer) => bound(...answer, { digest: '' }),
    (...answer) => bound(...answer, { digest: undefined }),
  ]) {
    bind = forged;
    await refused(connector.readers(), 'answer-forged');
    await refused(connector.reader('00112233aabbccdd'), 'answer-forged');
    await refused(initialize({ deviceKey: pem }), 'answer-forged');
    await refused(initialize(), 'answer-forged');
  }
});

test('what the agent once answered is no answer to another request', async () => {
  answers['/v3/readers'] = [{ id: '00112233aabbccdd', name: 'Reader', pinpad: false }];
  const connector = await initialize();
  let earlier;
  bind = (...answer) => (earlier = bound(...answer));
  await connector.readers();
  bind = () => earlier;
  await refused(connector.readers(), 'answer-forged');
});

test('only the agent’s key, in the one form that it has, binds answers', async () => {
  answers['/v3/readers'] = [];
  const connector = await initialize();
  const claims = (...answer) => JSON.parse(Buffer.from(bound(...answer).split('.')[1], 'base64url'));
  for (const forged of [
    () => undefined,
    () => '',
    () => '..',
    () => 'no JWS',
    (...answer) => `${bound(...answer)}.`,
    (...answer) => bound(...answer).replace(/[^.]*$/, ''),
    (...answer) => compact(claims(...answer), undefined, other.privateKey),
    (...answer) => compact(claims(...answer), { typ: 'JWT', alg: 'RS256' }),
    (...answer) => compact(claims(...answer), { alg: 'RS256' }),
    (...answer) => compact(claims(...answer), { typ: 'countersign-answer+jws', alg: 'none' }),
    (...answer) => compact(claims(...answer), { typ: 'countersign-answer+jws', alg: 'RS256', crit: ['x'], x: 1 }),
  ]) {
    bind = forged;
    await refused(connector.readers(), 'answer-forged');
  }
});

test('every request without TLS has a nonce of its own', async () => {
  answers['/v3/readers'] = [];
  answers['/v3/validate'] = { consentState: 'OUTDATED', consents: [] };
  const connector = await initialize();
  await connector.readers();
  await connector.readers();
  await connector.consent.isGiven();
  const nonces = seen.map((call) => call.headers['x-countersign-nonce']);
  nonces.forEach((nonce) => assert.match(nonce, /^[A-Za-z0-9_-]{24}$/));
  assert.equal(new Set(nonces).size, seen.length);
});

test('an agent of before there were nonces is to be updated, not believed', async () => {
  // The browser asks it whether the page may send the header, and does not send the request.
  answers['/v3/readers'] = [];
  bind = () => undefined;
  const old = createServer((request, response) => {
    if ('x-countersign-nonce' in request.headers) {
      request.socket.destroy();
      return;
    }
    const [status, answer] = answerTo(request);
    response.writeHead(status).end(JSON.stringify(answer));
  });
  await new Promise((ready) => old.listen(0, '127.0.0.1', ready));
  await refused(initialize({ url: `http://127.0.0.1:${old.address().port}` }), 'agent-outdated');
  old.close();
});

test('with TLS, and on a page without cryptography, no nonce is sent', async () => {
  answers['/v3/readers'] = [];
  const nonces = () => seen.filter((call) => 'x-countersign-nonce' in call.headers).length;
  Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
  try {
    const connector = await initialize();
    await assert.rejects(connector.readers(), TypeError);
  } finally {
    delete crypto.subtle;
  }
  assert.ok(seen.length > 1);
  assert.equal(nonces(), 0);

  const real = globalThis.fetch;
  const headers = [];
  globalThis.fetch = async (address, request) => {
    headers.push(request.headers);
    return new Response('{}');
  };
  try {
    await initialize({ url: 'https://localhost:51983' });
  } finally {
    globalThis.fetch = real;
  }
  assert.equal(headers.length, 1);
  assert.equal(headers[0]['X-Countersign-Nonce'], undefined);
});

test('who takes the agent’s place later gets no PIN', async () => {
  answers['/v3/readers'] = [];
  const connector = await initialize();
  await connector.readers();
  const usurper = other.publicKey.export({ type: 'spki', format: 'pem' });
  answers['/device-key'] = () => [200, { success: true, data: usurper, signature: sign(usurper, other.privateKey) }];
  answers['/v3/modules/piv/apps/token/readers/00112233aabbccdd/verify-pin'] = { verified: true };
  await connector.token('piv', '00112233aabbccdd').verifyPin('123456');
  const { pin } = sent('/v3/modules/piv/apps/token/readers/00112233aabbccdd/verify-pin');
  const padded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, Buffer.from(pin, 'base64'));
  assert.equal(padded.subarray(-7).toString(), '\u0000123456');
});

test('a token is asked for once, again before its end, and once more when the agent does not take it', async () => {
  answers['/v3/readers'] = [];
  let count = 0;
  let lifetime = 600;
  const connector = await initialize({ token: async () => jwt(lifetime, count++) });
  await connector.readers();
  await connector.readers();
  assert.equal(count, 1);
  const good = answers['/v3/readers'];
  answers['/v3/readers'] = (request) => {
    const claims = JSON.parse(Buffer.from(request.headers.authorization.split('.')[1], 'base64url'));
    return claims.mark < 1
      ? [401, { success: false, code: 104025, description: 'no' }]
      : [200, { success: true, data: good, signature: sign(good) }];
  };
  await connector.readers();
  assert.equal(count, 2);
  answers['/v3/readers'] = () => [401, { success: false, code: 104025, description: 'no' }];
  await refused(connector.readers(), 'token-refused');
  assert.equal(count, 3);

  lifetime = 20;
  answers['/v3/readers'] = [];
  const shortLived = await initialize({ token: async () => jwt(lifetime, count++) });
  await shortLived.readers();
  await shortLived.readers();
  assert.equal(count, 5);
});

test('without a source, or when it fails, the token is missing', async () => {
  answers['/v3/readers'] = () => [401, { success: false, code: 104025, description: 'no' }];
  await refused((await initialize()).readers(), 'token-missing');
  await refused((await initialize({ token: () => Promise.reject(new Error('away')) })).readers(), 'token-missing');
  await refused((await initialize({ token: async () => undefined })).readers(), 'token-missing');
});

test('a consent that is missing is no reason for another token', async () => {
  let count = 0;
  answers['/v3/readers'] = () => [401, { success: false, code: 814501, description: 'No valid consent' }];
  const connector = await initialize({ token: async () => jwt(600, count++) });
  await refused(connector.readers(), 'consent-required');
  await refused(connector.readers(), 'consent-required');
  assert.equal(count, 1);
});

test('a PIN leaves encrypted by the device key, as openssl reads it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-sdk'));
  try {
    writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const path = '/v3/modules/piv/apps/token/readers/00112233aabbccdd/verify-pin';
    answers[path] = { verified: true };
    const token = (await initialize()).token('piv', '00112233aabbccdd');
    const decrypt = (pin, ...options) => {
      writeFileSync(join(folder, 'pin'), Buffer.from(pin, 'base64'));
      return execFileSync('openssl', ['pkeyutl', '-decrypt', '-inkey', 'key.pem', '-in', 'pin', ...options], { cwd: folder }).toString();
    };
    await token.verifyPin('739201');
    await token.verifyPin('739201');
    const [first, second] = seen.filter((call) => call.path === path).map((call) => call.body.pin);
    assert.equal(decrypt(first), '739201');
    assert.equal(decrypt(second), '739201');
    assert.notEqual(first, second);
    await assert.rejects(token.verifyPin('x'.repeat(300)), RangeError);

    oaep = { encryption: publicKey.export({ format: 'jwk' }) };
    await token.verifyPin('739201');
    assert.equal(
      decrypt(sent(path).pin, '-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha256'), '739201');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is to be signed goes as its hash, the signature comes as bytes', async () => {
  const signature = randomBytes(256);
  answers['/v3/modules/piv/apps/token/sign'] = { data: signature.toString('base64') };
  const hash = await digest('sha256', new TextEncoder().encode('abc'));
  assert.equal(Buffer.from(hash).toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const made = await (await initialize()).token('piv').sign({ algorithm: 'sha256', hash, id: '02' });
  assert.deepEqual(Buffer.from(made), signature);
  assert.deepEqual(sent('/v3/modules/piv/apps/token/sign'), {
    algorithm: 'sha256', id: '02', data: Buffer.from(hash).toString('base64'), base64Encoded: true,
  });
});

test('a consent is kept, sent along, and asked about', async () => {
  const shared = storage();
  const connector = await initialize({ storage: shared });
  assert.equal(await connector.consent.isGiven(), false);
  answers['/v3/consent'] = { consentState: 'REQUIRED', consents: [] };
  await refused(connector.consent.explicit({ title: 'Shop', codeWord: codeWord(), timeout: 5 }), 'consent-refused');
  answers['/v3/consent'] = { consentState: 'APPROVED', consent: 'b25l', consents: ['b25l'] };
  await connector.consent.explicit({ title: 'Shop', codeWord: 'ABCD2345' });
  assert.deepEqual(sent('/v3/consent'), { title: 'Shop', codeWord: 'ABCD2345' });
  answers['/v3/validate'] = { consentState: 'APPROVED', consent: 'b25l', consents: ['b25l'] };
  assert.equal(await (await initialize({ storage: shared })).consent.isGiven(), true);
  assert.deepEqual(sent('/v3/validate'), { consents: ['b25l'] });
  answers['/v3/validate'] = { consentState: 'OUTDATED', consents: [] };
  assert.equal(await connector.consent.isGiven(), false);
});

test('code words are different and readable', () => {
  const words = new Set(Array.from({ length: 100 }, codeWord));
  assert.equal(words.size, 100);
  words.forEach((word) => assert.match(word, /^[A-HJ-NP-Z2-9]{8}$/));
});

test('whoever answers without JSON is no agent', async () => {
  const stranger = createServer((request, response) => response.end('<html>'));
  await new Promise((ready) => stranger.listen(0, '127.0.0.1', ready));
  await refused(initialize({ url: `http://127.0.0.1:${stranger.address().port}` }), 'agent-absent');
  stranger.close();
  await refused(initialize({ url: `http://127.0.0.1:1` }), 'agent-absent');
});

test('errors speak the page’s language', async () => {
  answers['/v3/readers'] = () => [503, { success: false, code: 105503, description: 'in use' }];
  const texts = [];
  for (const language of ['en', 'es']) {
    await assert.rejects((await initialize({ language })).readers(), (error) => texts.push(error.message) && error.code === 105503);
  }
  assert.match(texts[0], /in use/);
  assert.match(texts[1], /en uso/);
});

test('the address of the agent', () => {
  assert.equal(agentDownload('https://ds.example.com/ds/'), 'https://ds.example.com/ds/v3_5/downloads/installer');
});
