package org.countersign.agent.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaggedFileTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void fields_are_found_by_their_tags() {
        var file = TaggedFile.parse(hex("0001050703c3a9410800" + "0000000000"));
        assertThat(file.bytes(0)).hasValue(new byte[] {5});
        assertThat(file.text(7)).hasValue("éA");
        assertThat(file.text(8)).hasValue("");
        assertThat(file.text(9)).isEmpty();
    }

    @Test
    void a_long_field_has_its_length_in_two_groups_of_seven_bits() {
        var long200 = new ByteArrayOutputStream();
        long200.writeBytes(hex("078148"));
        long200.writeBytes("x".repeat(200).getBytes(StandardCharsets.US_ASCII));
        assertThat(TaggedFile.parse(long200.toByteArray()).text(7)).hasValue("x".repeat(200));
    }

    /** No length; a value that is cut off; a tag twice; a length of three groups, and one without end; something after zeros. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "07",
                "070341",
                "07014107014207",
                "0701410701420000",
                "0781818000",
                "0781",
                "0701410000000000000142"
            })
    void what_is_of_another_form_is_refused(String file) {
        assertThatThrownBy(() -> TaggedFile.parse(hex(file)))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(AgentError.CARD_DATA));
    }

    @Test
    void text_is_utf8() {
        var file = TaggedFile.parse(hex("0702c328"));
        assertThatThrownBy(() -> file.text(7)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatever_a_card_gives_is_read_or_refused() {
        var random = new Random(20_261_122);
        var good = hex("000105010c353931323334353637383930" + "0702c3a90802414211028180");
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] file;
            if (i % 2 == 0) {
                file = new byte[random.nextInt(64)];
                random.nextBytes(file);
            } else {
                file = Arrays.copyOf(good, random.nextInt(good.length + 4));
                if (file.length > 0) {
                    file[random.nextInt(file.length)] = (byte) random.nextInt();
                }
            }
            try {
                var parsed = TaggedFile.parse(file);
                for (int tag = 0; tag < 20; tag++) {
                    parsed.text(tag);
                }
            } catch (ProtocolException refusal) {
                assertThat(refusal.code()).isEqualTo(AgentError.CARD_DATA);
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 199_999);
    }
}
