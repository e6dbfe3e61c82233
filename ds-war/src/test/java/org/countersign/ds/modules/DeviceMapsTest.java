package org.countersign.ds.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.countersign.core.cards.AtrPattern;
import org.countersign.ds.TestContext;
import org.countersign.ds.modules.DeviceMap.Held;
import org.countersign.server.issuing.TestKeys;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeviceMapsTest {

    private static final URI ISSUER = URI.create("https://ds.example.com/ds-acme");

    private static TestContext context;
    private static TestKeys keys;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final Atrs atrs = new Atrs(context.database(), keys::sign, ISSUER, TestContext.ENTROPY, clock);
    private final DeviceMaps maps =
            new DeviceMaps(new Modules(context.database(), keys::sign, ISSUER, clock), atrs, clock);
    private final UUID organisation = newOrganisation();

    @BeforeAll
    static void begin() throws IOException {
        context = new TestContext();
        keys = TestKeys.of(context);
    }

    @AfterAll
    static void end() throws IOException {
        keys.close();
        context.close();
    }

    private static UUID newOrganisation() {
        var id = UUID.randomUUID();
        context.database()
                .statements()
                .update("insert into organisation (id, name, created_at) values (?, ?, ?)", statement -> {
                    statement.setObject(1, id);
                    statement.setString(2, id.toString());
                    statement.setTimestamp(3, Timestamp.from(Instant.EPOCH));
                });
        return id;
    }

    private void importCards(int number) {
        atrs.importList(SmartcardList.parse(IntStream.range(0, number)
                .mapToObj(i -> String.format("3B 9E %02X %02X%n\tCard %d %s%n", i >> 8, i & 0xff, i, "x".repeat(100)))
                .collect(Collectors.joining("\n"))));
    }

    private void add(Optional<UUID> owner, String pattern, String description) {
        atrs.add(owner, AtrPattern.parse(pattern).orElseThrow(), List.of(description));
    }

    private Optional<String> card(String atr, Optional<UUID> viewer) {
        return atrs.find(atr, viewer).map(entry -> entry.descriptions().get(0));
    }

    private static Set<Held> held(List<DeviceMap> answer) {
        return answer.stream().map(DeviceMap::held).collect(Collectors.toSet());
    }

    private static List<String> contents(List<DeviceMap> answer) {
        return answer.stream()
                .filter(map -> map.signed() != null)
                .map(map -> map.kind() + (map.audience().equals("public") ? " of everyone" : " of its own"))
                .toList();
    }

    @Test
    void a_long_list_comes_when_the_others_are_there() {
        importCards(3_000);
        var nothing = maps.of(organisation, Optional.of(Set.of()));
        assertThat(contents(nothing)).containsExactly("modules of everyone", "modules of its own", "atrs of its own");
        var had = held(nothing.subList(0, 3));
        var rest = maps.of(organisation, Optional.of(had));
        assertThat(contents(rest)).containsExactly("atrs of everyone");
        assertThat(rest.get(3).signed()).hasSizeGreaterThan(DeviceMaps.MOST_CARRIED);
        assertThat(contents(maps.of(organisation, Optional.of(held(rest))))).isEmpty();
        assertThat(contents(maps.of(organisation, Optional.empty()))).isEmpty();
    }

    @Test
    void the_long_list_is_in_memory_once() {
        importCards(3_000);
        var lacking = Optional.of(held(maps.of(organisation, Optional.empty()).subList(0, 3)));
        var one = maps.of(organisation, lacking).get(3);
        var another = maps.of(newOrganisation(), Optional.of(Set.<Held>of())).get(3);
        assertThat(another.sha256()).isEqualTo(one.sha256());
        assertThat(atrs.inForce(Optional.empty()).signed()).isSameAs(one.signed());
        var own = atrs.inForce(Optional.of(organisation)).signed();
        assertThat(own).hasSizeLessThan(1_000);
    }

    @Test
    void a_change_is_seen_within_seconds() {
        var before = maps.of(organisation, Optional.empty());
        add(Optional.of(organisation), "3B 01", "own");
        assertThat(held(maps.of(organisation, Optional.empty()))).isEqualTo(held(before));
        clock.advance(Duration.ofSeconds(5));
        var after = maps.of(organisation, Optional.of(held(before)));
        assertThat(contents(after)).containsExactly("atrs of its own");
        assertThat(after.get(2).revision()).isGreaterThan(before.get(2).revision());
    }

    @Test
    void of_a_card_both_lists_are_asked() {
        var viewer = Optional.of(organisation);
        importCards(10);
        add(Optional.empty(), "3B 02 ..", "everyone's");
        assertThat(card("3B0211", viewer)).contains("everyone's");
        add(viewer, "3B 02 ..", "own");
        assertThat(card("3B0211", viewer)).contains("own");
        assertThat(card("3B0211", Optional.empty())).contains("everyone's");
        add(Optional.empty(), "3B 02 11", "everyone's, of this one");
        assertThat(card("3B0211", viewer)).contains("everyone's, of this one");
        assertThat(card("3B0212", viewer)).contains("own");
        assertThat(card("3B9E0001", viewer).orElseThrow()).startsWith("Card 1 ");
    }
}
