-- What an organisation requires of its wallets' attestation keys.
ALTER TABLE organisation ADD COLUMN required_key_level text NOT NULL DEFAULT 'none'
    CHECK (required_key_level IN ('none', 'trusted_environment', 'secure_processor'));
