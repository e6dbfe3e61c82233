-- Some of a tenant's people, kept apart from its others.
CREATE TABLE seat_group (
    tenant varchar(64) NOT NULL,
    name varchar(64) NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- People whom an administrator entered. Others are there by their credentials alone, and in no group.
CREATE TABLE seat (
    tenant varchar(64) NOT NULL,
    seat varchar(128) NOT NULL,
    group_name varchar(64),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, seat),
    FOREIGN KEY (tenant, group_name) REFERENCES seat_group (tenant, name)
);

CREATE INDEX seat_of_group ON seat (tenant, group_name);
