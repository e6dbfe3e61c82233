-- What a company's directory says of a user by SCIM: its own identifier, and names and addresses as a JSON object.
ALTER TABLE wallet_user ADD COLUMN external_id text CHECK (length(external_id) <= 255);
ALTER TABLE wallet_user ADD COLUMN provisioned text CHECK (octet_length(provisioned) <= 16384);
ALTER TABLE wallet_user ADD COLUMN provisioned_at timestamptz;
-- A directory looks for its users by its own identifier.
CREATE INDEX user_of_external_id ON wallet_user (organisation_id, external_id) WHERE external_id IS NOT NULL;
