package org.countersign.agent.dialogs;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** The agent's own words for its windows, in English and Spanish. */
final class Words {

    static final Locale SPANISH = Locale.forLanguageTag("es");

    private static final int LONGEST_HEADER = 200;
    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, SPANISH);

    private final Properties texts;

    private Words(Properties texts) {
        this.texts = texts;
    }

    /**
     * In the language that is set, or else that the browser prefers, or else the system's; English when there are no
     * words in it.
     *
     * @param set en, es or empty
     * @param preferred {@code Accept-Language} (RFC 9110 §12.5.4), or empty
     */
    static Words of(String set, String preferred) {
        var language = set.isEmpty() ? language(preferred) : set;
        var texts = new Properties();
        try (var file = Words.class.getResourceAsStream("words_" + language + ".properties");
                var reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            texts.load(reader);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Words(texts);
    }

    private static String language(String preferred) {
        Locale found = null;
        if (!preferred.isEmpty() && preferred.length() <= LONGEST_HEADER) {
            try {
                found = Locale.lookup(Locale.LanguageRange.parse(preferred), LANGUAGES);
            } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
                // As if there were none.
            }
        }
        if (found == null) {
            found = Locale.getDefault();
        }
        return SPANISH.getLanguage().equals(found.getLanguage()) ? "es" : "en";
    }

    /** With the values where the text has {@code {0}}, {@code {1}}, …; nothing in a value means anything. */
    String text(String key, String... values) {
        return new MessageFormat(texts.getProperty(key), Locale.ROOT).format(values);
    }
}
