package org.countersign.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.countersign.server.web.AddressRange;
import org.countersign.server.web.ExceptionAnswers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {

    private static final int THREADS = 8;
    private static final int EACH = 10_000;
    private static final int ROUNDS = 30;
    /** In nanoseconds. */
    private static final double MOST = 10_000;

    private final Metrics metrics = new Metrics("1.2.3");

    @Path("things")
    private static final class Things {

        @GET
        @Path("{id}/parts")
        public void parts() {}
    }

    private String text() {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }

    @Test
    void it_tells_its_version_and_of_its_process() {
        assertThat(text())
                .contains("countersign_build_info{version=\"1.2.3\"} 1")
                .contains("jvm_threads_current")
                .contains("jvm_gc_collections_total{gc=\"")
                .contains("process_open_fds");
    }

    @Test
    void a_gauge_is_asked_when_the_figures_are_read() {
        var offset = new double[] {0.25};
        metrics.gauge("countersign_clock_offset_seconds", "How far the clock is", () -> offset[0]);
        assertThat(text()).contains("countersign_clock_offset_seconds 0.25");
        offset[0] = Double.NaN;
        assertThat(text()).contains("countersign_clock_offset_seconds NaN");
    }

    @Test
    void requests_of_many_threads_are_all_counted_and_by_their_template() throws Exception {
        var requests = new RequestMetrics(metrics);
        var route = route(requests);
        var executor = Executors.newFixedThreadPool(THREADS);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(() -> {
                    for (int n = 0; n < EACH; n++) {
                        request(requests, route, 200, null);
                    }
                    return null;
                });
            }
            for (var done : executor.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
        request(requests, route, 400, "invalid_pin");
        request(requests, null, 404, "not_found");
        assertThat(text())
                .contains(
                        "countersign_requests_total{method=\"GET\",route=\"/things/{id}/parts\",status=\"200\"} 80000")
                .contains("countersign_request_seconds_count{method=\"GET\",route=\"/things/{id}/parts\"} 80001")
                .contains("countersign_failures_total{error=\"invalid_pin\",route=\"/things/{id}/parts\"} 1")
                .contains("countersign_failures_total{error=\"not_found\",route=\"none\"} 1");
    }

    /** In processor time of this thread, which a busy machine does not change much; best of many rounds. */
    @Test
    void counting_costs_next_to_nothing() throws Exception {
        var requests = new RequestMetrics(metrics);
        var route = route(requests);
        var properties = new HashMap<String, Object>();
        var request = request(properties);
        var response = response(200);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int n = 0; n < EACH; n++) {
                requests.filter(request);
                route.filter(request);
                requests.filter(request, response);
            }
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
            best = Math.min(best, took / (double) EACH);
        }
        System.out.println("Counting a request takes " + Math.round(best) + " ns, the test's proxies included");
        assertThat(best).isLessThan(MOST);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.0/24, 10.1.2.255, true",
        "10.1.2.0/24, 10.1.3.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.0.0.0/7, 11.255.255.255, true",
        "10.0.0.0/7, 12.0.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::1, ::2, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "127.0.0.0/8, localhost, false",
        "127.0.0.0/8, '', false"
    })
    void a_range_has_the_addresses_that_begin_alike(String range, String address, boolean inside) {
        assertThat(AddressRange.parse(range).orElseThrow().contains(address)).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "example.org",
                "10.1.2.0/33",
                "::1/129",
                "10.1.2.0/",
                "/8",
                "10.1.2.256",
                "1::2::3",
                "10.1.2",
                "10.1.2.0/24/8",
                "fe80::1%eth0",
                "10.1.2.0/-1"
            })
    void what_is_no_address_is_refused_and_never_looked_up(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }

    @Test
    void an_unknown_address_is_in_no_range() {
        assertThat(AddressRange.parse("0.0.0.0/0").orElseThrow().contains(null)).isFalse();
    }

    private static ContainerRequestFilter route(RequestMetrics requests) throws NoSuchMethodException {
        var parts = Things.class.getDeclaredMethod("parts");
        var resource = new ResourceInfo() {
            @Override
            public Method getResourceMethod() {
                return parts;
            }

            @Override
            public Class<?> getResourceClass() {
                return Things.class;
            }
        };
        var registered = new ArrayList<Object>();
        requests.configure(resource, proxy(FeatureContext.class, (name, arguments) -> {
            registered.add(arguments[0]);
            return null;
        }));
        return (ContainerRequestFilter) registered.get(0);
    }

    private static void request(RequestMetrics requests, ContainerRequestFilter route, int status, String error)
            throws java.io.IOException {
        var request = request(new HashMap<>());
        requests.filter(request);
        if (route != null) {
            route.filter(request);
        }
        if (error != null) {
            request.setProperty(ExceptionAnswers.REFUSED, error);
        }
        requests.filter(request, response(status));
    }

    private static ContainerRequestContext request(Map<String, Object> properties) {
        return proxy(ContainerRequestContext.class, (name, arguments) -> switch (name) {
            case "getMethod" -> "GET";
            case "setProperty" -> properties.put((String) arguments[0], arguments[1]);
            case "getProperty" -> properties.get(arguments[0]);
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private static ContainerResponseContext response(int status) {
        return proxy(ContainerResponseContext.class, (name, arguments) -> switch (name) {
            case "getStatus" -> status;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private static <T> T proxy(Class<T> type, java.util.function.BiFunction<String, Object[], Object> calls) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> calls.apply(method.getName(), arguments)));
    }
}
