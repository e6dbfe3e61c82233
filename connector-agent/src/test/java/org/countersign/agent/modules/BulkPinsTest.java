package org.countersign.agent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.countersign.agent.modules.BulkPins.InsertedCard;
import org.countersign.agent.modules.BulkPins.Place;
import org.junit.jupiter.api.Test;

class BulkPinsTest {

    private static final Place PLACE = new Place("https://app.example.com", "piv", "0011223344556677");
    private static final InsertedCard CARD = new InsertedCard("4711", 1);

    private final BulkPins pins = new BulkPins(Duration.ofMinutes(5));

    @Test
    void a_pin_is_for_its_origin_module_reader_and_card() {
        pins.keep(PLACE, CARD, "1234");
        assertThat(pins.find(PLACE, CARD)).hasValue("1234");
        assertThat(pins.find(new Place("https://b.example.com", PLACE.module(), PLACE.reader()), CARD))
                .isEmpty();
        assertThat(pins.find(new Place(PLACE.origin(), "beid", PLACE.reader()), CARD))
                .isEmpty();
        assertThat(pins.find(new Place(PLACE.origin(), PLACE.module(), ""), CARD))
                .isEmpty();
        assertThat(pins.find(PLACE, CARD)).hasValue("1234");
    }

    @Test
    void another_card_ends_it() {
        pins.keep(PLACE, CARD, "1234");
        assertThat(pins.find(PLACE, new InsertedCard("4712", 1))).isEmpty();
        assertThat(pins.find(PLACE, CARD)).isEmpty();
    }

    @Test
    void the_same_card_put_in_again_ends_it() {
        pins.keep(PLACE, CARD, "1234");
        assertThat(pins.find(PLACE, new InsertedCard("4711", 2))).isEmpty();
        assertThat(pins.has(PLACE)).isFalse();
    }

    @Test
    void time_ends_it_without_anybody_asking() {
        var brief = new BulkPins(Duration.ofMillis(20));
        brief.keep(PLACE, CARD, "1234");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (brief.has(PLACE)) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void a_newer_pin_has_its_own_time() {
        var brief = new BulkPins(Duration.ofSeconds(60));
        brief.keep(PLACE, CARD, "1234");
        brief.keep(PLACE, CARD, "5678");
        assertThat(brief.find(PLACE, CARD)).hasValue("5678");
    }

    @Test
    void there_are_few() {
        for (int i = 0; i < 20; i++) {
            pins.keep(new Place("https://" + i + ".example.com", "piv", ""), CARD, "1234");
        }
        assertThat(pins.has(new Place("https://15.example.com", "piv", ""))).isTrue();
        assertThat(pins.has(new Place("https://16.example.com", "piv", ""))).isFalse();
    }
}
