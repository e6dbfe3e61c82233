-- Keys that sign tokens for local agents.
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
