-- Private keys of the database vault, wrapped twice; without the vault's master secret and the holder's PIN only noise.
create table wrapped_key (
    credential_id uuid primary key,
    wrapped bytea not null check (octet_length(wrapped) between 1 and 16384)
);
