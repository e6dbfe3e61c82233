-- Versions of the agent and the files that install them.
CREATE TABLE agent_version (
    id text PRIMARY KEY CHECK (length(id) <= 64),
    recommended boolean NOT NULL,
    mandatory boolean NOT NULL,
    allowed boolean NOT NULL,
    rollout_percent integer NOT NULL CHECK (rollout_percent BETWEEN 0 AND 100),
    changed_at timestamptz NOT NULL
);

CREATE TABLE agent_version_uri (
    version text NOT NULL REFERENCES agent_version,
    os text NOT NULL,
    uri text NOT NULL CHECK (length(uri) <= 1000),
    PRIMARY KEY (version, os)
);

CREATE TABLE installer (
    version text NOT NULL REFERENCES agent_version,
    os text NOT NULL,
    format text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size > 0),
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (version, os)
);

-- Modules of agents; without an organisation they are everyone's.
CREATE TABLE module (
    id text PRIMARY KEY CHECK (length(id) <= 64),
    organisation uuid REFERENCES organisation,
    version text NOT NULL CHECK (length(version) <= 64),
    description text NOT NULL CHECK (length(description) <= 500),
    atrs text[] NOT NULL,
    libraries jsonb NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE plug_in (
    module text NOT NULL REFERENCES module ON DELETE CASCADE,
    os text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size > 0),
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (module, os)
);

-- What a card is by its answer to reset. Entries of the public list are told from an operator's own.
CREATE TABLE atr_entry (
    id uuid PRIMARY KEY,
    organisation uuid REFERENCES organisation,
    pattern text NOT NULL CHECK (length(pattern) <= 400),
    imported boolean NOT NULL,
    descriptions text[] NOT NULL,
    CHECK (NOT imported OR organisation IS NULL)
);
CREATE UNIQUE INDEX atr_entry_public ON atr_entry (pattern, imported) WHERE organisation IS NULL;
CREATE UNIQUE INDEX atr_entry_private ON atr_entry (organisation, pattern) WHERE organisation IS NOT NULL;

-- Counts changes, so that nodes know when what they hold in memory is old.
CREATE TABLE catalogue_revision (
    what text PRIMARY KEY CHECK (what IN ('modules', 'atrs')),
    revision bigint NOT NULL
);
INSERT INTO catalogue_revision VALUES ('modules', 1), ('atrs', 1);

-- Consents of users of shared hosts.
CREATE TABLE agent_consent (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL REFERENCES organisation,
    token_hash bytea NOT NULL UNIQUE,
    code_word_hash bytea NOT NULL,
    username text NOT NULL,
    browser text NOT NULL,
    origin text NOT NULL,
    agent jsonb NOT NULL,
    given_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (organisation, code_word_hash)
);
CREATE INDEX agent_consent_expires_at ON agent_consent (expires_at);

-- The authorities of agents' loopback certificates, one for each set of names.
CREATE TABLE loopback_authority (
    organisation uuid NOT NULL REFERENCES organisation,
    names text NOT NULL,
    key_id uuid NOT NULL,
    salt bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    certificate bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation, names)
);
