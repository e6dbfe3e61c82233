-- Sessions of holders at the wizard. The cookie is never stored: its SHA-256 finds the row.
CREATE TABLE console_session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_name text NOT NULL CHECK (length(user_name) BETWEEN 1 AND 128),
    -- Changes with the password, or with the OpenID provider and its roles.
    mark bytea NOT NULL CHECK (octet_length(mark) = 32),
    -- Of those whom an OpenID provider knows; what others may do stands in the configuration file.
    roles text,
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL
);

-- Who was sent to an OpenID provider and has not come back. Of the cookie, the SHA-256.
CREATE TABLE console_sign_in (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL
);

-- What a holder did, to be shown to the holder.
CREATE INDEX IF NOT EXISTS audit_entry_seat ON audit_entry (tenant, seat, at);
