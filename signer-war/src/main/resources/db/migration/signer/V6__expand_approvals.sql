-- What holders are asked to approve elsewhere, and what they answered. The row has everything that becomes an activation of the same
-- identifier. A version that does not know it authorizes nothing that needs it: its configuration has no such factor.
CREATE TABLE approval (
    id            uuid PRIMARY KEY,
    credential_id uuid         NOT NULL REFERENCES credential ON DELETE CASCADE,
    -- The key that the holder's other factors opened.
    key_id        uuid,
    client_id     varchar(128) NOT NULL,
    hashes        bytea[]      NOT NULL,
    remaining     integer[]    NOT NULL,
    -- Digest of credential, client, hashes and what the holder is shown: what the answer has to be about.
    content       bytea        NOT NULL CHECK (octet_length(content) = 32),
    -- The same of every question about this, whatever its identifier.
    request       bytea        NOT NULL CHECK (octet_length(request) = 32),
    state         varchar(16)  NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REFUSED')),
    -- Over the answer, under a key that is not here: who only writes this table answers for nobody.
    answer_code   bytea,
    used_at       timestamptz,
    asked_at      timestamptz  NOT NULL,
    -- When the gateway took it; until then nobody may have been asked.
    sent_at       timestamptz,
    expires_at    timestamptz  NOT NULL,
    CHECK (used_at IS NULL OR state = 'APPROVED')
);

-- One question at a time, whatever nodes do at once.
CREATE UNIQUE INDEX approval_pending ON approval (credential_id) WHERE state = 'PENDING';
CREATE INDEX approval_expiry ON approval (expires_at);
