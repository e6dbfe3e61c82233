CREATE TABLE credential (
    id                   uuid PRIMARY KEY,
    tenant               varchar(64)  NOT NULL,
    seat                 varchar(128) NOT NULL,
    created_by           varchar(128) NOT NULL,
    configuration_id     varchar(64)  NOT NULL,
    multi_signature      integer      NOT NULL CHECK (multi_signature BETWEEN 1 AND 1000),
    created_at           timestamptz  NOT NULL,

    -- Second factors: what checks a PIN, and a sealed OTP secret. Neither is of use without the master secret.
    pin                  varchar(200),
    otp_secret           bytea,
    otp_confirmed        boolean      NOT NULL DEFAULT false,
    otp_last_step        bigint       NOT NULL DEFAULT 0,
    failures             integer      NOT NULL DEFAULT 0,

    -- The inner wrap: an X25519 public key whose private half only the factors give, and its counterpart.
    activation_salt      bytea,
    activation_public    bytea,
    activation_ephemeral bytea,

    key_id               uuid,
    vault                varchar(32),
    key_algorithm        varchar(16),
    public_key           bytea,
    certificates         bytea[],
    -- Of the end entity's certificate, to search by.
    issuer               text,
    subject              text,
    not_after            timestamptz,

    CHECK ((public_key IS NULL) = (activation_ephemeral IS NULL)),
    CHECK (certificates IS NULL OR public_key IS NOT NULL)
);

CREATE INDEX credential_seat ON credential (tenant, seat);

-- One authorization of a holder: which hashes, and how often each may still be signed.
CREATE TABLE activation (
    id            uuid PRIMARY KEY,
    credential_id uuid         NOT NULL REFERENCES credential ON DELETE CASCADE,
    client_id     varchar(128) NOT NULL,
    hashes        bytea[]      NOT NULL,
    remaining     integer[]    NOT NULL,
    expires_at    timestamptz  NOT NULL,
    CHECK (cardinality(remaining) >= 1),
    CHECK (0 <= ALL (remaining))
);

CREATE INDEX activation_credential ON activation (credential_id);
CREATE INDEX activation_expiry ON activation (expires_at);

-- Wrong factors a client sent in the current window, over all credentials.
CREATE TABLE client_throttle (
    client_id    varchar(128) PRIMARY KEY,
    window_start timestamptz NOT NULL,
    failures     integer     NOT NULL
);
