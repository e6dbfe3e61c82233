CREATE TABLE signing_key (
    id uuid PRIMARY KEY,
    kid text NOT NULL UNIQUE CHECK (length(kid) = 43),
    algorithm text NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
    jwk text NOT NULL CHECK (length(jwk) <= 4096),
    activation_salt bytea NOT NULL CHECK (octet_length(activation_salt) <= 1024),
    -- The longest life of what it signed.
    token_seconds integer NOT NULL CHECK (token_seconds > 0),
    state text NOT NULL CHECK (state IN ('next', 'current', 'retired')),
    created_at timestamptz NOT NULL,
    current_since timestamptz,
    retired_at timestamptz,
    destroyed_at timestamptz
);

-- One current and one next, whatever nodes do at once.
CREATE UNIQUE INDEX signing_key_in_service ON signing_key (state) WHERE state <> 'retired';

CREATE TABLE nonce (
    nonce_hash bytea PRIMARY KEY CHECK (octet_length(nonce_hash) = 32),
    expires_at timestamptz NOT NULL
);

CREATE INDEX nonce_expiry ON nonce (expires_at);

CREATE TABLE used_proof (
    thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
    jti text NOT NULL CHECK (length(jti) <= 128),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (thumbprint, jti)
);

CREATE INDEX used_proof_expiry ON used_proof (expires_at);

CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> '' AND length(name) <= 100),
    -- A JSON object: what the configuration of its users' wallets says.
    profile text NOT NULL CHECK (octet_length(profile) <= 65536),
    -- How it signs as a company, as its wallets are told: by a DID's method or a key held here, or not at all.
    company_did text CHECK (length(company_did) <= 254),
    company_method text CHECK (length(company_method) <= 512),
    company_client_id text CHECK (length(company_client_id) <= 254),
    company_key_id uuid,
    created_at timestamptz NOT NULL,
    CHECK ((company_did IS NULL) = (company_method IS NULL)),
    CHECK ((company_client_id IS NULL) = (company_key_id IS NULL)),
    CHECK (company_did IS NULL OR company_key_id IS NULL)
);

-- By which wallets of its users sign for it; the private keys lie in the vault under the same identifiers.
CREATE TABLE company_key (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    kid text NOT NULL UNIQUE CHECK (length(kid) = 43),
    jwk text NOT NULL CHECK (length(jwk) <= 4096),
    activation_salt bytea NOT NULL CHECK (octet_length(activation_salt) <= 1024),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    UNIQUE (organisation_id, id)
);

-- Of the organisation's own, and no other's.
ALTER TABLE organisation ADD FOREIGN KEY (id, company_key_id) REFERENCES company_key (organisation_id, id);

CREATE TABLE wallet_user (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    login text NOT NULL UNIQUE CHECK (login = lower(login) AND length(login) <= 254),
    -- A natural or a legal person.
    wallet_for text NOT NULL CHECK (wallet_for IN ('np', 'lp')),
    -- Argon2id of the invitation's password, until it is used.
    invitation_hash text CHECK (length(invitation_hash) <= 160),
    invitation_expires_at timestamptz,
    invitation_failures integer NOT NULL DEFAULT 0 CHECK (invitation_failures BETWEEN 0 AND 5),
    blocked_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK ((invitation_hash IS NULL) = (invitation_expires_at IS NULL))
);

CREATE INDEX user_of_organisation ON wallet_user (organisation_id);

CREATE TABLE wallet (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES wallet_user (id),
    -- Its place in the status lists.
    status_index bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 0 START 0) UNIQUE,
    -- Of the authentication key (RFC 7638).
    thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
    sealed_pin bytea NOT NULL CHECK (octet_length(sealed_pin) <= 256),
    pin_failures integer NOT NULL DEFAULT 0 CHECK (pin_failures BETWEEN 0 AND 3),
    -- The attestation key's coordinates (RFC 7518 section 6.2.1).
    attestation_x text NOT NULL CHECK (length(attestation_x) = 43),
    attestation_y text NOT NULL CHECK (length(attestation_y) = 43),
    key_attestation text NOT NULL CHECK (length(key_attestation) <= 8192),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- A user has one wallet at a time.
CREATE UNIQUE INDEX wallet_in_use ON wallet (user_id) WHERE revoked_at IS NULL;

CREATE INDEX wallet_revoked ON wallet (status_index) WHERE revoked_at IS NOT NULL;

CREATE TABLE wallet_token (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES wallet_user (id),
    -- None of a guest, of whom nothing is registered.
    wallet_id uuid REFERENCES wallet (id),
    -- Of the authentication key it is bound to (RFC 7638).
    thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
    -- Whether it may be shown with the scheme DPoP only.
    proven boolean NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX wallet_token_expiry ON wallet_token (expires_at);
