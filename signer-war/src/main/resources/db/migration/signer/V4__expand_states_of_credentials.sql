-- Whether a credential is in service. Out of service its count of failures begins at 1000000000: a version that does not know the
-- state finds it locked, authorizes and signs nothing with it, and can not unlock it.
ALTER TABLE credential
    ADD COLUMN state varchar(32) NOT NULL DEFAULT 'ACTIVE'
        CHECK (state IN ('ACTIVE', 'SUSPENDED', 'SUSPENDED_BY_ADMINISTRATOR', 'REVOKED'))
        CHECK (state = 'ACTIVE' OR failures >= 1000000000),
    ADD COLUMN revoked_at timestamptz,
    ADD COLUMN revocation_reason varchar(32),
    -- An OTP secret that is to take the place of the present one, sealed for that alone.
    ADD COLUMN new_otp_secret bytea,
    ADD COLUMN new_otp_at timestamptz;

-- Keys of deleted credentials, until their vault says that they are destroyed.
CREATE TABLE condemned_key (
    key_id        uuid PRIMARY KEY,
    vault         varchar(32)  NOT NULL,
    credential_id uuid         NOT NULL,
    tenant        varchar(64)  NOT NULL,
    seat          varchar(128) NOT NULL,
    condemned_at  timestamptz  NOT NULL
);
