package org.countersign.agent.transactions;

import jakarta.json.JsonObject;
import java.util.Optional;
import org.countersign.agent.loopback.Jsons;

/**
 * A use case that this agent ran, in the form that the distribution service takes.
 *
 * @param label of the application, {@code sub} of its token, up to 100 characters
 * @param tag of the application, up to 200
 * @param txDate as RFC 3339 has it, in UTC
 * @param id random: by it the service knows one that comes again
 */
public record Transaction(
        Optional<String> label, String module, String useCase, String txDate, Optional<String> tag, String id) {

    private static final int LONGEST_LABEL = 100;
    private static final int LONGEST_TAG = 200;

    /** Cuts what is too long, and control characters, so that the service takes it. */
    public Transaction {
        label = label.map(text -> cut(text, LONGEST_LABEL)).filter(text -> !text.isBlank());
        module = cut(module, LONGEST_LABEL);
        useCase = cut(useCase, LONGEST_LABEL);
        tag = tag.map(text -> cut(text, LONGEST_TAG)).filter(text -> !text.isBlank());
    }

    private static String cut(String text, int longest) {
        var clean = new StringBuilder();
        text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .takeWhile(c -> clean.length() + Character.charCount(c) <= longest)
                .forEachOrdered(clean::appendCodePoint);
        return clean.toString();
    }

    public JsonObject json() {
        var json = Jsons.object();
        label.ifPresent(text -> json.add("label", text));
        json.add("module", module).add("useCase", useCase).add("txDate", txDate);
        tag.ifPresent(text -> json.add("tag", text));
        return json.add("id", id).build();
    }
}
