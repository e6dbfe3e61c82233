-- Argon2id of the invitation's password that a wallet of the compatibility profile began with, by which it goes on; nothing of others.
ALTER TABLE wallet ADD COLUMN password_hash text CHECK (length(password_hash) <= 160);
