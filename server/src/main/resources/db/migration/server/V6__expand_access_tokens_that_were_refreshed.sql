-- The refresh token that an access token came from or came with, and ends with; null without one.
ALTER TABLE access_token ADD COLUMN refresh_hash bytea;
CREATE INDEX access_token_refresh ON access_token (refresh_hash) WHERE refresh_hash IS NOT NULL;
