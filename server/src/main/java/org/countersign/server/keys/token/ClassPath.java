package org.countersign.server.keys.token;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The child's class path, copied out of wherever an application server keeps a WAR: this package's classes, and
 * ipkcs11wrapper, which the build puts beside them as one file. The server itself never loads it.
 */
public final class ClassPath {

    private static final String WRAPPER = "/META-INF/countersign/ipkcs11wrapper.jar";
    private static final List<Class<?>> CLASSES =
            List.of(TokenChild.class, TokenLibrary.class, Pkcs11Errors.class, Refusal.class, Frame.class, Fields.class);

    private ClassPath() {}

    /**
     * Copies it into an empty folder.
     *
     * @return as the option {@code -cp} wants it
     */
    public static String copyTo(Path folder) throws IOException {
        for (var type : CLASSES) {
            for (var member : type.getNestMembers()) {
                copy("/" + member.getName().replace('.', '/') + ".class", folder);
            }
        }
        copy(WRAPPER, folder);
        return folder + File.pathSeparator + folder + WRAPPER;
    }

    private static void copy(String resource, Path folder) throws IOException {
        var target = folder.resolve(resource.substring(1));
        Files.createDirectories(target.getParent());
        try (var content = ClassPath.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new FileNotFoundException(resource);
            }
            Files.copy(content, target);
        }
    }
}
