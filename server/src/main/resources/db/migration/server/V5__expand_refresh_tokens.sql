-- The seat a client's tokens speak for where it names none itself, as seat:NAME@TENANT; null when there is none.
ALTER TABLE oauth_client ADD COLUMN default_scope varchar(256);

-- What gets a client new access tokens without its secret. Found by its SHA-256, as access tokens are.
CREATE TABLE refresh_token (
    token_hash bytea        PRIMARY KEY,
    client_id  varchar(128) NOT NULL REFERENCES oauth_client ON DELETE CASCADE,
    seat       varchar(128) NOT NULL,
    tenant     varchar(64)  NOT NULL,
    issued_at  timestamptz  NOT NULL,
    expires_at timestamptz  NOT NULL
);

CREATE INDEX refresh_token_client ON refresh_token (client_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);
