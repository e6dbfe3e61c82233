package org.countersign.agent.dialogs;

/** Words of others', for a window: one line, nothing in it that is unseen or turns the line around. */
final class PlainText {

    private PlainText() {}

    /** At most that many characters of it, the rest shown as left out. */
    static String of(String text, int most) {
        var plain = new StringBuilder();
        text.codePoints().map(PlainText::plain).forEach(plain::appendCodePoint);
        var line = plain.toString().strip().replaceAll(" {2,}", " ");
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }

    private static int plain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> ' ';
            default -> character;
        };
    }
}
