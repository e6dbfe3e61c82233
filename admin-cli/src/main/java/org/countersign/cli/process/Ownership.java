package org.countersign.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** To whom files belong that a command makes: run as root, not to root, which a server's user could not read. */
public final class Ownership {

    private static final int ROOT = 0;

    private Ownership() {}

    /**
     * Gives a file to the owner and group of another one or of a folder, if that is root's to give: a file that belongs to
     * somebody else than root is left as it is. Follows no link, and changes no permission.
     */
    public static void take(Path file, Path model) throws IOException {
        if (!Integer.valueOf(ROOT).equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            return;
        }
        var wanted = Files.readAttributes(model, PosixFileAttributes.class);
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        var present = view.readAttributes();
        if (!present.group().equals(wanted.group())) {
            view.setGroup(wanted.group());
        }
        if (!present.owner().equals(wanted.owner())) {
            view.setOwner(wanted.owner());
        }
    }
}
