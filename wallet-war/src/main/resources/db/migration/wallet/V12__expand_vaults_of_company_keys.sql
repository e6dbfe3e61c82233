-- Where the private key is: a vault's name, as the configuration's hsm.type has it.
ALTER TABLE company_key ADD COLUMN vault varchar(64) NOT NULL DEFAULT 'PKCS12DBWebCertificate';
-- When the private key of a revoked one was found gone; a vault that is away is asked again.
ALTER TABLE company_key ADD COLUMN destroyed_at timestamptz;
CREATE INDEX company_key_to_destroy ON company_key (revoked_at) WHERE revoked_at IS NOT NULL AND destroyed_at IS NULL;
