-- A renewal that its holder asked for and that waits for its certificate: of the present key, or of a new one that is bound to the
-- same factors. A version that does not know it signs with the present key and certificate, as this one does until then.
ALTER TABLE credential
    ADD COLUMN renewal_at timestamptz,
    ADD COLUMN new_key_id uuid,
    ADD COLUMN new_vault varchar(32),
    ADD COLUMN new_key_algorithm varchar(16),
    ADD COLUMN new_public_key bytea,
    ADD COLUMN new_activation_ephemeral bytea;
