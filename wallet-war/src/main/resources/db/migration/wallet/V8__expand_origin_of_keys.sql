-- By which root and certificates a wallet's key was verified when it began, in hexadecimal; nothing without, and of wallets from before.
ALTER TABLE wallet ADD COLUMN key_origin text CHECK (length(key_origin) <= 512);
