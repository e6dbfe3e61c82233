-- With those that versions before this one do not know, and could not read among the others; null when there are none.
ALTER TABLE oauth_client ADD COLUMN all_authorities text;
