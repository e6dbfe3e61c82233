-- The audit log: one hash chain per node and server start, written only by org.countersign.server.audit.
-- Every column is under "hash"; the newest hash of each chain is signed into an anchor outside this database.
CREATE TABLE audit_entry (
    chain      uuid        NOT NULL,
    seq        bigint      NOT NULL CHECK (seq > 0),
    at         timestamptz NOT NULL,
    type       text        NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('success', 'failure')),
    client     text,
    tenant     text,
    seat       text,
    credential text,
    details    json        NOT NULL, -- json, not jsonb: the text is hashed as it was written
    previous   bytea       NOT NULL,
    hash       bytea       NOT NULL,
    PRIMARY KEY (chain, seq)
);

CREATE INDEX audit_entry_at ON audit_entry (at);

-- A first line against mistakes. Who owns the table can drop it; verification does not depend on it.
CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_entry is append-only: % is refused', TG_OP;
END
$$;

CREATE TRIGGER audit_entry_keeps_rows BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only();

CREATE TRIGGER audit_entry_keeps_all BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();
