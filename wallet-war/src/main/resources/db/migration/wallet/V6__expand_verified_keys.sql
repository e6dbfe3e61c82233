-- What was verified of a wallet's attestation key when it began; nothing without.
ALTER TABLE wallet ADD COLUMN key_type text CHECK (key_type IN ('tee', 'strong_box', 'secure_enclave'));
ALTER TABLE wallet ADD COLUMN user_authentication text CHECK (user_authentication IN ('system_pin', 'system_biometry'));
