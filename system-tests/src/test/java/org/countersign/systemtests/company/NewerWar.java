package org.countersign.systemtests.company;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Makes another version of the built WAR: the same classes under another version, with migrations more. */
final class NewerWar {

    private static final String VERSION = "WEB-INF/classes/META-INF/countersign.properties";
    private static final String MIGRATIONS = "WEB-INF/classes/db/migration/signer/";
    private static final Pattern NUMBER = Pattern.compile(Pattern.quote(MIGRATIONS) + "V(\\d+)__.*");

    private NewerWar() {}

    /**
     * @param name of the one migration more, without its number, which follows the newest
     * @return the migration's number
     */
    static int make(Path war, Path target, String version, String name, String sql) throws IOException {
        int newest = 0;
        try (var zip = new ZipFile(war.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(target))) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                var matcher = NUMBER.matcher(entry.getName());
                if (matcher.matches()) {
                    newest = Math.max(newest, Integer.parseInt(matcher.group(1)));
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals(VERSION)) {
                    out.write(("version=" + version + "\n").getBytes(StandardCharsets.US_ASCII));
                } else {
                    zip.getInputStream(entry).transferTo(out);
                }
                out.closeEntry();
            }
            out.putNextEntry(new ZipEntry(MIGRATIONS + "V" + (newest + 1) + "__" + name + ".sql"));
            out.write(sql.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return newest + 1;
    }
}
