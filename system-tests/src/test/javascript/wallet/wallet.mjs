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

// The issuer's address is a proxy's in front of the context; this stands in for its name, and for the place RFC 8414 gives its metadata.
const wellKnown = new URL(ISSUER)
wellKnown.pathname = `/.well-known/oauth-authorization-server${wellKnown.pathname}`
const reach = (url, options) =>
  fetch(String(url).replace(wellKnown.href, `${CONTEXT}/.well-known/oauth-authorization-server`).replace(ISSUER, CONTEXT), options)

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
const { wallet_attestation, configuration } = await begun.json()
const attested = await attestation(wallet_attestation)
const { companySignature, walletFor } = await verified(configuration, 'wallet-configuration+jwt')
assert.equal(walletFor, 'lp')

// Token
async function token(pin) {
  const fresh = await nonce()
  const client = { client_id: login }
  const authentication = oauth.PrivateKeyJwt(key.privateKey, {
    [oauth.modifyAssertion](header, payload) {
      Object.assign(payload, { nonce: fresh, jwk, salted_pin_code: salted(pin), exp: payload.iat + 10 })
    },
  })
  const DPoP = oauth.DPoP(client, key)
  const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, new URLSearchParams(), {
    DPoP,
    [oauth.customFetch]: reach,
  })
  const result = await oauth.processClientCredentialsResponse(server, client, answer)
  assert.equal(result.token_type, 'dpop')
  assert.equal(result.expires_in, 300)
  return { value: result.access_token, DPoP }
}
const access = await token('1234')

// Configuration
const updated = await oauth.protectedResourceRequest(
  access.value,
  'POST',
  new URL(`${ISSUER}/update-configuration`),
  new Headers({ Accept: 'application/jwt' }),
  undefined,
  { DPoP: access.DPoP, [oauth.customFetch]: reach },
)
assert.equal(updated.status, 200)
const again = await verified(await updated.text(), 'wallet-configuration+jwt')
assert.deepEqual(again.companySignature, companySignature)

// What the company signs
async function call(path, form) {
  return reach(`${ISSUER}${path}`, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      Authorization: `DPoP ${access.value}`,
      DPoP: await dpop.generateProof(key, `${ISSUER}${path}`, 'POST', undefined, access.value),
    },
    body: new URLSearchParams(form),
  })
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
console.log('initialised, let in, configured, signed, attested anew, another PIN')
