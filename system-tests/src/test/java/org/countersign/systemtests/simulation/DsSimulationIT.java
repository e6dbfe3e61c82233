package org.countersign.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.countersign.systemtests.harness.Company;
import org.countersign.systemtests.harness.TestServer;
import org.countersign.systemtests.simulation.Outcome.Kind;
import org.countersign.systemtests.simulation.Tally.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulation in small: a hundred devices, and the server killed among them. */
@Tag("long")
final class DsSimulationIT {

    private static final SimulationOptions SMALL =
            new SimulationOptions(100, 4, 3, 16, 0, true, TestServer.KIND.toString(), Optional.empty(), false);

    @Test
    void nothingIsLostAndNothingDoubledWhenTheServerIsKilled() throws Exception {
        try (var server = TestServer.start(List.of(Company.ds()))) {
            var outcome = new Simulation(server, SMALL, System.out::println).run();
            System.out.print(new SimulationReport(SMALL, outcome).text());

            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.tally().of(Event.UNANSWERED))
                    .as("the kill was noticed")
                    .isPositive();
            for (var event : List.of(
                    Event.REGISTERED_AGAIN,
                    Event.CONNECTED_ANEW,
                    Event.CLOCK_PUT_RIGHT,
                    Event.SENT_AGAIN,
                    Event.TWICE_IN_ONE_CALL,
                    Event.AT_THE_SAME_TIME)) {
                assertThat(outcome.tally().of(event)).as(event.label()).isPositive();
            }
            // one device in ten forges a call in each of four rounds
            assertThat(outcome.tally().of(Event.FORGED)).isEqualTo(38);
            assertThat(outcome.transactions()).isGreaterThan(2L * 4 * 95 * 3);
            assertThat(outcome.measurements().get(Kind.SYNC)).hasSize(3);
        }
    }
}
