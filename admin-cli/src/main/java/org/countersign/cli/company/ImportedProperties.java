package org.countersign.cli.company;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A company's JSON file out of the properties form of earlier products.
 *
 * @param remarks what the administrator should look at
 * @param unknown properties that were not taken over
 */
record ImportedProperties(String json, List<String> remarks, List<String> unknown) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,9}");
    private static final String DATASOURCE = "spring.datasource.";
    private static final String JPA = "spring.jpa.";
    private static final String HSM = "alison.server.hsm.";
    private static final String NTP = "alison.server.ntp.";
    private static final String AWS = "alison.server.aws.";

    /**
     * @param tenant the company's tenant; null leaves a place to fill
     * @param passwordReference what stands for the database's password; null copies it
     */
    static ImportedProperties of(Properties properties, String tenant, String passwordReference) {
        var left = new TreeSet<>(properties.stringPropertyNames());
        var remarks = new ArrayList<String>();
        var out = new StringBuilder(
                "// Made from a file of properties by \"countersign company import-properties\".\n{\n");
        var take = new Taking(properties, left);

        out.append("  \"datasource\": {\n");
        var datasource = new ArrayList<String>();
        take.text(DATASOURCE + "url", "url", datasource);
        take.text(DATASOURCE + "username", "username", datasource);
        if (passwordReference != null && left.remove(DATASOURCE + "password")) {
            datasource.add("\"password\": " + quoted(passwordReference));
            remarks.add("datasource.password is " + passwordReference + ": put the secret there");
        } else if (take.text(DATASOURCE + "password", "password", datasource)) {
            remarks.add("datasource.password stands in the file; ${env:NAME} or ${file:PATH} would keep it out");
        }
        take.text(DATASOURCE + "driver-class-name", "drivername", datasource);
        out.append(lines("    ", datasource)).append("  },\n\n");

        if (take.any(JPA)) {
            out.append("  // The schema belongs to the versioned migrations: spring.jpa.* is not taken over.\n\n");
            left.removeIf(name -> name.startsWith(JPA));
        }

        var hsm = new ArrayList<String>();
        take.text(HSM + "type", "type", hsm);
        take.text(HSM + "folder", "folder", hsm);
        if (!hsm.isEmpty()) {
            out.append("  // Where private keys are kept. The master secret comes from SIGNER_MASTER_SECRET_….\n");
            out.append("  \"hsm\": {\n").append(lines("    ", hsm)).append("  },\n\n");
            if ("kms".equals(properties.getProperty(HSM + "type"))) {
                remarks.add("hsm.type is kms: add hsm.keyId and aws.region (docs/configuration.md)");
            }
        }

        var ntp = new ArrayList<String>();
        take.text(NTP + "url", "url", ntp);
        take.number(NTP + "timeout_in_seconds", "timeoutInSeconds", ntp, remarks);
        take.number(NTP + "sync_time_in_min", "syncTimeInMinutes", ntp, remarks);
        if (!ntp.isEmpty()) {
            out.append("  // The time that one-time passwords are checked against.\n");
            out.append("  \"ntp\": {\n").append(lines("    ", ntp)).append("  },\n\n");
        }

        if (left.remove(AWS + "enabled")) {
            boolean enabled =
                    Boolean.parseBoolean(properties.getProperty(AWS + "enabled").strip());
            out.append("  \"aws\": {\"enabled\": ").append(enabled).append("},\n\n");
        }

        out.append("  // Whose credentials these are, and whose certificates they may have: PEM of the authorities.\n");
        out.append("  \"tenants\": [")
                .append(tenant == null ? "" : "{\"name\": " + quoted(tenant) + ", \"trustAnchors\": []}")
                .append("],\n\n");
        out.append("  // The applications. The server adds those that its database lacks.\n");
        out.append("  \"oAuthClientDetails\": []\n}\n");
        remarks.add(
                tenant == null
                        ? "tenants is empty: at least one is needed"
                        : "tenants[0].trustAnchors is empty: no certificate will be accepted");
        return new ImportedProperties(out.toString(), List.copyOf(remarks), List.copyOf(left));
    }

    private static String lines(String indent, List<String> members) {
        var lines = new StringBuilder();
        for (int i = 0; i < members.size(); i++) {
            lines.append(indent).append(members.get(i)).append(i < members.size() - 1 ? ",\n" : "\n");
        }
        return lines.toString();
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(JsonNodeFactory.instance.textNode(text));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Takes properties over one by one. */
    private record Taking(Properties properties, TreeSet<String> left) {

        boolean any(String prefix) {
            return left.stream().anyMatch(name -> name.startsWith(prefix));
        }

        boolean text(String name, String member, List<String> members) {
            if (!left.remove(name)) {
                return false;
            }
            members.add(
                    quoted(member) + ": " + quoted(properties.getProperty(name).strip()));
            return true;
        }

        void number(String name, String member, List<String> members, List<String> remarks) {
            if (left.remove(name)) {
                var value = properties.getProperty(name).strip();
                if (WHOLE_NUMBER.matcher(value).matches()) {
                    members.add(quoted(member) + ": " + Integer.parseInt(value));
                } else {
                    remarks.add(name + " is no whole number and was left out");
                }
            }
        }
    }
}
