package org.countersign.ds.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.countersign.core.error.DsError;
import org.countersign.core.error.ProtocolException;
import org.countersign.ds.TestContext;
import org.countersign.ds.applications.Application;
import org.countersign.server.issuing.TestKeys;
import org.countersign.server.metrics.Metrics;
import org.countersign.server.time.MovableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which tokens are refreshed. */
class ApplicationTokensTest {

    private static final String ISSUER = "https://ds.example.com/ds-acme";
    private static final Duration LIFE = Duration.ofMinutes(20);

    private static TestContext context;
    private static TestKeys keys;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-06-01T12:00:00Z"));
    private final Application shop = application("shop");
    private final ApplicationTokens tokens = new ApplicationTokens(
            keys.keys(), URI.create(ISSUER), LIFE, TestContext.ENTROPY, clock, new Metrics("test"));

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

    private static Application application(String label) {
        return new Application(
                UUID.randomUUID(),
                UUID.randomUUID(),
                label,
                List.of("https://shop.example.com"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH);
    }

    private void notRefreshed(String why, Application application, String token) {
        assertThatThrownBy(() -> tokens.refresh(application, token, null))
                .as(why)
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(DsError.TOKEN_NOT_REFRESHED));
    }

    @Test
    void a_token_is_refreshed_until_it_expires() {
        var token = tokens.issue(shop, null);
        clock.advance(LIFE.minusSeconds(1));
        var refreshed = tokens.refresh(shop, token, null);
        clock.advance(Duration.ofSeconds(1));
        notRefreshed("expired", shop, token);
        clock.advance(LIFE.minusSeconds(2));
        tokens.refresh(shop, refreshed, null);
        clock.advance(Duration.ofSeconds(1));
        notRefreshed("the refreshed one expired as well", shop, refreshed);
    }

    @Test
    void another_applications_token_is_not_refreshed() {
        notRefreshed("another application's", application("bank"), tokens.issue(shop, null));
    }

    @Test
    void every_claim_counts() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> good =
                Map.of("iss", ISSUER, "aud", "connector", "sub", "shop", "nbf", now + 60, "exp", now + 1);
        assertThat(tokens.refresh(shop, keys.sign("JWT", good), null)).isNotEmpty();
        Map<String, List<Object>> wrong = Map.of(
                "iss", List.of(ISSUER + "/", "https://ds.example.com/ds-globex"),
                "aud", List.of("public", List.of("connector"), "Connector"),
                "sub", List.of("bank", "shop "),
                "nbf", List.of(now + 61, "now"),
                "exp", List.of(now, now - 1, Long.toString(now + 60)));
        wrong.forEach((claim, values) -> {
            for (var value : values) {
                var claims = new HashMap<>(good);
                claims.put(claim, value);
                notRefreshed(claim + " " + value, shop, keys.sign("JWT", claims));
            }
            var claims = new HashMap<>(good);
            claims.remove(claim);
            notRefreshed("without " + claim, shop, keys.sign("JWT", claims));
        });
    }

    @Test
    void what_is_signed_for_another_purpose_is_no_token() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims =
                Map.of("iss", ISSUER, "aud", "connector", "sub", "shop", "nbf", now, "exp", now + 60);
        notRefreshed("another type", shop, keys.sign("countersign-modules+jwt", claims));
    }
}
