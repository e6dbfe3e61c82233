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

CREATE TABLE application (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    label text NOT NULL UNIQUE CHECK (label <> '' AND length(label) <= 64),
    origins text[] NOT NULL,
    ip_ranges text[] NOT NULL,
    client_certificate text CHECK (client_certificate ~ '^[0-9a-f]{64}$'),
    requests_per_minute integer CHECK (requests_per_minute > 0),
    created_at timestamptz NOT NULL
);

CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    prefix text NOT NULL CHECK (length(prefix) <= 16),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    replaced_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

CREATE INDEX api_key_of_application ON api_key (application_id);
