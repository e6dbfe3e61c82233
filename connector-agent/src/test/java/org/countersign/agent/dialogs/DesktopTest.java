package org.countersign.agent.dialogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.countersign.agent.Screen;
import org.countersign.agent.Tools;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.Deadline;
import org.countersign.agent.loopback.Workers;
import org.countersign.agent.settings.SettingsReader;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of real programs on a real X server, with keys pressed in them. */
class DesktopTest {

    private static final String TITLE = "Countersign: test";
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    static Path home;

    static Screen screen;

    @BeforeAll
    static void start() {
        screen = Screen.start(home);
    }

    @AfterAll
    static void stop() {
        if (screen != null) {
            screen.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity", "kdialog"})
    void the_user_agrees(String choice) throws Exception {
        assertThat(confirm(choice, "kdialog".equals(choice) ? new String[] {"Return"} : new String[] {"Tab", "space"}))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity", "kdialog"})
    void the_user_does_not_agree(String choice) throws Exception {
        assertThat(confirm(choice, "Escape")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity"})
    void enter_agrees_to_nothing(String choice) throws Exception {
        assertThat(confirm(choice, "Return")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity", "kdialog"})
    void a_window_that_nobody_answers_goes(String choice) {
        var desktop = desktop(choice);
        assertThat(desktop.confirm(window(TITLE, "?", Duration.ofSeconds(3)))).isFalse();
        assertThat(desktop.secret(window(TITLE, "?", Duration.ofSeconds(3)))).isEmpty();
        assertThat(screen.hasWindow(TITLE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity", "kdialog"})
    void what_the_user_types_comes_back(String choice) throws Exception {
        var desktop = desktop(choice);
        var typed = CompletableFuture.supplyAsync(() -> desktop.secret(window(TITLE, "PIN", LONG)));
        screen.type(TITLE, "4711", "Return");
        assertThat(typed.get(100, TimeUnit.SECONDS).map(String::new)).contains("4711");
        var closed = CompletableFuture.supplyAsync(() -> desktop.secret(window(TITLE, "PIN", LONG)));
        screen.type(TITLE, "4711", "Escape");
        assertThat(closed.get(100, TimeUnit.SECONDS)).isEmpty();
    }

    /** A line break that got through as markup, or as an escape, would make the window higher. */
    @ParameterizedTest
    @ValueSource(strings = {"swing", "zenity", "kdialog"})
    void no_part_of_a_text_is_markup(String choice) throws Exception {
        var plain = size(choice, "<abcde> aa bb cc dd ee ff");
        assertThat(size(choice, "<br><br><br><br><br><br>")).isEqualTo(plain);
        assertThat(size(choice, "&#10;&#10;&#10;&#10;&#10;")).isEqualTo(plain);
        assertThat(size(choice, "\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n")).isEqualTo(plain);
    }

    @Test
    void a_window_is_where_it_was_asked_for() throws Exception {
        Tools.require("Xvfb");
        assertThat(place(Window.Position.TOP_LEFT)).isEqualTo("[X=0, Y=0]");
        assertThat(place(Window.Position.BOTTOM_RIGHT)).doesNotContain("X=0", "Y=0");
        assertThat(place(Window.Position.LEFT)).contains("X=0").doesNotContain("Y=0");
    }

    /** A card may have taken most of the time in which an answer is worth something. */
    @Test
    void a_window_leaves_time_for_the_card() {
        var settings = new SettingsReader(Map.of(), home).read(List.of("--data=" + home));
        var workers = new Workers(1);
        try {
            var dialogs = Dialogs.of(settings, screen.environment(), workers, Clock.systemUTC());
            long start = System.nanoTime();
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> dialogs.pin(call(Duration.ofSeconds(20)), "Reader", Optional.empty()))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(AgentError.PIN_NOT_ENTERED));
            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> dialogs.pin(call(Duration.ofSeconds(5)), "Reader", Optional.empty()))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(AgentError.LIBRARY_TIMEOUT));
        } finally {
            workers.close();
        }
    }

    private static Call call(Duration left) {
        var body = Json.createObjectBuilder().add("timeout", 90).build();
        return new Call(
                Optional.of("https://app.example.com"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                1,
                Deadline.in(left),
                Map.of(),
                Map.of(),
                body);
    }

    @Test
    void without_a_display_there_is_no_desktop() {
        var environment = new HashMap<>(screen.environment());
        environment.remove("DISPLAY");
        for (var choice : Desktops.CHOICES) {
            assertThat(Desktops.find(choice, environment)).as(choice).isEmpty();
        }
        assertThat(Desktops.find("off", screen.environment())).isEmpty();
        environment.put("DISPLAY", ":9999");
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> desktop("swing", environment).confirm(window(TITLE, "?", LONG)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(AgentError.NO_DESKTOP));
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> Clipboard.of(Map.of()).read())
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(AgentError.NO_DESKTOP));
    }

    @Test
    void the_clipboard_is_read_by_xclip_and_by_java() {
        Tools.require("xclip");
        var withoutPrograms = new HashMap<>(screen.environment());
        withoutPrograms.put("PATH", home.toString());
        for (var clipboard : new Clipboard[] {Clipboard.of(screen.environment()), Clipboard.of(withoutPrograms)}) {
            screen.copy("a text, ñ");
            assertThat(clipboard.read()).map(String::new).contains("a text, ñ");
            screen.copy("x".repeat(100_000));
            assertThat(clipboard.read()).isEmpty();
        }
    }

    private static Desktop desktop(String choice) {
        return desktop(choice, screen.environment());
    }

    private static Desktop desktop(String choice, Map<String, String> environment) {
        if (!"swing".equals(choice)) {
            Tools.require(choice);
        }
        return Desktops.find(choice, environment).orElseThrow();
    }

    private static Window window(String title, String text, Duration patience) {
        return new Window(Window.Level.WARNING, Window.Position.STANDARD, title, text, "Allow", "Deny", patience);
    }

    private static boolean confirm(String choice, String... keys) throws Exception {
        var desktop = desktop(choice);
        var answer = CompletableFuture.supplyAsync(() -> desktop.confirm(window(TITLE, "Do you agree?", LONG)));
        screen.press(TITLE, keys);
        return answer.get(100, TimeUnit.SECONDS);
    }

    private static String size(String choice, String text) throws Exception {
        var desktop = desktop(choice);
        var answer = CompletableFuture.supplyAsync(() -> desktop.confirm(window(TITLE, "First\n" + text, LONG)));
        var size = screen.size(screen.window(TITLE));
        screen.press(TITLE, "Escape");
        answer.get(100, TimeUnit.SECONDS);
        return size.replaceAll("WIDTH=\\d+", "");
    }

    private static String place(Window.Position position) throws Exception {
        var window = new Window(Window.Level.ERROR, position, TITLE, "Here?", "Allow", "Deny", LONG);
        var desktop = desktop("swing");
        var answer = CompletableFuture.supplyAsync(() -> desktop.confirm(window));
        var place = screen.place(screen.window(TITLE));
        screen.press(TITLE, "Escape");
        answer.get(100, TimeUnit.SECONDS);
        return place;
    }
}
