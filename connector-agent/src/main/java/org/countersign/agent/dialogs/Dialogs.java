package org.countersign.agent.dialogs;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.countersign.agent.loopback.Call;
import org.countersign.agent.loopback.ConsentType;
import org.countersign.agent.loopback.Workers;
import org.countersign.agent.settings.Setting;
import org.countersign.agent.settings.Settings;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** What the agent asks the user, in windows of its own: few at once, one for each page's origin, and few in vain. */
public final class Dialogs {

    /** Less than what the server gives an answer. */
    private static final int LONGEST_SECONDS = 100;

    private static final int CONSENT_SECONDS = 30;
    private static final int PIN_SECONDS = 60;
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MOST_WINDOWS = 4;
    private static final int IN_VAIN_A_MINUTE = 3;
    private static final int LONGEST_TITLE = 80;
    private static final int LONGEST_READER = 80;
    private static final int LONGEST_PIN = 64;

    private final String choice;
    private final String language;
    private final Map<String, String> environment;
    private final Workers workers;
    private final Set<String> open = new HashSet<>();
    private final Attempts attempts;

    private Dialogs(String choice, String language, Map<String, String> environment, Workers workers, Clock clock) {
        this.choice = choice;
        this.language = language;
        this.environment = Map.copyOf(environment);
        this.workers = workers;
        this.attempts = new Attempts(IN_VAIN_A_MINUTE, clock);
    }

    /** @param environment the agent's, which says where the desktop is */
    public static Dialogs of(Settings settings, Map<String, String> environment, Workers workers, Clock clock) {
        return new Dialogs(
                settings.choice(Setting.DIALOGS, Desktops.CHOICES),
                settings.choice(Setting.LANGUAGE, List.of("", "en", "es")),
                environment,
                workers,
                clock);
    }

    /**
     * Whether the user lets the page at something. Of the call: {@code alertLevel}, {@code alertPosition},
     * {@code timeout} in seconds.
     *
     * @param title of the page's, for the window
     * @param codeWord that the page shows too
     */
    public boolean allow(Call call, String origin, ConsentType type, String title, String codeWord, int days) {
        var level = call.text("alertLevel")
                .map(name -> Window.Level.of(name).orElseThrow(Dialogs::notThere))
                .orElse(Window.Level.WARNING);
        var position = call.text("alertPosition")
                .map(name -> Window.Position.of(name).orElseThrow(Dialogs::notThere))
                .orElse(Window.Position.STANDARD);
        var patience = patience(call, call.number("timeout", 1, LONGEST_SECONDS, CONSENT_SECONDS));
        var words = Words.of(language, call.languages());
        var window = new Window(
                level,
                position,
                words.text("consent.title", PlainText.of(title, LONGEST_TITLE)),
                words.text("consent." + type.wireName(), origin, codeWord, Integer.toString(days)),
                words.text("consent.yes"),
                words.text("consent.no"),
                patience);
        return show(origin, desktop -> desktop.confirm(window), agreed -> agreed);
    }

    /**
     * The PIN of the card, from the user. Of the call: {@code timeout} in seconds.
     *
     * @param reader its name, or the module's when it is no reader's
     * @param series how long it will be kept for further signatures; nothing when it will not
     * @return to be wiped by who gets it
     * @throws ProtocolException {@code pin_not_entered}
     */
    public char[] pin(Call call, String reader, Optional<Duration> series) {
        var words = Words.of(language, call.languages());
        var place = PlainText.of(reader, LONGEST_READER);
        var text = series.map(time -> words.text("pin.series", asker(call, words), place, minutes(time)))
                .orElseGet(() -> words.text("pin.text", asker(call, words), place));
        var window = new Window(
                Window.Level.QUESTION,
                Window.Position.STANDARD,
                words.text("pin.title"),
                text,
                words.text("pin.yes"),
                words.text("pin.no"),
                patience(call, call.number("timeout", 1, LONGEST_SECONDS, PIN_SECONDS)));
        Function<Desktop, Optional<char[]>> question =
                desktop -> desktop.secret(window).filter(pin -> pin.length > 0 && pin.length <= LONGEST_PIN);
        return show(call.origin().orElse(""), question, Optional::isPresent)
                .orElseThrow(() -> new ProtocolException(AgentError.PIN_NOT_ENTERED, "No PIN was entered"));
    }

    /**
     * Whether the user wants a PIN tried that, if it is wrong, locks the card. No where there is no desktop.
     *
     * @param reader its name, or the module's when it is no reader's
     */
    public boolean riskLastTry(Call call, String reader) {
        var words = Words.of(language, call.languages());
        var window = new Window(
                Window.Level.WARNING,
                Window.Position.STANDARD,
                words.text("last.title"),
                words.text("last.text", asker(call, words), PlainText.of(reader, LONGEST_READER)),
                words.text("last.yes"),
                words.text("last.no"),
                patience(call, CONSENT_SECONDS));
        try {
            return show(call.origin().orElse(""), desktop -> desktop.confirm(window), agreed -> agreed);
        } catch (ProtocolException refused) {
            if (refused.code() == AgentError.NO_DESKTOP) {
                return false;
            }
            throw refused;
        }
    }

    /** So that there is time for the card afterwards. */
    private static Duration patience(Call call, int seconds) {
        var most = call.deadline().left().minus(AFTERWARDS);
        if (most.compareTo(SHORTEST) < 0) {
            throw new ProtocolException(AgentError.LIBRARY_TIMEOUT, "No time is left to ask the user");
        }
        var wanted = Duration.ofSeconds(seconds);
        return most.compareTo(wanted) < 0 ? most : wanted;
    }

    private static String minutes(Duration time) {
        return Long.toString(time.plusSeconds(59).toMinutes());
    }

    private static String asker(Call call, Words words) {
        return call.origin().orElseGet(() -> words.text("program"));
    }

    private <T> T show(String origin, Function<Desktop, T> question, Predicate<T> yes) {
        var desktop = Desktops.find(choice, environment).orElseThrow(Program::none);
        synchronized (open) {
            if (open.size() >= MOST_WINDOWS || !open.add(origin)) {
                throw new ProtocolException(
                        AgentError.BUSY, "The user is being asked something already; try again later");
            }
        }
        try {
            attempts.count(origin);
            var answer = workers.whileTheUserThinks(() -> question.apply(desktop));
            if (yes.test(answer)) {
                attempts.forget(origin);
            }
            return answer;
        } finally {
            synchronized (open) {
                open.remove(origin);
            }
        }
    }

    private static ProtocolException notThere() {
        return new ProtocolException(AgentError.BAD_REQUEST, "alertLevel or alertPosition is none of those there are");
    }
}
