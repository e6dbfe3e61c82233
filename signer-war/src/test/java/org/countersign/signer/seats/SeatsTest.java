package org.countersign.signer.seats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.countersign.core.oauth2.GroupName;
import org.countersign.core.oauth2.SeatName;
import org.countersign.server.web.Page;
import org.countersign.signer.TestDatabase;
import org.countersign.signer.seats.Groups.Removal;
import org.countersign.signer.seats.Seats.Wanted;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeatsTest {

    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final GroupName SALES = new GroupName("sales", "acme");
    private static final GroupName LEGAL = new GroupName("legal", "acme");
    private static final SeatName JDOE = new SeatName("jdoe", "acme");
    private static final Page FIRST = Page.of(null, null);

    private static TestDatabase postgres;
    private static Seats seats;
    private static Groups groups;

    @BeforeAll
    static void start() throws Exception {
        postgres = new TestDatabase();
        seats = new Seats(postgres.database());
        groups = new Groups(postgres.database());
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void clear() {
        for (var table : List.of("seat", "seat_group", "credential")) {
            postgres.database().statements().update("delete from " + table, statement -> {});
        }
        groups.add(SALES, NOW);
        groups.add(LEGAL, NOW);
    }

    private static void credential(String tenant, String seat) {
        postgres.database()
                .statements()
                .update(
                        "insert into credential (id, tenant, seat, created_by, configuration_id, multi_signature, created_at)"
                                + " values (gen_random_uuid(), ?, ?, 'client', 'pin', 1, '2026-01-01T00:00:00Z')",
                        statement -> {
                            statement.setString(1, tenant);
                            statement.setString(2, seat);
                        });
    }

    @Test
    void somebody_is_in_one_group_at_most_and_moves() {
        assertThat(seats.enter(SALES, List.of("jdoe", "mary"), NOW).orElseThrow())
                .containsExactlyInAnyOrder("jdoe", "mary");
        assertThat(seats.isIn(JDOE, Set.of("sales"))).isTrue();
        assertThat(seats.isIn(JDOE, Set.of("legal", "sales"))).isTrue();
        assertThat(seats.isIn(JDOE, Set.of("legal"))).isFalse();
        assertThat(seats.isIn(new SeatName("jdoe", "beta"), Set.of("sales"))).isFalse();

        assertThat(seats.enter(LEGAL, List.of("jdoe"), NOW).orElseThrow()).containsExactly("jdoe");
        assertThat(seats.isIn(JDOE, Set.of("sales"))).isFalse();
        assertThat(seats.isIn(JDOE, Set.of("legal"))).isTrue();
        // Told whom it moved, and no others.
        assertThat(seats.enter(LEGAL, List.of("jdoe", "mary"), NOW).orElseThrow())
                .containsExactly("mary");

        assertThat(seats.enter("acme", List.of("jdoe", "new"), NOW)).containsExactlyInAnyOrder("jdoe", "new");
        assertThat(seats.isIn(JDOE, Set.of("legal", "sales"))).isFalse();
        assertThat(seats.enter("acme", List.of("jdoe", "new"), NOW)).isEmpty();
    }

    @Test
    void nobody_comes_into_a_group_that_is_not_there() {
        assertThat(seats.enter(new GroupName("none", "acme"), List.of("jdoe"), NOW))
                .isEmpty();
        assertThat(seats.enter(new GroupName("sales", "beta"), List.of("jdoe"), NOW))
                .isEmpty();
        assertThat(seats.isThere(JDOE)).isFalse();
    }

    @Test
    void a_group_that_somebody_is_in_stays() {
        assertThat(groups.add(SALES, NOW)).isFalse();
        seats.enter(SALES, List.of("jdoe"), NOW);
        assertThat(groups.remove(SALES)).isEqualTo(Removal.SOMEBODY_IS_IN_IT);
        assertThat(groups.remove(LEGAL)).isEqualTo(Removal.DONE);
        assertThat(groups.remove(LEGAL)).isEqualTo(Removal.NOT_THERE);
        assertThat(groups.list(Set.of("acme"), FIRST)).containsExactly(new Groups.Listed(SALES, 1));
        assertThat(groups.list(Set.of("beta"), FIRST)).isEmpty();
        assertThat(groups.count(Set.of("acme", "beta"))).isEqualTo(1);
    }

    @Test
    void who_has_credentials_is_listed_and_stays() {
        credential("acme", "jdoe");
        credential("acme", "jdoe");
        credential("beta", "other");
        seats.enter(SALES, List.of("mary"), NOW);
        var acme = new Wanted(Set.of("acme"), null, null);
        assertThat(seats.list(acme, FIRST))
                .extracting(seat ->
                        seat.seat() + " " + seat.group().orElse("-") + " " + seat.credentials() + " " + seat.since())
                .containsExactly("jdoe@acme - 2 2026-01-01T00:00:00Z", "mary@acme sales 0 2027-01-01T00:00:00Z");
        assertThat(seats.count(acme)).isEqualTo(2);
        assertThat(seats.list(acme, new Page(1, 1))).hasSize(1);
        assertThat(seats.list(new Wanted(Set.of("acme"), "sales", null), FIRST)).hasSize(1);
        assertThat(seats.list(new Wanted(Set.of("acme"), null, "jdoe"), FIRST)).hasSize(1);
        assertThat(seats.list(new Wanted(Set.of("beta"), null, "jdoe"), FIRST)).isEmpty();

        assertThat(seats.remove(JDOE)).isFalse();
        assertThat(seats.isThere(JDOE)).isTrue();
        seats.enter(SALES, List.of("jdoe"), NOW);
        assertThat(seats.remove(JDOE)).isFalse();
        assertThat(seats.remove(new SeatName("mary", "acme"))).isTrue();
        assertThat(seats.isThere(new SeatName("mary", "acme"))).isFalse();
    }

    /** Whatever comes first: nobody is left in a group that is gone, and no statement fails. */
    @Test
    void a_group_goes_or_takes_somebody_in() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 50; i++) {
                var group = new GroupName("group-" + i, "acme");
                groups.add(group, NOW);
                var entering = threads.submit((Callable<Boolean>) () ->
                        seats.enter(group, Collections.nCopies(1, "jdoe"), NOW).isPresent());
                var removing = threads.submit(() -> groups.remove(group));
                var entered = entering.get();
                assertThat(removing.get()).isEqualTo(entered ? Removal.SOMEBODY_IS_IN_IT : Removal.DONE);
                assertThat(seats.isIn(JDOE, Set.of(group.group()))).isEqualTo(entered);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void many_at_once_come_whole() throws Exception {
        var names = IntStream.range(0, 100).mapToObj(i -> "seat-" + i).toList();
        var backwards = new ArrayList<>(names);
        Collections.reverse(backwards);
        var threads = Executors.newFixedThreadPool(4);
        try {
            var calls = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> seats.enter(i % 2 == 0 ? SALES : LEGAL, i % 4 < 2 ? names : backwards, NOW)
                                    .orElseThrow()
                                    .size())
                    .toList();
            for (var call : threads.invokeAll(calls)) {
                assertThat(call.get()).isIn(0, 100);
            }
            assertThat(seats.count(new Wanted(Set.of("acme"), "sales", null))).isIn(0L, 100L);
        } finally {
            threads.shutdownNow();
        }
    }
}
