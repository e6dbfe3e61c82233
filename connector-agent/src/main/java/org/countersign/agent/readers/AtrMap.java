package org.countersign.agent.readers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Kinds of cards by their answer to reset (ISO/IEC 7816-3): the agent's own list, then that of pcsc-tools where installed. */
public final class AtrMap {

    private static final String OWN = "/org/countersign/agent/readers/atrs.txt";
    private static final Pattern FORM = Pattern.compile("[0-9A-F.]{4,66}");

    /**
     * A kind of card.
     *
     * @param pattern hexadecimal digits in capitals; a point is any digit
     * @param modules that are on this machine, of those that work with such cards
     */
    public record Kind(String pattern, List<String> modules, String description) {

        public Kind {
            modules = List.copyOf(modules);
        }

        boolean matches(String atr) {
            if (atr.length() != pattern.length()) {
                return false;
            }
            for (int i = 0; i < atr.length(); i++) {
                if (pattern.charAt(i) != '.' && pattern.charAt(i) != atr.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Kind> kinds;
    private final SystemAtrs system;
    private final Set<String> modules;
    private volatile SyncedCards synced = SyncedCards.NONE;

    private AtrMap(List<Kind> kinds, SystemAtrs system, Set<String> modules) {
        this.kinds = List.copyOf(kinds);
        this.system = system;
        this.modules = Set.copyOf(modules);
    }

    /** @param modules that are on this machine */
    public static AtrMap load(Set<String> modules) {
        var kinds = new ArrayList<Kind>();
        try (var lines = new BufferedReader(
                new InputStreamReader(AtrMap.class.getResourceAsStream(OWN), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> kinds.add(kind(line, modules)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new AtrMap(kinds, new SystemAtrs(), modules);
    }

    private static Kind kind(String line, Set<String> modules) {
        var cells = line.split("\\|", 3);
        var pattern = cells[0].replace(" ", "");
        if (!FORM.matcher(pattern).matches()) {
            throw new IllegalStateException("The list of answers to reset has a line of another form: " + line);
        }
        var theirs = List.of(cells[1].strip().split(",")).stream()
                .map(String::strip)
                .filter(modules::contains)
                .toList();
        return new Kind(pattern, theirs, cells[2].strip());
    }

    /** @param cards from the distribution service */
    public void learn(SyncedCards cards) {
        synced = cards;
    }

    /** Those of the distribution service, then the agent's own. */
    public List<Kind> kinds() {
        var all = new ArrayList<Kind>();
        for (var kind : synced.all()) {
            var here = kind.modules().stream().filter(modules::contains).toList();
            all.add(new Kind(kind.pattern(), here, kind.description()));
        }
        all.addAll(kinds);
        return all;
    }

    Reader.Card card(String atr) {
        var own = kinds.stream().filter(kind -> kind.matches(atr)).toList();
        var theirs = Stream.concat(
                        synced.modules(atr).stream().filter(modules::contains),
                        own.stream().flatMap(kind -> kind.modules().stream()))
                .distinct()
                .toList();
        return new Reader.Card(atr, descriptions(atr, own), theirs);
    }

    private List<String> descriptions(String atr, List<Kind> own) {
        var told = synced.descriptions(atr);
        if (!told.isEmpty()) {
            return told;
        }
        return own.isEmpty()
                ? system.descriptions(atr)
                : own.stream().map(Kind::description).distinct().toList();
    }

    /** Whether the text is an answer to reset of 2 to 33 bytes. */
    static Optional<String> normalized(byte[] atr) {
        return atr.length < 2 || atr.length > 33
                ? Optional.empty()
                : Optional.of(java.util.HexFormat.of().withUpperCase().formatHex(atr));
    }
}
