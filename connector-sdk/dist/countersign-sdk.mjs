// src/bytes.ts
function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}
function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
function fromBase64Url(text) {
  return fromBase64(text.replace(/-/g, "+").replace(/_/g, "/"));
}
function fromPem(pem) {
  return fromBase64(pem.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, ""));
}
function randomText(length, alphabet) {
  const limit = 256 - 256 % alphabet.length;
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < limit && text.length < length) {
        text += alphabet[byte % alphabet.length];
      }
    }
  }
  return text;
}
function newNonce() {
  return randomText(24, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

// src/answer.ts
var NONCE_HEADER = "X-Countersign-Nonce";
var ANSWER_HEADER = "X-Countersign-Answer";
var TYPE = "countersign-answer+jws";
async function isBound(response, body, asked, key) {
  try {
    const [header, payload, signature, ...more] = (response.headers.get(ANSWER_HEADER) ?? "").split(".");
    if (header === void 0 || payload === void 0 || signature === void 0 || more.length > 0) {
      return false;
    }
    const { alg, typ, crit } = fromJson(header);
    if (alg !== "RS256" || typ !== TYPE || crit !== void 0) {
      return false;
    }
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    if (!await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, fromBase64Url(signature), signed)) {
      return false;
    }
    const claims = fromJson(payload);
    const { pathname, search } = new URL(asked.url);
    return claims["nonce"] === asked.nonce && claims["method"] === asked.method && claims["path"] === pathname + search && claims["status"] === response.status && same(fromBase64Url(String(claims["digest"])), new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
  } catch {
    return false;
  }
}
function fromJson(part) {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(part)));
}
function same(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

// src/diagnosis.ts
var PATIENCE = 5e3;
var PERMISSIONS = ["loopback-network", "local-network-access"];
async function diagnose(url, http) {
  if (await isDenied()) {
    return "permission-denied";
  }
  if (await answers(url)) {
    return url.startsWith("http:") && await isOutdated(url) ? "agent-outdated" : "origin-refused";
  }
  if (url.startsWith("https:") && http !== void 0 && await answers(http)) {
    return "tls-untrusted";
  }
  return await isDenied() ? "permission-denied" : "agent-absent";
}
async function isDenied() {
  for (const name of PERMISSIONS) {
    try {
      const status = await navigator.permissions.query({ name });
      if (status.state === "denied") {
        return true;
      }
    } catch {
    }
  }
  return false;
}
async function isOutdated(url) {
  return await answers(url, { mode: "cors" }) && !await answers(url, { mode: "cors", headers: { [NONCE_HEADER]: newNonce() } });
}
async function answers(url, how = { mode: "no-cors" }) {
  try {
    await fetch(`${url}/info`, {
      ...how,
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE)
    });
    return true;
  } catch {
    return false;
  }
}

// src/errors.ts
var ADVICE = {
  en: {
    "agent-absent": "The agent was not found on this computer. Install it or start it, then try again. If the browser asked whether this page may reach apps on this device, allow it.",
    "permission-denied": "The browser does not let this page reach apps on this device. Open the site settings beside the address, allow access to the local network or to apps on this device, and reload the page.",
    "tls-untrusted": "The agent runs, but the browser does not trust its certificate. Have the agent’s certificate authority trusted on this computer, restart the browser, and try again.",
    "origin-refused": "The agent runs, but does not serve this site. Ask whoever manages the agent to add this site to those that are allowed.",
    "consent-required": "The agent needs your consent before this site may use your cards.",
    "consent-refused": "You gave no consent, or not in time. Ask again if that was not what you wanted.",
    throttled: "You were asked too often without agreeing. Wait a minute, then try again.",
    "no-desktop": "The agent can not show windows here, or not read the clipboard. Tell whoever manages this computer.",
    "token-missing": "This site has not signed in to the agent. Reload the page; if that does not help, tell the site’s operator.",
    "token-refused": "The agent does not accept this site’s token. Reload the page, and see that this computer’s clock is right; if that does not help, tell the site’s operator.",
    "answer-forged": "An answer was not signed by the agent. Do not go on; tell whoever manages this computer.",
    "agent-outdated": "The agent on this computer is too old for this site: it does not sign its answers as it must without TLS. Update the agent, then reload the page.",
    busy: "The reader is in use. Try again in a moment.",
    "no-card": "There is no card in the reader, or none that the agent knows. Insert the card and try again.",
    "no-module": "The software for this card is missing on this computer. Install it and restart the agent.",
    "no-certificate": "The card has no such certificate. Take another card or certificate.",
    "algorithm-refused": "The card does not sign in this way. Take another certificate.",
    "pin-missing": "Enter the card’s PIN.",
    "pin-not-entered": "No PIN was entered in the agent’s window, so nothing was done. Try again.",
    "pin-wrong": "The PIN is wrong. Look it up before you try again: the card locks itself after some wrong ones.",
    "pin-last-try": "One more wrong PIN would lock the card, so nothing was tried. Verify the PIN with the card’s own software first.",
    "pin-locked": "The card is locked. Unlock it with the card’s own software, or ask who issued it.",
    "library-failed": "The card’s software failed. Take the card out, put it in again, and retry.",
    refused: "The agent refused the call."
  },
  es: {
    "agent-absent": "No se ha encontrado el agente en este equipo. Instálelo o inícielo y vuelva a intentarlo. Si el navegador ha preguntado si esta página puede acceder a aplicaciones de este dispositivo, permítalo.",
    "permission-denied": "El navegador no deja que esta página acceda a aplicaciones de este dispositivo. Abra la configuración del sitio junto a la dirección, permita el acceso a la red local o a las aplicaciones de este dispositivo y recargue la página.",
    "tls-untrusted": "El agente funciona, pero el navegador no confía en su certificado. Haga que este equipo confíe en la autoridad de certificación del agente, reinicie el navegador y vuelva a intentarlo.",
    "origin-refused": "El agente funciona, pero no atiende a este sitio. Pida a quien administra el agente que añada este sitio a los permitidos.",
    "consent-required": "El agente necesita su consentimiento para que este sitio pueda usar sus tarjetas.",
    "consent-refused": "No ha dado su consentimiento, o no a tiempo. Pídalo de nuevo si no era lo que quería.",
    throttled: "Se le ha preguntado demasiadas veces sin que aceptara. Espere un minuto y vuelva a intentarlo.",
    "no-desktop": "El agente no puede mostrar ventanas aquí, o no puede leer el portapapeles. Avise a quien administra este equipo.",
    "token-missing": "Este sitio no se ha identificado ante el agente. Recargue la página; si no sirve, avise al responsable del sitio.",
    "token-refused": "El agente no acepta el token de este sitio. Recargue la página y compruebe que el reloj de este equipo va bien; si no sirve, avise al responsable del sitio.",
    "answer-forged": "Una respuesta no estaba firmada por el agente. No continúe; avise a quien administra este equipo.",
    "agent-outdated": "El agente de este equipo es demasiado antiguo para este sitio: no firma sus respuestas como debe sin TLS. Actualice el agente y recargue la página.",
    busy: "El lector está en uso. Vuelva a intentarlo dentro de un momento.",
    "no-card": "No hay ninguna tarjeta en el lector, o el agente no la conoce. Introduzca la tarjeta y vuelva a intentarlo.",
    "no-module": "Falta en este equipo el software de esta tarjeta. Instálelo y reinicie el agente.",
    "no-certificate": "La tarjeta no tiene ese certificado. Use otra tarjeta u otro certificado.",
    "algorithm-refused": "La tarjeta no firma de esta manera. Use otro certificado.",
    "pin-missing": "Introduzca el PIN de la tarjeta.",
    "pin-not-entered": "No se ha introducido ningún PIN en la ventana del agente, así que no se ha hecho nada. Vuelva a intentarlo.",
    "pin-wrong": "El PIN no es correcto. Compruébelo antes de volver a intentarlo: la tarjeta se bloquea tras varios errores.",
    "pin-last-try": "Otro PIN erróneo bloquearía la tarjeta, así que no se ha intentado. Verifique antes el PIN con el software de la tarjeta.",
    "pin-locked": "La tarjeta está bloqueada. Desbloquéela con su software o consulte a quien la emitió.",
    "library-failed": "El software de la tarjeta ha fallado. Saque la tarjeta, vuelva a introducirla y repita.",
    refused: "El agente ha rechazado la llamada."
  }
};
var REASONS = {
  814500: "agent-absent",
  814501: "consent-required",
  101429: "throttled",
  101501: "no-desktop",
  104025: "token-refused",
  104026: "origin-refused",
  105404: "no-card",
  105409: "no-card",
  105503: "busy",
  106404: "no-module",
  302102: "no-certificate",
  106400: "algorithm-refused",
  106502: "library-failed",
  106503: "library-failed",
  106504: "library-failed",
  107400: "pin-missing",
  107401: "pin-wrong",
  107402: "pin-last-try",
  107403: "pin-locked",
  107405: "pin-not-entered"
};
var ConnectorError = class _ConnectorError extends Error {
  constructor(reason, language, code, description) {
    super(ADVICE[language][reason]);
    this.name = "ConnectorError";
    this.reason = reason;
    this.code = code;
    this.description = description;
  }
  static ofCode(code, description, language) {
    return new _ConnectorError(REASONS[code] ?? "refused", language, code, description);
  }
};

// src/agent.ts
var MARGIN = 30;
var TOKEN_REFUSED = 104025;
var Agent = class {
  constructor(url, http, tokens, browser, language, deviceKey) {
    this.url = url;
    this.http = http;
    this.tokens = tokens;
    this.browser = browser;
    this.language = language;
    this.deviceKey = deviceKey;
    this.secure = new URL(url).protocol === "https:";
  }
  /** `/info`, which has no envelope and so no `signature`. */
  async info() {
    const answer = await this.fetch("GET", "/info", void 0, void 0);
    if (!answer.ok) {
      throw this.failure(answer.body);
    }
    return answer.body;
  }
  /** A call that needs no token. */
  async open(path) {
    return this.data(await this.fetch("GET", path, void 0, void 0), path);
  }
  async get(path) {
    return this.withToken("GET", path, void 0);
  }
  async post(path, body) {
    return this.withToken("POST", path, JSON.stringify(body));
  }
  /** The agent's public key as PEM: for PINs, and for signatures of answers. Asked for once: who answered first stays the one. */
  devicePublicKey() {
    this.pem ?? (this.pem = this.deviceKey === void 0 ? this.open("/device-key") : Promise.resolve(this.deviceKey));
    this.pem.catch(() => this.pem = void 0);
    return this.pem;
  }
  error(reason) {
    return new ConnectorError(reason, this.language);
  }
  async withToken(method, path, body) {
    if (this.tokens === void 0) {
      return this.data(await this.fetch(method, path, body, void 0), path);
    }
    const fresh = this.kept === void 0 || this.kept.until <= Date.now();
    const answer = await this.fetch(method, path, body, await this.token());
    if (answer.status !== 401 || fresh) {
      return this.data(answer, path);
    }
    try {
      return await this.data(answer, path);
    } catch (refusal) {
      if (!(refusal instanceof ConnectorError) || refusal.code !== TOKEN_REFUSED) {
        throw refusal;
      }
    }
    this.kept = void 0;
    return this.data(await this.fetch(method, path, body, await this.token()), path);
  }
  async token() {
    if (this.kept === void 0 || this.kept.until <= Date.now()) {
      let token;
      try {
        token = await this.tokens();
      } catch (failed) {
        throw Object.assign(this.error("token-missing"), { cause: failed });
      }
      if (typeof token !== "string" || token === "") {
        throw this.error("token-missing");
      }
      this.kept = { token, until: usableUntil(token) };
    }
    return this.kept.token;
  }
  async fetch(method, path, body, token) {
    const headers = {
      "Accept-Language": this.language,
      "X-Authentication-Token": this.browser,
      "X-CSRF-Token": "countersign"
    };
    if (body !== void 0) {
      headers["Content-Type"] = "application/json";
    }
    if (token !== void 0) {
      headers["Authorization"] = `Bearer ${token}`;
    }
    const nonce = this.secure || crypto.subtle === void 0 ? void 0 : newNonce();
    if (nonce !== void 0) {
      headers[NONCE_HEADER] = nonce;
    }
    const url = this.url + path;
    let response;
    try {
      response = await fetch(url, {
        method,
        headers,
        credentials: "omit",
        cache: "no-store",
        ...body === void 0 ? {} : { body }
      });
    } catch {
      throw this.error(await diagnose(this.url, this.http));
    }
    const { ok, status } = response;
    const bytes = await this.bytes(response);
    const answer = { ok, status, body: this.json(bytes) };
    if (nonce !== void 0) {
      const key = await this.keyFor(path, answer);
      if (key !== void 0 && !await isBound(response, bytes, { nonce, method, url }, key)) {
        throw this.error("answer-forged");
      }
    }
    return answer;
  }
  async bytes(response) {
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw this.error("agent-absent");
    }
  }
  json(bytes) {
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      throw this.error("agent-absent");
    }
  }
  /** By which an answer is checked. The key that the agent is asked for is checked by itself; a refusal to give it, not at all. */
  async keyFor(path, answer) {
    if (path !== "/device-key" || this.deviceKey !== void 0) {
      return this.key();
    }
    return answer.ok ? this.ownKey(answer.body) : void 0;
  }
  async ownKey(envelope) {
    try {
      return await importKey(String(envelope?.data));
    } catch {
      throw this.error("answer-forged");
    }
  }
  async data(answer, path) {
    const envelope = answer.body;
    if (typeof envelope !== "object" || envelope === null) {
      throw this.error("agent-absent");
    }
    if (!answer.ok || envelope.success !== true) {
      throw this.failure(envelope);
    }
    if (!this.secure) {
      const key = path === "/device-key" && this.deviceKey === void 0 ? importKey(String(envelope.data)) : this.key();
      if (!await isSigned(envelope, await key)) {
        throw this.error("answer-forged");
      }
    }
    return envelope.data;
  }
  failure(envelope) {
    const code = Number(envelope.code);
    if (code === TOKEN_REFUSED && this.tokens === void 0) {
      return new ConnectorError("token-missing", this.language, code, envelope.description);
    }
    return ConnectorError.ofCode(code, String(envelope.description), this.language);
  }
  key() {
    this.verification ?? (this.verification = this.devicePublicKey().then(importKey));
    this.verification.catch(() => this.verification = void 0);
    return this.verification;
  }
};
function importKey(pem) {
  return crypto.subtle.importKey("spki", fromPem(pem), { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]);
}
async function isSigned(envelope, key) {
  if (typeof envelope.signature !== "string") {
    return false;
  }
  const data = new TextEncoder().encode(JSON.stringify(envelope.data));
  try {
    return await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, fromBase64(envelope.signature), data);
  } catch {
    return false;
  }
}
function usableUntil(token) {
  try {
    const { iat, exp } = JSON.parse(new TextDecoder().decode(fromBase64Url(token.split(".")[1] ?? "")));
    return typeof iat === "number" && typeof exp === "number" ? Date.now() + (exp - iat - MARGIN) * 1e3 : 0;
  } catch {
    return 0;
  }
}

// src/browser-token.ts
var KEY = "countersign-browser-token";
var FORM = /^c([0-9a-z]{8})[0-9a-z]{16}([0-9]{2})$/;
function checkDigits(first8) {
  return String(parseInt(first8, 36) % 97).padStart(2, "0");
}
function isBrowserToken(text) {
  const parts = FORM.exec(text);
  return parts !== null && checkDigits(parts[1]) === parts[2];
}
function newBrowserToken(now = Date.now()) {
  const time = now.toString(36).padStart(8, "0").slice(-8);
  return `c${time}${randomText(16, "0123456789abcdefghijklmnopqrstuvwxyz")}${checkDigits(time)}`;
}
function browserToken(storage) {
  const kept = storage.getItem(KEY);
  if (kept !== null && isBrowserToken(kept)) {
    return kept;
  }
  const token = newBrowserToken();
  storage.setItem(KEY, token);
  return token;
}

// src/consent.ts
var KEY2 = "countersign-consents";
var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
var READABLE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
function codeWord() {
  return randomText(8, READABLE);
}
var Consent = class {
  constructor(agent, storage) {
    this.agent = agent;
    this.storage = storage;
  }
  /**
   * Puts a secret word into the clipboard, where the agent finds it: only a page in this user's own session can have put it
   * there. To be called from the handler of a click, or the browser does not let it write; what was in the clipboard is
   * replaced.
   */
  async implicit(options = {}) {
    const word = randomText(32, LETTERS);
    await navigator.clipboard.writeText(word);
    await this.request({ codeWord: word, ...options });
  }
  /** Has the agent ask the user. */
  async explicit(options) {
    await this.request({ ...options });
  }
  /** Whether there is a consent that is still good. */
  async isGiven() {
    const consents = this.kept();
    if (consents.length === 0) {
      return false;
    }
    const answer = await this.agent.post("/v3/validate", { consents });
    this.keep(answer.consents);
    return answer.consentState === "APPROVED";
  }
  async request(body) {
    const consents = this.kept();
    const answer = await this.agent.post("/v3/consent", consents.length === 0 ? body : { ...body, consents });
    this.keep(answer.consents);
    if (answer.consentState !== "APPROVED") {
      throw this.agent.error("consent-refused");
    }
  }
  kept() {
    try {
      const consents = JSON.parse(this.storage.getItem(KEY2) ?? "[]");
      return Array.isArray(consents) ? consents : [];
    } catch {
      return [];
    }
  }
  keep(consents) {
    if (Array.isArray(consents) && consents.length > 0) {
      this.storage.setItem(KEY2, JSON.stringify(consents));
    } else {
      this.storage.removeItem(KEY2);
    }
  }
};

// src/pin.ts
async function encryptForDeviceKey(pin, pem) {
  const key = await crypto.subtle.importKey("spki", fromPem(pem), { name: "RSA-OAEP", hash: "SHA-256" }, true, ["encrypt"]);
  const { n, e } = await crypto.subtle.exportKey("jwk", key);
  const modulus = fromBase64Url(n);
  const message = new TextEncoder().encode(pin);
  if (message.length === 0 || message.length > modulus.length - 11) {
    throw new RangeError("The PIN is empty or too long");
  }
  const padded = new Uint8Array(modulus.length);
  padded[1] = 2;
  const zero = padded.length - message.length - 1;
  for (let i = 2; i < zero; i++) {
    padded[i] = nonZero();
  }
  padded.set(message, zero + 1);
  const encrypted = power(toInteger(padded), toInteger(fromBase64Url(e)), toInteger(modulus));
  return toBase64(toBytes(encrypted, modulus.length));
}
async function encryptByOaep(pin, key) {
  const { kty, n, e } = key;
  const imported = await crypto.subtle.importKey(
    "jwk",
    { kty, n, e },
    { name: "RSA-OAEP", hash: "SHA-256" },
    false,
    ["encrypt"]
  );
  const encrypted = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, imported, new TextEncoder().encode(pin));
  return toBase64(new Uint8Array(encrypted));
}
function nonZero() {
  const one = new Uint8Array(1);
  do {
    crypto.getRandomValues(one);
  } while (one[0] === 0);
  return one[0];
}
function toInteger(bytes) {
  let hex = "0x";
  for (const byte of bytes) {
    hex += byte.toString(16).padStart(2, "0");
  }
  return BigInt(hex);
}
function toBytes(integer, length) {
  const hex = integer.toString(16).padStart(2 * length, "0");
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.substring(2 * i, 2 * i + 2), 16));
}
function power(base, exponent, modulus) {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) {
      result = result * square % modulus;
    }
    square = square * square % modulus;
  }
  return result;
}

// src/token.ts
var NOT_FOUND = 101404;
async function digest(algorithm, content) {
  return new Uint8Array(await crypto.subtle.digest(algorithm.replace("sha", "SHA-"), content));
}
var TokenModule = class {
  constructor(agent, module, reader) {
    this.agent = agent;
    const name = encodeURIComponent(module);
    this.base = `/v3/modules/${name}/apps/token/${reader === void 0 ? "" : `readers/${encodeURIComponent(reader)}/`}`;
  }
  /** All of them. */
  async certificates() {
    const lists = await this.agent.get(`${this.base}cert-list`);
    return Object.values(lists).flatMap((list) => list.certificates ?? []);
  }
  /** What the token says of itself; its form is the module's. */
  async info() {
    return this.agent.get(`${this.base}info`);
  }
  /** Algorithms that the token's keys can do. */
  async algorithms() {
    return (await this.agent.get(`${this.base}supported-algorithms`)).ref;
  }
  /**
   * Rejects with the reason "pin-wrong" when it is.
   *
   * @param pin nothing lets the agent ask for it
   */
  async verifyPin(pin) {
    await this.agent.post(`${this.base}verify-pin`, await this.withPin(pin === void 0 ? { osDialog: true } : {}, pin));
  }
  /** By a key for signatures (non-repudiation). */
  async sign(request) {
    return this.signature("sign", request);
  }
  /** By a key for authentication. */
  async authenticate(request) {
    return this.signature("authenticate", request);
  }
  async signature(call, request) {
    const { hash, pin, ...rest } = request;
    const body = await this.withPin({ ...rest, data: toBase64(hash), base64Encoded: true }, pin);
    const answer = await this.agent.post(this.base + call, body);
    return fromBase64(answer.data);
  }
  async withPin(body, pin) {
    if (pin === void 0 || pin === "") {
      return body;
    }
    const key = await this.oaepKey();
    return {
      ...body,
      pin: key === void 0 ? await encryptForDeviceKey(pin, await this.agent.devicePublicKey()) : await encryptByOaep(pin, key)
    };
  }
  async oaepKey() {
    try {
      return (await this.agent.open("/device-keys")).encryption;
    } catch (refusal) {
      if (refusal instanceof ConnectorError && refusal.code === NOT_FOUND) {
        return void 0;
      }
      throw refusal;
    }
  }
};

// src/connector.ts
var Connector = class _Connector {
  constructor(agent, info, consent) {
    this.agent = agent;
    this.info = info;
    this.consent = consent;
  }
  /** Finds the agent. Rejects with a {@link ConnectorError} that says what is in the way. */
  static async initialize(options = {}) {
    const storage = options.storage ?? localStorage;
    const url = trimmed(options.url ?? "https://localhost:51983");
    const http = options.httpUrl === null ? void 0 : trimmed(options.httpUrl ?? "http://localhost:51984");
    const agent = new Agent(
      url,
      http,
      options.token,
      browserToken(storage),
      options.language ?? pageLanguage(),
      options.deviceKey
    );
    return new _Connector(agent, await agent.info(), new Consent(agent, storage));
  }
  /** @param options `cardInserted`: only those with a card, or only those without */
  async readers(options = {}) {
    const query = options.cardInserted === void 0 ? "" : `?cardInserted=${options.cardInserted}`;
    return await this.agent.get(`/v3/readers${query}`);
  }
  async reader(id) {
    return await this.agent.get(`/v3/readers/${encodeURIComponent(id)}`);
  }
  /** @param reader identifier of a reader; otherwise the first token that there is */
  token(module, reader) {
    return new TokenModule(this.agent, module, reader);
  }
};
function agentDownload(distributionService) {
  return `${trimmed(distributionService)}/v3_5/downloads/installer`;
}
function trimmed(url) {
  return url.replace(/\/+$/, "");
}
function pageLanguage() {
  const language = document.documentElement.lang || navigator.language;
  return language.toLowerCase().startsWith("es") ? "es" : "en";
}
export {
  Connector,
  ConnectorError,
  agentDownload,
  codeWord,
  digest
};
