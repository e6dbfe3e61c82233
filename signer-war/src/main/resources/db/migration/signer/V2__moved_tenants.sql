-- A PIN is stored with its own key now; nothing is rewritten, and shorter ones stay as they are.
ALTER TABLE credential ALTER COLUMN pin TYPE varchar(300);

-- One row for each tenant file that "countersign tenant import" took in: a file is imported once.
CREATE TABLE tenant_import (
    export_id   uuid PRIMARY KEY,
    tenant      varchar(64)  NOT NULL,
    source      varchar(100) NOT NULL,
    digest      bytea        NOT NULL CHECK (octet_length(digest) = 32),
    credentials integer      NOT NULL CHECK (credentials >= 0),
    imported_at timestamptz  NOT NULL
);
