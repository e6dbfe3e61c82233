-- Certificates of another authority for a signing key: DER in base64, the key's own first, without the root.
CREATE TABLE signing_key_chain (
    kid text PRIMARY KEY CHECK (length(kid) = 43),
    certificates text NOT NULL CHECK (length(certificates) <= 131072),
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL
);
