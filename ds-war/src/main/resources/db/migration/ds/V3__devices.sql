CREATE TABLE registration_key (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    maximum_uses integer CHECK (maximum_uses > 0),
    uses integer NOT NULL DEFAULT 0 CHECK (maximum_uses IS NULL OR uses <= maximum_uses),
    refused integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX registration_key_of_organisation ON registration_key (organisation_id, created_at DESC, id);

CREATE TABLE device (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    registration_key_id uuid NOT NULL REFERENCES registration_key,
    -- RFC 7638 of the device's key, which every call brings along.
    thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
    tls_key_x text NOT NULL CHECK (length(tls_key_x) = 43),
    tls_key_y text NOT NULL CHECK (length(tls_key_y) = 43),
    -- The last one issued for that key, in DER.
    tls_certificate bytea,
    version text NOT NULL CHECK (length(version) <= 32),
    os text NOT NULL CHECK (length(os) <= 16),
    architecture text NOT NULL CHECK (length(architecture) <= 32),
    host text NOT NULL CHECK (length(host) <= 255),
    status text CHECK (length(status) <= 32),
    modules text CHECK (length(modules) <= 65536),
    consents integer,
    registered_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    blocked_at timestamptz
);

CREATE INDEX device_last_seen ON device (last_seen_at DESC, id);
CREATE INDEX device_of_organisation ON device (organisation_id, last_seen_at DESC, id);

-- Signatures of calls that were used, until their time has passed.
CREATE TABLE device_proof (
    thumbprint bytea NOT NULL,
    jti text NOT NULL CHECK (length(jti) <= 128),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (thumbprint, jti)
);

CREATE INDEX device_proof_expiry ON device_proof (expires_at);

-- Outlives its device.
CREATE TABLE device_transaction (
    device_id uuid NOT NULL,
    id text NOT NULL CHECK (length(id) <= 64),
    organisation_id uuid NOT NULL REFERENCES organisation,
    label text CHECK (length(label) <= 100),
    module text NOT NULL CHECK (length(module) <= 100),
    use_case text NOT NULL CHECK (length(use_case) <= 100),
    tag text CHECK (length(tag) <= 200),
    tx_date timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, id)
);

CREATE INDEX device_transaction_date ON device_transaction (tx_date DESC, device_id, id);
CREATE INDEX device_transaction_received ON device_transaction (received_at);

CREATE TABLE log_bundle (
    id uuid PRIMARY KEY,
    device_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes integer NOT NULL,
    unpacked_bytes integer NOT NULL,
    received_at timestamptz NOT NULL,
    content bytea NOT NULL,
    UNIQUE (device_id, sha256)
);

-- It is compressed already.
ALTER TABLE log_bundle ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX log_bundle_received ON log_bundle (received_at DESC, id);
CREATE INDEX log_bundle_of_device ON log_bundle (device_id, received_at);
