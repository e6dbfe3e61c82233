package org.countersign.ds.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.countersign.ds.files.Conditions.Kind;
import org.countersign.ds.files.Conditions.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    private static final Outcome WHOLE = new Outcome(Kind.WHOLE, 0, 10);
    private static final Outcome PART = new Outcome(Kind.PART, 2, 3);

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-9, 0, 10",
        "bytes=3-, 3, 7",
        "bytes=9-, 9, 1",
        "bytes=5-100, 5, 5",
        "bytes=-1, 9, 1",
        "bytes=-10, 0, 10",
        "bytes=-99999999999999999999999999, 0, 10",
        "bytes=2-99999999999999999999999999, 2, 8",
        "BYTES= 2-4 , 2, 3",
        "bytes=0000000000000000000000000000002-4, 2, 3"
    })
    void a_single_range(String header, long first, long length) {
        assertThat(of(header)).isEqualTo(new Outcome(Kind.PART, first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"})
    void none_that_is_there(String header) {
        assertThat(of(header).kind()).isEqualTo(Kind.NOT_SATISFIABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=4-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "0-1", "bytes=--1"})
    void others_are_ignored(String header) {
        assertThat(of(header)).isEqualTo(WHOLE);
    }

    @Test
    void a_file_that_is_known_is_not_sent() {
        assertThat(none("\"x\", W/\"tag\"").kind()).isEqualTo(Kind.NOT_MODIFIED);
        assertThat(none("*").kind()).isEqualTo(Kind.NOT_MODIFIED);
        assertThat(none("\"other\"")).isEqualTo(PART);
    }

    @Test
    void a_file_that_must_be_the_same() {
        assertThat(new Conditions("\"other\", W/\"tag\"", null, null, null)
                        .on("tag", 10)
                        .kind())
                .isEqualTo(Kind.FAILED);
        assertThat(new Conditions("\"other\", \"tag\"", null, null, null).on("tag", 10))
                .isEqualTo(WHOLE);
    }

    @Test
    void a_range_holds_for_the_same_file_only() {
        assertThat(ifRange("\"tag\"")).isEqualTo(PART);
        assertThat(ifRange("W/\"tag\"")).isEqualTo(WHOLE);
        assertThat(ifRange("\"other\"")).isEqualTo(WHOLE);
        assertThat(ifRange("*")).isEqualTo(WHOLE);
        assertThat(ifRange("Mon, 01 Jun 2026 12:00:00 GMT")).isEqualTo(WHOLE);
    }

    private static Outcome of(String range) {
        return new Conditions(null, null, range, null).on("tag", 10);
    }

    private static Outcome none(String tags) {
        return new Conditions(null, tags, "bytes=2-4", null).on("tag", 10);
    }

    private static Outcome ifRange(String value) {
        return new Conditions(null, null, "bytes=2-4", value).on("tag", 10);
    }
}
