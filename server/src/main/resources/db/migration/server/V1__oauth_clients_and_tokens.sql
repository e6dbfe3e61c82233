CREATE TABLE oauth_client (
    client_id             varchar(128) PRIMARY KEY,
    secret_hash           varchar(255) NOT NULL,
    authorized_grant_types varchar(255) NOT NULL,
    access_token_validity integer      NOT NULL CHECK (access_token_validity > 0),
    authorities           text         NOT NULL,
    demonstration         boolean      NOT NULL,
    created_at            timestamptz  NOT NULL
);

-- The token itself is never stored: its SHA-256 finds it.
CREATE TABLE access_token (
    token_hash bytea        PRIMARY KEY,
    client_id  varchar(128) NOT NULL REFERENCES oauth_client ON DELETE CASCADE,
    seat       varchar(128),
    tenant     varchar(64),
    issued_at  timestamptz  NOT NULL,
    expires_at timestamptz  NOT NULL,
    revoked_at timestamptz,
    CHECK ((seat IS NULL) = (tenant IS NULL))
);

CREATE INDEX access_token_client ON access_token (client_id);
CREATE INDEX access_token_expiry ON access_token (expires_at);
