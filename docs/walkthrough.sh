#!/usr/bin/env bash
# A remote signature, step by step, with nothing but curl, openssl and oathtool. Explained in docs/walkthrough.md.
#
#   docs/walkthrough.sh [BASE_URL]       default: $COUNTERSIGN_URL, else http://127.0.0.1:8080/signer-acme
set -euo pipefail

base=${1:-${COUNTERSIGN_URL:-http://127.0.0.1:8080/signer-acme}}
client=${COUNTERSIGN_CLIENT:-acme}
secret=${COUNTERSIGN_CLIENT_SECRET:-acme_password}
tenant=acme
seat=walker.$$
pin=271828

for tool in curl openssl oathtool; do
  command -v "$tool" >/dev/null || { echo "The walk-through needs $tool. On Debian: apt-get install $tool" >&2; exit 1; }
done
umask 077
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# --- Small things -----------------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

fail() {
  say "$*" >&2
  exit 1
}

# member NAME: the string of a JSON answer on standard input. Enough for this API, which answers in one line.
member() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }

# json_text FILE: a file's text as a JSON string.
json_text() { printf '"%s"' "$(sed 's/$/\\n/' "$1" | tr -d '\n')"; }

# call WHAT PATH CURL-OPTIONS…: the answer; a refusal ends the walk-through. Secrets reach curl by standard input or
# files, never by its command line, which every user of the machine can read.
call() {
  local what=$1 path=$2 status
  shift 2
  status=$(curl --silent --show-error --max-time 60 --output "$dir/answer" --write-out '%{http_code}' "$@" "$base$path") ||
    fail "$what: no answer from $base. Is the server running? ./countersign up"
  case $status in
    2??) cat "$dir/answer" ;;
    *) fail "$what: refused with $status: $(cat "$dir/answer")" ;;
  esac
}

# post WHAT PATH TOKEN-FILE: sends the JSON on standard input.
post() { call "$1" "$2" --header "@$3" --header 'Content-Type: application/json' --data-binary @-; }

# token FILE SCOPE: an access token, as the line of a header.
token() {
  local answer
  answer=$(printf 'grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s' "$client" "$secret" "$2" |
    call 'Token' /oauth/token --data-binary @-)
  printf 'Authorization: Bearer %s\n' "$(member access_token <<<"$answer")" >"$1"
}

# password SECONDS: the authenticator's six digits at that distance from now.
password() {
  oathtool --totp --base32 --now "$(date -u -d "$1 seconds" '+%Y-%m-%d %H:%M:%S UTC')" - <"$dir/otp-secret"
}

# --- A certificate authority made on the spot ------------------------------------------------------------------------------

say "The server: $base"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout "$dir/ca.key" -out "$dir/ca.pem" \
  -subj '/CN=Walk-through CA - trust nothing it signs' 2>/dev/null
printf 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,nonRepudiation\n' >"$dir/extensions"

# Three documents, of which only the hashes travel.
for i in 1 2 3; do
  printf 'Document number %s\n' "$i" >"$dir/document-$i"
  openssl dgst -sha256 -binary -out "$dir/hash-$i" "$dir/document-$i"
done
hashes=$(for i in 1 2 3; do printf '"%s",' "$(openssl base64 -A -in "$dir/hash-$i")"; done)
hashes="[${hashes%,}]"

# --- One credential's way ---------------------------------------------------------------------------------------------

# walk NAME KEY-PAIR-MEMBERS SIGN-ALGO PKEYUTL-OPTIONS…
walk() {
  local name=$1 key=$2 algorithm=$3 answer credential sad signature i
  shift 3
  say '' "=== $name ==="

  token "$dir/generator" ''
  say 'token         a token to generate credentials; it needs no scope'

  answer=$(post 'Create' /api/v1/credentials "$dir/generator" <<<'{"tenant":"'"$tenant"'","seat":"'"$seat"'",
    "authorizationConfigurationId":"pin-otp","multiSignature":3}')
  credential=$(member credentialId <<<"$answer")
  say "create        credential $credential for seat $seat@$tenant"

  post 'PIN' "/api/v1/credentials/$credential/pin" "$dir/generator" <<<'{"value":"'"$pin"'"}' >/dev/null
  say 'pin           set, once; from now on it is the holder'\''s'

  call 'OTP' "/api/v1/credentials/$credential/otp" --header "@$dir/generator" --request POST | member secret >"$dir/otp-secret"
  say 'otp           the secret went into the authenticator (here: oathtool)'
  post 'OTP confirmation' "/api/v1/credentials/$credential/otp/confirm" "$dir/generator" \
    <<<'{"value":"'"$(password +0)"'"}' >/dev/null
  say 'otp/confirm   the holder showed a first password'

  answer=$(post 'Key pair' "/api/v1/credentials/$credential/key-pair" "$dir/generator" \
    <<<"{$key,\"csrSignatureAlgorithm\":\"$algorithm\",\"subject\":\"CN=$seat,O=ACME\"}")
  printf '%b' "$(member csr <<<"$answer")" >"$dir/csr.pem"
  openssl req -in "$dir/csr.pem" -verify -noout 2>/dev/null || fail 'The request for a certificate does not verify.'
  say "key-pair      made and kept by the server; its request is for $(openssl req -in "$dir/csr.pem" -noout -subject)"

  openssl x509 -req -in "$dir/csr.pem" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 30 -sha256 \
    -extfile "$dir/extensions" -out "$dir/certificate.pem" 2>/dev/null
  openssl crl2pkcs7 -nocrl -certfile "$dir/certificate.pem" -certfile "$dir/ca.pem" -out "$dir/chain.p7b"
  printf '{"pkcs7":%s}' "$(json_text "$dir/chain.p7b")" |
    post 'Certificate' "/api/v1/credentials/$credential/certificate" "$dir/generator" >/dev/null
  say 'certificate   signed by the CA made on the spot, sent as PKCS#7 with its root'

  token "$dir/signer" "seat:$seat@$tenant"
  say "token         a token for seat:$seat@$tenant"

  post 'List' /api/v1/credentials/list "$dir/signer" <<<'{}' | grep -q "\"$credential\"" ||
    fail 'The list lacks the credential.'
  say 'list          the seat'\''s credentials, this one among them'

  answer=$(post 'Info' /api/v1/credentials/info "$dir/signer" \
    <<<'{"credentialId":"'"$credential"'","certificates":"single","certInfo":true,"authInfo":true}')
  say "info          $(member subjectDN <<<"$answer"), valid to $(member validTo <<<"$answer")"
  # The public key as the server shows it, not as the CA saw it.
  sed -n 's/.*"certificates":\["\([^"]*\)".*/\1/p' <<<"$answer" | openssl base64 -d -A |
    openssl x509 -inform DER -pubkey -noout >"$dir/public.pem"

  # A password counts once, so the confirmation's is spent. The server accepts the next one a little early.
  answer=$(post 'Authorize' /api/v1/credentials/authorize "$dir/signer" \
    <<<'{"credentialId":"'"$credential"'","numSignature":3,"hash":'"$hashes"',"PIN":"'"$pin"'","OTP":"'"$(password +30)"'"}')
  sad=$(member SAD <<<"$answer")
  say 'authorize     PIN and OTP were right: a SAD for exactly these three hashes'

  answer=$(post 'Sign' /api/v1/signatures "$dir/signer" \
    <<<'{"credentialId":"'"$credential"'","SAD":"'"$sad"'","hash":'"$hashes"',"signAlgo":"'"$algorithm"'"}')
  say "sign          three signatures, $algorithm"

  i=0
  for signature in $(sed -n 's/.*"signatures":\[\([^]]*\)\].*/\1/p' <<<"$answer" | tr -d '"' | tr ',' ' '); do
    i=$((i + 1))
    openssl base64 -d -A <<<"$signature" >"$dir/signature-$i"
    say "verify $i      $(openssl pkeyutl -verify -pubin -inkey "$dir/public.pem" -in "$dir/hash-$i" \
      -sigfile "$dir/signature-$i" "$@")"
  done
  [ "$i" -eq 3 ] || fail "There are $i signatures instead of 3."
}

walk 'RSA, PKCS#1 v1.5' '"keyAlgorithm":"RSA","keyLength":2048' SHA256WITHRSA \
  -pkeyopt rsa_padding_mode:pkcs1 -pkeyopt digest:sha256
walk 'RSA, PSS' '"keyAlgorithm":"RSA","keyLength":2048' SHA256WITHRSAANDMGF1 \
  -pkeyopt rsa_padding_mode:pss -pkeyopt digest:sha256 -pkeyopt rsa_pss_saltlen:digest
walk 'ECDSA, P-256' '"keyAlgorithm":"EC","curve":"P-256"' SHA256WITHECDSA
# Ed25519 hashes by itself: the bytes that are sent are the message.
walk 'Ed25519' '"keyAlgorithm":"Ed25519"' ED25519 -rawin

say '' 'Done: twelve signatures, each verified by openssl in the order in which its hash was sent.'
