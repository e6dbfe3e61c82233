package org.countersign.cli.servers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The application servers the product runs on. */
public enum ServerKind {
    WILDFLY("WildFly", WildFlyFolder::new),
    LIBERTY("Open Liberty", LibertyFolder::new);

    private final String title;
    private final Function<Path, ServerFolder> folder;

    ServerKind(String title, Function<Path, ServerFolder> folder) {
        this.title = title;
        this.folder = folder;
    }

    /** @param name {@code wildfly} or {@code liberty} */
    public static Optional<ServerKind> named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst();
    }

    /** As its makers write it. */
    public String title() {
        return title;
    }

    ServerFolder folder(Path base) {
        return folder.apply(base);
    }

    /** As the command line and folders name it: {@code wildfly}, {@code liberty}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
