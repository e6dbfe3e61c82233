// Gets tokens with oauth4webapi and verifies them with jose, across two rotations of the signing keys.
// Environment: CONTEXT (the context's address here), ISSUER (as its tokens name it), LABEL, API_KEY, OPERATOR_TOKEN.
import assert from 'node:assert/strict'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'

const { CONTEXT, ISSUER, LABEL, API_KEY, OPERATOR_TOKEN } = process.env

// The issuer's address is a proxy's in front of the context; this stands in for its name.
const reach = (url, options) => fetch(String(url).replace(ISSUER, CONTEXT), options)

const issuer = new URL(ISSUER)
const server = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { algorithm: 'oidc', [oauth.customFetch]: reach }),
)
assert.equal(server.jwks_uri, `${ISSUER}/.well-known/jwks.json`)

const client = { client_id: LABEL }

async function token(authentication) {
  const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, new URLSearchParams(), {
    [oauth.customFetch]: reach,
  })
  return (await oauth.processClientCredentialsResponse(server, client, answer)).access_token
}

// Without the pause between two downloads that this library makes by default: rotations are days apart elsewhere.
const keySet = () =>
  jose.createRemoteJWKSet(new URL(server.jwks_uri), { [jose.customFetch]: reach, cooldownDuration: 0 })

async function verify(jwt, keys) {
  const { payload, protectedHeader } = await jose.jwtVerify(jwt, keys, {
    issuer: ISSUER,
    audience: 'connector',
    subject: LABEL,
    typ: 'JWT',
    algorithms: ['ES256'],
    requiredClaims: ['iat', 'nbf', 'exp', 'jti'],
  })
  assert.deepEqual(payload.origins, ['https://shop.example.com'])
  assert.equal(payload.exp - payload.iat, 1200)
  return protectedHeader.kid
}

async function rotate() {
  const answer = await fetch(`${CONTEXT}/admin/v1/keys/rotate`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${OPERATOR_TOKEN}`, Accept: 'application/json' },
  })
  assert.equal(answer.status, 200, await answer.text())
}

const keptSince = keySet()
const tokens = []
const kids = new Set()
for (const authentication of [oauth.ClientSecretBasic(API_KEY), oauth.ClientSecretPost(API_KEY)]) {
  tokens.push(await token(authentication))
  kids.add(await verify(tokens.at(-1), keptSince))
  await rotate()
}
tokens.push(await token(oauth.ClientSecretBasic(API_KEY)))
kids.add(await verify(tokens.at(-1), keptSince))
assert.equal(kids.size, 3, 'each rotation brings another key')
for (const keys of [keptSince, keySet()]) {
  for (const jwt of tokens) {
    await verify(jwt, keys)
  }
}

const [header, , signature] = tokens[0].split('.')
const forged = jose.base64url.encode(JSON.stringify({ ...jose.decodeJwt(tokens[0]), sub: 'bank' }))
await assert.rejects(jose.jwtVerify(`${header}.${forged}.${signature}`, keptSince), jose.errors.JWSSignatureVerificationFailed)
console.log(`${tokens.length} tokens of ${kids.size} keys`)
