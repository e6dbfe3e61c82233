package org.countersign.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpandRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE credential DROP COLUMN pin",
                "drop table activation",
                "ALTER TABLE credential RENAME COLUMN pin TO secret",
                "ALTER TABLE credential ALTER COLUMN pin TYPE text",
                "ALTER TABLE credential ALTER pin SET DATA TYPE text",
                "ALTER TABLE credential ALTER COLUMN pin SET NOT NULL",
                "ALTER TABLE credential ADD COLUMN label text NOT NULL",
                "ALTER TABLE credential ADD label text DEFAULT '', ADD other text NOT NULL",
                "ALTER TABLE credential ADD CONSTRAINT few CHECK (failures < 9)",
                "CREATE UNIQUE INDEX one ON credential (seat)",
                "ALTER TABLE credential ADD label text; ALTER TABLE activation ADD purpose text",
                "CREATE TABLE note (id uuid REFERENCES credential); CREATE INDEX i ON activation (client_id)",
                "CREATE TRIGGER watch BEFORE UPDATE ON credential EXECUTE FUNCTION f()",
                "CREATE OR REPLACE FUNCTION audit() RETURNS int AS 'select 1' LANGUAGE sql",
                "ALTER TABLE credential ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE credential ALTER COLUMN failures SET DEFAULT 1",
                "DELETE FROM access_token",
                "TRUNCATE access_token"
            })
    void whatCouldBreakTheVersionBeforeIsNoExpansion(String sql) {
        assertThat(ExpandRule.violations(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE credential ADD COLUMN label varchar(64)",
                "ALTER TABLE credential ADD COLUMN used_at timestamptz NOT NULL DEFAULT now()",
                "ALTER TABLE credential ADD COLUMN n numeric(3, 2) NOT NULL DEFAULT 0, ADD COLUMN m int",
                "CREATE TABLE note (id uuid PRIMARY KEY, text text NOT NULL CHECK (text <> 'drop'))",
                "CREATE TABLE note (id uuid); CREATE UNIQUE INDEX note_one ON note (id)",
                "ALTER TABLE credential ADD label text; CREATE TABLE note (id uuid REFERENCES credential)",
                "CREATE INDEX CONCURRENTLY credential_label ON credential (label)",
                "-- drop nothing\nUPDATE credential SET label = 'rename' WHERE label IS NULL"
            })
    void whatOnlyAddsIs(String sql) {
        assertThat(ExpandRule.violations(sql)).isEmpty();
    }

    @Test
    void namesTellWhoMayRunBeside() {
        assertThat(MigrationName.expands("expand labels")).isTrue();
        assertThat(MigrationName.expands("labels")).isFalse();
        assertThat(MigrationName.contractsFrom("contract from 4 labels")).contains(4);
        assertThat(MigrationName.contractsFrom("contract labels")).isEmpty();
    }
}
