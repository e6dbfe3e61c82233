-- Likewise wallets that were revoked.
CREATE INDEX IF NOT EXISTS wallet_with_rest ON wallet (id) WHERE revoked_at IS NOT NULL AND password_hash IS NOT NULL;
