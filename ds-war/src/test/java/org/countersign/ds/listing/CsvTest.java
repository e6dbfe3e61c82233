package org.countersign.ds.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @Test
    void fieldsAreQuotedAndNullIsEmpty() {
        var csv = new Csv(List.of("a", "b"));
        csv.row(Arrays.asList("1,\"2\"", null));
        assertThat(csv).hasToString("\"a\",\"b\"\r\n\"1,\"\"2\"\"\",\"\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1", "＠1"})
    void whatWouldBeAFormulaIsText(String field) {
        assertThat(new Csv(List.of(field))).hasToString("\"'" + field + "\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a=1", "1-1", "2026-06-01T12:00:00Z"})
    void everythingElseStaysAsItIs(String field) {
        assertThat(new Csv(List.of(field))).hasToString("\"" + field + "\"\r\n");
    }
}
