// A wallet of a legal person, of jose, dpop and oauth4webapi: from the link of the QR code to a signature of the company and another PIN.
// Environment: CONTEXT (the context's address here), LINK (of the invitation).
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import * as dpop from 'dpop'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'

const { CONTEXT, LINK } = process.env

const invitation = new URL(LINK)
assert.equal(invitation.protocol, 'configuration:')
const login = invitation.searchParams.get('login')
const ISSUER = invitation.searchParams.get('wallet-provider')

// The issuer's address is a proxy's in front of the context; this stands in for its name, and for the place RFC 8414 and 9728 give metadata.
const { origin, pathname } = new URL(ISSUER)
const reach = (url, options) =>
  fetch(
    String(url)
      .replace(new RegExp(`^${origin}(/\\.well-known/[a-z-]+)${pathname}$`), `${CONTEXT}$1`)
      .replace(ISSUER, CONTEXT),
    options,
  )

const resource = await oauth.processResourceDiscoveryResponse(
  new URL(ISSUER),
  await oauth.resourceDiscoveryRequest(new URL(ISSUER), { [oauth.customFetch]: reach }),
)
assert.deepEqual(resource.authorization_servers, [ISSUER])
assert.equal(resource.dpop_bound_access_tokens_required, true)
const server = await oauth.processDiscoveryResponse(
  new URL(ISSUER),
  await oauth.discoveryRequest(new URL(ISSUER), { algorithm: 'oauth2', [oauth.customFetch]: reach }),
)
const keys = jose.createRemoteJWKSet(new URL(server.jwks_uri), { [jose.customFetch]: reach })

const key = await jose.generateKeyPair('ES256', { extractable: true })
const attestationKey = await jose.generateKeyPair('ES256', { extractable: true })
const jwk = await jose.exportJWK(key.publicKey)
const attestationJwk = await jose.exportJWK(attestationKey.publicKey)
const salt = randomBytes(32)
const salted = (pin) => createHash('sha256').update(pin).update(salt).digest('hex')

async function nonce() {
  const answer = await reach(`${ISSUER}/nonce`)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  return (await answer.json()).nonce
}

async function verified(jwt, typ) {
  return (await jose.jwtVerify(jwt, keys, { issuer: ISSUER, typ, algorithms: ['ES256'], requiredClaims: ['iat'] })).payload
}

async function attestation(jwt) {
  const claims = await verified(jwt, 'wallet-attestation+jwt')
  assert.equal(claims.sub, await jose.calculateJwkThumbprint(attestationJwk))
  assert.deepEqual(claims.cnf.jwk, attestationJwk)
  assert.ok(claims.exp - claims.iat < 86400)
  return claims
}

// Initialisation
const taken = await nonce()
const assertion = await new jose.SignJWT({
  nonce: taken,
  cnf: { jwk: attestationJwk },
  jwk,
  salted_pin_code: salted('1234'),
  key_attestation: 'what the device says of its key',
  login,
  password: invitation.searchParams.get('password'),
})
  .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
  .setIssuer(await jose.calculateJwkThumbprint(jwk))
  .setAudience(ISSUER)
  .setJti(randomUUID())
  .setIssuedAt()
  .setExpirationTime('10s')
  .sign(key.privateKey)
const proofOfAttestationKey = await new jose.CompactSign(new TextEncoder().encode(taken))
  .setProtectedHeader({ alg: 'ES256' })
  .sign(attestationKey.privateKey)
const begun = await reach(`${ISSUER}/initialisation`, {
  method: 'POST',
  body: new URLSearchParams({ assertion, attestation_key_proof: proofOfAttestationKey }),
})
assert.equal(begun.status, 200)
const { wallet_attestation, client_attestation, configuration } = await begun.json()
const attested = await attestation(wallet_attestation)
const client = await verified(client_attestation, 'oauth-client-attestation+jwt')
assert.equal(client.sub, attested.sub)
assert.deepEqual(client.cnf.jwk, attestationJwk)
const { companySignature, walletFor } = await verified(configuration, 'wallet-configuration+jwt')
assert.equal(walletFor, 'lp')

// Where the server wants its nonces in proofs: the client remembers them, and tries again with the first one.
async function withNonce(call) {
  try {
    return await call()
  } catch (refusal) {
    if (!oauth.isDPoPNonceError(refusal)) throw refusal
    return call()
  }
}

// Token
async function tokenFor(client, authentication) {
  const DPoP = oauth.DPoP(client, key)
  const result = await withNonce(async () => {
    const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, new URLSearchParams(), {
      DPoP,
      [oauth.customFetch]: reach,
    })
    return oauth.processClientCredentialsResponse(server, client, answer)
  })
  assert.equal(result.token_type, 'dpop')
  assert.equal(result.expires_in, 300)
  return { value: result.access_token, DPoP }
}
async function token(pin) {
  const fresh = await nonce()
  const authentication = oauth.PrivateKeyJwt(key.privateKey, {
    [oauth.modifyAssertion](header, payload) {
      Object.assign(payload, { nonce: fresh, jwk, salted_pin_code: salted(pin), exp: payload.iat + 10 })
    },
  })
  return tokenFor({ client_id: login }, authentication)
}
const access = await token('1234')

// The same with the attestation in place of an assertion
const attestedAccess = await tokenFor({ client_id: client.sub }, async (server, { client_id }, body, headers) => {
  const { attestation_challenge } = await (await reach(server.challenge_endpoint, { method: 'POST' })).json()
  const proof = await new jose.SignJWT({ challenge: attestation_challenge, salted_pin_code: salted('1234') })
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-client-attestation-pop+jwt' })
    .setAudience(server.issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .sign(attestationKey.privateKey)
  body.set('client_id', client_id)
  headers.set('OAuth-Client-Attestation', client_attestation)
  headers.set('OAuth-Client-Attestation-PoP', proof)
})

// Configuration
for (const { value, DPoP } of [access, attestedAccess]) {
  const updated = await withNonce(() =>
    oauth.protectedResourceRequest(
      value,
      'POST',
      new URL(`${ISSUER}/update-configuration`),
      new Headers({ Accept: 'application/jwt' }),
      undefined,
      { DPoP, [oauth.customFetch]: reach },
    ),
  )
  assert.equal(updated.status, 200)
  const again = await verified(await updated.text(), 'wallet-configuration+jwt')
  assert.deepEqual(again.companySignature, companySignature)
}

// What the company signs
let proofNonce
async function send(path, form) {
  const answer = await reach(`${ISSUER}${path}`, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      Authorization: `DPoP ${access.value}`,
      DPoP: await dpop.generateProof(key, `${ISSUER}${path}`, 'POST', proofNonce, access.value),
    },
    body: new URLSearchParams(form),
  })
  proofNonce = answer.headers.get('dpop-nonce') ?? undefined
  return answer
}
async function call(path, form) {
  const answer = await send(path, form)
  return answer.headers.get('www-authenticate')?.includes('use_dpop_nonce') ? send(path, form) : answer
}
assert.equal(companySignature.kid, await jose.calculateJwkThumbprint(companySignature.jwk))
const header = jose.base64url.encode(JSON.stringify({ alg: 'ES256', kid: companySignature.kid }))
const input = `${header}.${jose.base64url.encode(JSON.stringify({ iss: companySignature.client_id }))}`
const signed = await call('/signHash', {
  message: createHash('sha256').update(input).digest('base64url'),
  kid: companySignature.kid,
})
assert.equal(signed.status, 200)
const { signed_message } = await signed.json()
const said = await jose.jwtVerify(`${input}.${signed_message}`, await jose.importJWK(companySignature.jwk, 'ES256'))
assert.equal(said.payload.iss, companySignature.client_id)

// A fresh attestation, of the same key
const renewed = await call('/update-attestation', { key_attestation: 'what the device says anew' })
assert.equal(renewed.status, 200)
const fresh = await attestation((await renewed.json()).wallet_attestation)
assert.notEqual(fresh.jti, attested.jti)
assert.deepEqual(fresh.status, attested.status)

// Another PIN
assert.equal((await call('/update-pin', { salted_pin_code: salted('4321') })).status, 200)
await assert.rejects(token('1234'), (refusal) => refusal.error === 'invalid_client')
await token('4321')
console.log('initialised, let in twice, configured, signed, attested anew, another PIN')
