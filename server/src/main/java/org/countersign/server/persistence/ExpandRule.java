package org.countersign.server.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a migration must not do that only expands: anything after which, or while which, a statement of the version before
 * could fail or mean something else. It looks at words, not at meaning, and rather refuses too much: what is refused goes into a
 * migration that contracts, in a later version.
 */
public final class ExpandRule {

    private record Forbidden(String reason, Pattern pattern) {}

    private static final Pattern COMMENTS = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern TEXTS = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern ADDED_COLUMN = Pattern.compile(
            "\\bADD\\s+(?:COLUMN\\s+)?(?!CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\\w+\\s+([^;]*)", flags());
    private static final List<Forbidden> FORBIDDEN = List.of(
            forbidden("takes something away", "\\bDROP\\b"),
            forbidden("renames", "\\bRENAME\\b"),
            forbidden("changes a column's type", "\\bALTER\\s+(COLUMN\\s+)?\\w+\\s+(SET\\s+DATA\\s+)?TYPE\\b"),
            forbidden("demands a value where none was needed", "\\bSET\\s+NOT\\s+NULL\\b"),
            forbidden(
                    "adds a condition to a table that is in use",
                    "\\bALTER\\s+TABLE\\b[^;]*\\bADD\\s+(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\\b"),
            forbidden("deletes rows", "\\b(DELETE\\s+FROM|TRUNCATE)\\b"),
            forbidden(
                    "changes what statements of others do",
                    "\\bCREATE\\s+(OR\\s+REPLACE\\s+)?(CONSTRAINT\\s+)?(TRIGGER|RULE|POLICY)\\b|\\bOR\\s+REPLACE\\b"
                            + "|\\bROW\\s+LEVEL\\s+SECURITY\\b|\\bSET\\s+DEFAULT\\b"),
            forbidden("takes rights away", "\\bREVOKE\\b"));

    /** What keeps others from reading or writing a table until the migration's transaction ends. */
    private static final Pattern LOCKING = Pattern.compile(
            "\\b(?:ALTER\\s+TABLE(?:\\s+IF\\s+EXISTS)?(?:\\s+ONLY)?|REFERENCES|UPDATE|INSERT\\s+INTO"
                    + "|CREATE\\s+(?:UNIQUE\\s+)?INDEX\\b[^;]*?\\bON|CREATE\\s+TRIGGER\\b[^;]*?\\bON)\\s+(\\w+)",
            flags());

    private ExpandRule() {}

    /** @return why it is no expanding migration; empty when nothing was found */
    public static List<String> violations(String sql) {
        var bare = TEXTS.matcher(COMMENTS.matcher(sql).replaceAll(" ")).replaceAll("''");
        var violations = new ArrayList<String>();
        for (var rule : FORBIDDEN) {
            if (rule.pattern().matcher(bare).find()) {
                violations.add(rule.reason());
            }
        }
        for (String statement : bare.split(";")) {
            if (Pattern.compile("\\bALTER\\s+TABLE\\b", flags())
                    .matcher(statement)
                    .find()) {
                addedColumns(statement, violations);
            }
        }
        var created = Pattern.compile("\\bCREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(\\w+)", flags())
                .matcher(bare);
        var own = new ArrayList<String>();
        while (created.find()) {
            own.add(created.group(1).toLowerCase(Locale.ROOT));
        }
        var unique = Pattern.compile("\\bCREATE\\s+UNIQUE\\s+INDEX\\b[^;]*?\\bON\\s+(\\w+)", flags())
                .matcher(bare);
        while (unique.find()) {
            if (!own.contains(unique.group(1).toLowerCase(Locale.ROOT))) {
                violations.add("makes values of a table that is in use unique");
            }
        }
        var locked = new TreeSet<String>();
        LOCKING.matcher(bare)
                .results()
                .forEach(found -> locked.add(found.group(1).toLowerCase(Locale.ROOT)));
        locked.removeAll(own);
        if (locked.size() > 1) {
            violations.add("locks more than one table that is in use, " + locked
                    + ": in one transaction that can end in a deadlock with requests; make a migration of each");
        }
        return violations;
    }

    private static void addedColumns(String statement, List<String> violations) {
        // Each column's definition ends at a comma outside of parentheses; splitting there is enough to look at it
        // alone.
        for (String part : statement.split(",(?![^(]*\\))")) {
            var column = ADDED_COLUMN.matcher(part);
            if (column.find()
                    && Pattern.compile("\\bNOT\\s+NULL\\b", flags())
                            .matcher(column.group(1))
                            .find()
                    && !Pattern.compile("\\bDEFAULT\\b|\\bGENERATED\\b", flags())
                            .matcher(column.group(1))
                            .find()) {
                violations.add("adds a column that must have a value and has no default");
            }
        }
    }

    private static Forbidden forbidden(String reason, String regex) {
        return new Forbidden(reason, Pattern.compile(regex, flags()));
    }

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    }
}
