-- The removal of a user, their blocking and their unlocking end their tokens.
CREATE INDEX wallet_token_of_user ON wallet_token (user_id);
