-- The removal of a user looks for all wallets of theirs, revoked ones too.
CREATE INDEX wallet_of_user ON wallet (user_id);
