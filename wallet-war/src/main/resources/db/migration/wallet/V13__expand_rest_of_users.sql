-- Removed users of whom a chore has to forget something; there are hardly ever any.
CREATE INDEX IF NOT EXISTS user_with_rest ON wallet_user (id)
    WHERE removed_at IS NOT NULL AND (external_id IS NOT NULL OR provisioned IS NOT NULL);
