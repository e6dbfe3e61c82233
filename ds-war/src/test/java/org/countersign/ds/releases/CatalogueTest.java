package org.countersign.ds.releases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.ds.files.StoredFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

    private static final UUID DEVICE = UUID.fromString("5b1fd6a8-0a3c-4e4b-9f5c-0d6d3b0c1a11");

    @Test
    void versions_are_ordered_as_the_specification_has_it() {
        var ordered = List.of(
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "1.9.0",
                "1.10.0",
                "2.0.0");
        assertThat(ordered.stream().map(CatalogueTest::id).sorted().map(SemanticVersion::toString))
                .containsExactlyElementsOf(ordered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "01.2.3",
                "1.2.3-",
                "1.2.3-01",
                "1.2.3+build",
                "v1.2.3",
                "1.2.3 ",
                "../1.2.3",
                "1.2.9999999999"
            })
    void what_is_no_version(String text) {
        assertThat(SemanticVersion.parse(text)).isEmpty();
    }

    @Test
    void the_highest_recommended_version_is_offered() {
        var catalogue = catalogue(version("1.0.0", 100), version("1.10.0", 100), version("1.9.0", 100));
        assertThat(target(catalogue, "1.0.0")).isEqualTo("1.10.0 ");
        assertThat(target(catalogue, "1.10.0")).isEmpty();
        assertThat(target(catalogue, "2.0.0")).isEmpty();
        assertThat(catalogue.target(DEVICE, id("1.0.0"), AgentOs.WIN64)).isEmpty();
    }

    @Test
    void a_retired_version_is_left_even_downwards() {
        var catalogue = catalogue(version("1.0.0", 100), flags("1.1.0", true, false, false, 100));
        assertThat(target(catalogue, "1.1.0")).isEqualTo("1.0.0 mandatory");
        assertThat(target(catalogue, "0.9.0")).isEqualTo("1.0.0 ");
    }

    @Test
    void who_passes_a_mandatory_version_has_to_go_on() {
        var catalogue = catalogue(version("1.0.0", 100), flags("1.1.0", false, true, true, 100), version("1.2.0", 100));
        assertThat(target(catalogue, "1.0.0")).isEqualTo("1.2.0 mandatory");
        assertThat(target(catalogue, "1.1.0")).isEqualTo("1.2.0 ");
    }

    @Test
    void a_version_reaches_as_many_devices_as_it_should_and_the_same_ones_as_it_grows() {
        var devices = IntStream.range(0, 10_000)
                .mapToObj(i -> UUID.nameUUIDFromBytes(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)))
                .toList();
        var version = id("2.0.0");
        var tenth = devices.stream()
                .filter(device -> Rollout.includes(device, version, 10))
                .toList();
        assertThat(tenth).hasSizeBetween(850, 1_150);
        assertThat(tenth).allMatch(device -> Rollout.includes(device, version, 30));
        assertThat(devices).noneMatch(device -> Rollout.includes(device, version, 0));
        assertThat(devices).allMatch(device -> Rollout.includes(device, version, 100));
        assertThat(tenth).anyMatch(device -> !Rollout.includes(device, id("2.0.1"), 10));

        var catalogue = catalogue(version("1.0.0", 100), version("2.0.0", 10));
        var moved = devices.stream()
                .filter(device ->
                        catalogue.target(device, id("1.0.0"), AgentOs.UNIX).isPresent())
                .toList();
        assertThat(moved).isEqualTo(tenth);
    }

    @Test
    void new_users_get_what_everybody_may_have() {
        var catalogue = catalogue(
                version("1.0.0", 100),
                version("2.0.0", 50),
                flags("3.0.0", false, false, true, 100),
                flags("4.0.0", true, false, false, 100));
        assertThat(catalogue.forNewUsers(AgentOs.UNIX).orElseThrow().id()).isEqualTo(id("1.0.0"));
        assertThat(catalogue(flags("3.0.0", false, false, true, 100), flags("4.0.0-rc.1", false, false, true, 100))
                        .forNewUsers(AgentOs.UNIX)
                        .orElseThrow()
                        .id())
                .isEqualTo(id("3.0.0"));
        assertThat(catalogue.forNewUsers(AgentOs.MACOS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64), -, WIN64",
                "Mozilla/5.0 (Windows NT 10.0; WOW64; rv:110.0), -, WIN64",
                "Mozilla/5.0 (Windows NT 10.0; rv:110.0), -, WIN32",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7), -, MACOS",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7), \"arm\", MACOSARM",
                "Mozilla/5.0 (X11; Linux x86_64; rv:110.0), -, UNIX",
                "Mozilla/5.0 (Linux; Android 13), -, -",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X), -, -",
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0), -, -",
                "curl/8, -, -",
                "-, -, -"
            })
    void a_browser_names_its_system(String userAgent, String architecture, AgentOs os) {
        assertThat(AgentOs.ofUserAgent(userAgent, architecture).orElse(null)).isEqualTo(os);
    }

    private static String target(Catalogue catalogue, String current) {
        return catalogue
                .target(DEVICE, id(current), AgentOs.UNIX)
                .map(target -> target.version().id() + " " + (target.mandatory() ? "mandatory" : ""))
                .orElse("");
    }

    private static Catalogue catalogue(AgentVersion... versions) {
        return new Catalogue(Stream.of(versions).toList());
    }

    private static AgentVersion version(String id, int percent) {
        return flags(id, true, false, true, percent);
    }

    private static AgentVersion flags(String id, boolean recommended, boolean mandatory, boolean allowed, int percent) {
        var file = new StoredFile("0".repeat(64), 1);
        return new AgentVersion(
                id(id),
                recommended,
                mandatory,
                allowed,
                percent,
                Map.of(),
                Map.of(AgentOs.UNIX, new Installer(file, InstallerFormat.DEB, Instant.EPOCH)),
                Instant.EPOCH);
    }

    private static SemanticVersion id(String text) {
        return SemanticVersion.parse(text).orElseThrow();
    }
}
