package org.countersign.wallet.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.core.error.ProtocolException;
import org.countersign.core.error.ScimError;
import org.countersign.core.specification.Scim;
import org.countersign.wallet.scim.ScimAttributes.ScimEmail;
import org.countersign.wallet.scim.ScimAttributes.ScimName;

/**
 * Changes of a user (RFC 7644 §3.5.2), one after the other, all or none. A path to what is not kept changes nothing; some directories
 * write operations with a capital letter, and paths as the names of members.
 */
final class ScimPatch {

    private static final int MOST_OPERATIONS = 100;
    /** An attribute, of this schema or another, a choice among its values, and a part of it. */
    private static final Pattern PATH =
            Pattern.compile("(?:(urn:[A-Za-z0-9:._-]{1,200}):)?([A-Za-z][A-Za-z0-9_$-]{0,63})"
                    + "(?:\\[([^\\[\\]]{1,200})])?(?:\\.([A-Za-z][A-Za-z0-9_$-]{0,63}))?");

    private static final Pattern CHOICE =
            Pattern.compile("(?i:(type|value|primary)) +(?i:eq) +(?:\"([^\"\\\\]{0,255})\"|(true|false))");

    private enum Op {
        ADD,
        REPLACE,
        REMOVE
    }

    private ScimUser.Content content;

    private ScimPatch(ScimUser.Content content) {
        this.content = content;
    }

    /** @throws ProtocolException in SCIM's words when an operation is malformed, or what it asks for cannot be */
    static ScimUser.Content apply(byte[] body, ScimUser.Content before) {
        var operations = ScimInput.get(ScimInput.parse(body, Scim.PATCH), "Operations")
                .filter(JsonNode::isArray)
                .filter(list -> !list.isEmpty() && list.size() <= MOST_OPERATIONS)
                .orElseThrow(() -> syntax("Operations must be a list of 1 to " + MOST_OPERATIONS + " operations"));
        var patch = new ScimPatch(before);
        operations.forEach(patch::operate);
        return patch.content;
    }

    private void operate(JsonNode operation) {
        var op = ScimInput.get(operation, "op")
                .flatMap(name -> List.of(Op.values()).stream()
                        .filter(known -> known.name().equals(name.asText().toUpperCase(Locale.ROOT)))
                        .findFirst())
                .orElseThrow(() -> syntax("op must be add, replace or remove"));
        var path = ScimInput.get(operation, "path");
        var value = op == Op.REMOVE ? Optional.<JsonNode>empty() : ScimInput.get(operation, "value");
        if (path.isPresent() && operation.path("value").isNull()) {
            // RFC 7643 §2.5: null is no value.
            change(Op.REMOVE, path.get().asText(), Optional.empty());
            return;
        }
        if (op != Op.REMOVE && value.isEmpty()) {
            throw ScimAttributes.invalid("add and replace need a value");
        }
        if (path.isPresent()) {
            change(op, path.get().asText(), value);
        } else if (op == Op.REMOVE) {
            throw new ProtocolException(ScimError.NO_TARGET, "remove needs a path");
        } else if (value.get().isObject()) {
            value.get().properties().forEach(member -> changeMember(op, member.getKey(), member.getValue()));
        } else {
            throw ScimAttributes.invalid("Without a path the value is an object");
        }
    }

    /** Objects of other schemas have their name, which is no path. */
    private void changeMember(Op op, String name, JsonNode value) {
        if (PATH.matcher(name).matches() && !name.equalsIgnoreCase("schemas")) {
            change(value.isNull() ? Op.REMOVE : op, name, value.isNull() ? Optional.empty() : Optional.of(value));
        }
    }

    /** @param value none to remove it */
    private void change(Op op, String text, Optional<JsonNode> value) {
        var path = PATH.matcher(text);
        if (!path.matches()) {
            throw new ProtocolException(
                    ScimError.INVALID_PATH, "A path is malformed, or of a kind that is not known here");
        }
        if (path.group(1) != null && !path.group(1).equalsIgnoreCase(Scim.USER)) {
            return;
        }
        var choice = Optional.ofNullable(path.group(3));
        var part = Optional.ofNullable(path.group(4));
        var attributes = content.attributes();
        switch (path.group(2).toLowerCase(Locale.ROOT)) {
            case "username" -> content = content.withLogin(ScimInput.login(value.orElse(null)));
            case "active" ->
                content = content.withActive(
                        ScimInput.active(value.orElseThrow(() -> ScimAttributes.invalid("active cannot be removed"))));
            case "externalid" ->
                content = content.withExternalId(value.map(given -> ScimInput.text("externalId", given)));
            case "displayname" ->
                content = content.with(new ScimAttributes(
                        attributes.name(),
                        value.map(given -> ScimInput.text("displayName", given)).orElse(null),
                        attributes.emails()));
            case "name" ->
                content = content.with(
                        new ScimAttributes(name(op, part, value), attributes.displayName(), attributes.emails()));
            case "emails" ->
                content = content.with(new ScimAttributes(
                        attributes.name(), attributes.displayName(), emails(op, choice, part, value)));
            default -> {
                // not kept
            }
        }
    }

    /** Of a complex attribute its named parts alone are changed (§3.5.2.1, §3.5.2.3). */
    private ScimName name(Op op, Optional<String> part, Optional<JsonNode> value) {
        if (value.isEmpty() && part.isEmpty()) {
            return null;
        }
        var before = Optional.ofNullable(content.attributes().name()).orElse(new ScimName(null, null, null));
        var given = part.isEmpty()
                ? value.orElseThrow()
                : JsonNodeFactory.instance
                        .objectNode()
                        .set(part.get(), value.orElse(JsonNodeFactory.instance.nullNode()));
        if (!given.isObject()) {
            throw ScimAttributes.invalid("name must be an object");
        }
        var name = new ScimName(
                changed(given, "formatted", before.formatted()),
                changed(given, "familyName", before.familyName()),
                changed(given, "givenName", before.givenName()));
        return name.isEmpty() ? null : name;
    }

    private static String changed(JsonNode given, String part, String before) {
        var named = given.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(part))
                .findFirst();
        return named.isEmpty()
                ? before
                : named.map(java.util.Map.Entry::getValue)
                        .filter(value -> !value.isNull())
                        .map(value -> ScimInput.text("name." + part, value))
                        .orElse(null);
    }

    private List<ScimEmail> emails(Op op, Optional<String> choice, Optional<String> part, Optional<JsonNode> value) {
        var before = content.attributes().emails();
        if (choice.isEmpty()) {
            if (part.isPresent()) {
                throw new ProtocolException(ScimError.INVALID_PATH, "A part of emails needs a choice among its values");
            }
            if (value.isEmpty()) {
                return List.of();
            }
            var given = ScimInput.emails(value.get());
            return op == Op.ADD ? added(before, given) : given;
        }
        var chosen = CHOICE.matcher(choice.get());
        if (!chosen.matches()) {
            throw new ProtocolException(
                    ScimError.INVALID_FILTER, "Among emails one chooses by type, value or primary, with eq");
        }
        var kind = chosen.group(1).toLowerCase(Locale.ROOT);
        var wanted = chosen.group(2) == null ? chosen.group(3) : chosen.group(2);
        var after = new ArrayList<ScimEmail>();
        boolean found = false;
        for (var email : before) {
            if (!is(email, kind, wanted)) {
                after.add(email);
            } else {
                found = true;
                if (value.isPresent()) {
                    after.add(part.isEmpty() ? one(value.get()) : with(email, part.get(), value.get()));
                } else if (part.isPresent() && !part.get().equalsIgnoreCase("value")) {
                    after.add(with(email, part.get(), JsonNodeFactory.instance.nullNode()));
                }
            }
        }
        if (!found && value.isPresent()) {
            // Directories set the address of a type that way, whether there is one or not.
            if (!kind.equals("type") || !part.map("value"::equalsIgnoreCase).orElse(false)) {
                throw new ProtocolException(ScimError.NO_TARGET, "No value of emails is the chosen one");
            }
            after.add(new ScimEmail(ScimInput.text("emails.value", value.get()), wanted, null));
        }
        return after;
    }

    private static ScimEmail one(JsonNode value) {
        var given = ScimInput.emails(value);
        if (given.size() != 1) {
            throw ScimAttributes.invalid("In place of a value of emails is exactly one");
        }
        return given.get(0);
    }

    private static List<ScimEmail> added(List<ScimEmail> before, List<ScimEmail> given) {
        var all = new ArrayList<>(before);
        given.stream().filter(email -> !all.contains(email)).forEach(all::add);
        return all;
    }

    private static boolean is(ScimEmail email, String kind, String wanted) {
        return switch (kind) {
            case "type" -> wanted.equalsIgnoreCase(email.type());
            case "value" -> wanted.equalsIgnoreCase(email.value());
            default -> Boolean.parseBoolean(wanted) == Boolean.TRUE.equals(email.primary());
        };
    }

    private static ScimEmail with(ScimEmail email, String part, JsonNode value) {
        var text = value.isNull() || part.equalsIgnoreCase("primary") ? null : ScimInput.text("emails." + part, value);
        return switch (part.toLowerCase(Locale.ROOT)) {
            case "value" -> new ScimEmail(text, email.type(), email.primary());
            case "type" -> new ScimEmail(email.value(), text, email.primary());
            case "primary" ->
                new ScimEmail(email.value(), email.type(), value.isNull() ? null : (Boolean) ScimInput.active(value));
            default -> email;
        };
    }

    private static ProtocolException syntax(String description) {
        return new ProtocolException(ScimError.INVALID_SYNTAX, description);
    }
}
