-- With those that versions before this one do not know: groups of tenants. What those versions read is then without the
-- tenants that a client has groups of, as they would let it reach all of their people. Null where there are no groups.
ALTER TABLE oauth_client ADD COLUMN grouped_authorities text;
