-- The one-time code that a gateway took to the holder last, in place of an authenticator's password. It can be found out of this by nobody
-- who has not the master secret. A version that does not know it has no configuration that asks for one.
ALTER TABLE credential
    ADD COLUMN code_hash bytea CHECK (octet_length(code_hash) = 48),
    ADD COLUMN code_expires_at timestamptz,
    -- How often codes are sent: when the last one was, and how many since the hour began.
    ADD COLUMN code_sent_at timestamptz,
    ADD COLUMN codes_since timestamptz,
    ADD COLUMN codes_sent integer NOT NULL DEFAULT 0;
