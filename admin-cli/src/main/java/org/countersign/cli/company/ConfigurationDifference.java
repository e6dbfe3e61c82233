package org.countersign.cli.company;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A key that two configuration files have different values of, in JSON, as they may be shown: secrets are left out, and
 * references to them, {@code ${env:NAME}}, are not.
 *
 * @param before null when the key is new
 * @param after null when it is gone
 */
record ConfigurationDifference(String key, String before, String after) {

    private static final String HIDDEN = "(a secret)";
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passphrase|passwd|pwd|secret|token|credential|key|pin)s?");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):[^}]+}");
    private static final Pattern ENTRY = Pattern.compile("\\[[^]]*]");

    /** Of what is an address: {@code user:password@} and the values of parameters. */
    private static final Pattern USER = Pattern.compile("(//)[^/?#]*@");

    private static final Pattern PARAMETER = Pattern.compile("([?&;#])([^=&;#?]+)=([^&;#]*)");
    private static final Pattern ADDRESS = Pattern.compile("(?is)(jdbc:|[a-z][a-z0-9+.-]*://).*");

    /** Of parameters that say nothing to anybody; others of an address are not shown. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(?i)ssl|sslmode|sslfactory|user|currentSchema|applicationName|(connect|socket|login|cancelSignal)Timeout"
                    + "|tcpKeepAlive|targetServerType|loadBalanceHosts|prepareThreshold|readOnly|reWriteBatchedInserts"
                    + "|defaultRowFetchSize|binaryTransfer|gssEncMode|channelBinding");

    static List<ConfigurationDifference> between(JsonNode before, JsonNode after) {
        var old = new TreeMap<String, JsonNode>();
        var now = new TreeMap<String, JsonNode>();
        flatten("", before, old);
        flatten("", after, now);
        var keys = new TreeSet<>(old.keySet());
        keys.addAll(now.keySet());
        var differences = new ArrayList<ConfigurationDifference>();
        for (String key : keys) {
            if (!Objects.equals(old.get(key), now.get(key))) {
                var was = shown(key, old.get(key));
                var is = shown(key, now.get(key));
                differences.add(new ConfigurationDifference(
                        key, was, is != null && is.equals(was) && !is.equals(HIDDEN) ? is + " (another secret)" : is));
            }
        }
        return differences;
    }

    /** {@code null} for what is not there. */
    private static String shown(String key, JsonNode value) {
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            return value.isValueNode() && !value.isNumber() || !isSecret(key) ? value.toString() : HIDDEN;
        }
        var text = value.asText();
        if (REFERENCE.matcher(text).matches()) {
            return value.toString();
        }
        return isSecret(key) || text.contains("PRIVATE KEY")
                ? HIDDEN
                : TextNode.valueOf(withoutSecrets(text)).toString();
    }

    /** An address without the secrets in it; any other text as it is. */
    static String withoutSecrets(String text) {
        return ADDRESS.matcher(text).matches()
                ? PARAMETER
                        .matcher(USER.matcher(text).replaceAll("$1…@"))
                        .replaceAll(parameter -> java.util.regex.Matcher.quoteReplacement(
                                HARMLESS.matcher(parameter.group(2)).matches()
                                                || REFERENCE
                                                        .matcher(parameter.group(3))
                                                        .matches()
                                        ? parameter.group()
                                        : parameter.group(1) + parameter.group(2) + "=…"))
                : text;
    }

    /** Whether one of the members on the way there is called like a secret; entries of lists go by names of their own. */
    private static boolean isSecret(String key) {
        for (String member : ENTRY.matcher(key).replaceAll("").split("\\.", -1)) {
            if (SECRET.matcher(member).matches()) {
                return true;
            }
        }
        return false;
    }

    private static void flatten(String path, JsonNode node, Map<String, JsonNode> values) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), values));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                var item = node.get(i);
                // By name, where there is one: an entry more in the middle is one difference.
                var name = item.path("clientId")
                        .asText(item.path("name").asText(item.path("id").asText("")));
                flatten(path + "[" + (name.isEmpty() ? String.valueOf(i) : name) + "]", item, values);
            }
        } else {
            values.put(path, node);
        }
    }
}
