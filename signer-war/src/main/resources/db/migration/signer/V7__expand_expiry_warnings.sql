-- The end of the certificate that was warned of. A renewed one ends at another time, and is warned of anew.
ALTER TABLE credential ADD COLUMN expiry_warned timestamptz;
CREATE INDEX credential_expiry ON credential (not_after) WHERE state <> 'REVOKED';
