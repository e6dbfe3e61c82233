package org.countersign.agent.modules;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.countersign.agent.cards.CardKind;
import org.countersign.agent.sandbox.Sandbox;
import org.countersign.agent.settings.Setting;
import org.countersign.agent.settings.Settings;
import org.countersign.core.entropy.Entropy;

/** The modules that are on this machine: those with a library, those with a file, and those that need neither. */
public final class TokenModules implements AutoCloseable {

    static final String JAVA_KEYTOOL = "java-keytool";
    static final String TRUSTSTORE = "truststore";

    /** Asked for by name alone: the system's keys may sign without a PIN and without a window. */
    private static final String SYSTEM = "system";

    private static final int LONGEST_SECONDS = 600;

    private final Map<String, TokenModule> modules;

    private TokenModules(Map<String, TokenModule> modules) {
        this.modules = Map.copyOf(modules);
    }

    /** @param natives a folder for what the sandboxes unpack */
    public static TokenModules of(Settings settings, Path natives, Entropy entropy) {
        var patience = Duration.ofSeconds(settings.number(Setting.LIBRARY_SECONDS, 1, LONGEST_SECONDS));
        var sandboxes = new LinkedHashMap<Path, Sandbox>();
        var libraries = new LinkedHashMap<String, List<Path>>();
        LibraryList.installed().forEach((name, library) -> libraries.put(name, List.of(library)));
        named(settings, libraries);
        var configured = new ArrayList<Path>();
        for (var text : settings.paths(Setting.PKCS11_LIBRARIES)) {
            file(settings, Setting.PKCS11_LIBRARIES, text).ifPresent(configured::add);
        }
        if (!configured.isEmpty()) {
            libraries.put("pkcs11", configured);
        }
        if (!settings.text(Setting.PIV_LIBRARY).isEmpty()) {
            file(settings, Setting.PIV_LIBRARY, settings.text(Setting.PIV_LIBRARY))
                    .ifPresent(library -> libraries.put("piv", List.of(library)));
        }
        var modules = new LinkedHashMap<String, TokenModule>();
        libraries.forEach((name, paths) -> modules.put(
                name,
                new SandboxedModule(
                        name,
                        paths.stream()
                                .map(path -> sandboxes.computeIfAbsent(
                                        path, library -> new Sandbox(library.toString(), natives, patience)))
                                .toList())));
        for (var kind : CardKind.values()) {
            modules.putIfAbsent(
                    kind.module(),
                    new SandboxedModule(kind.module(), List.of(new Sandbox(kind.module(), natives, patience))));
        }
        keyFile(settings, Setting.JAVA_KEYTOOL_FILE, JAVA_KEYTOOL, modules, entropy);
        if (settings.text(Setting.TRUSTSTORE_FILE).equals(SYSTEM)) {
            SystemStoreModule.find(entropy).ifPresent(module -> modules.put(TRUSTSTORE, module));
        } else {
            keyFile(settings, Setting.TRUSTSTORE_FILE, TRUSTSTORE, modules, entropy);
        }
        return new TokenModules(modules);
    }

    private static void keyFile(
            Settings settings, Setting setting, String name, Map<String, TokenModule> modules, Entropy entropy) {
        if (!settings.text(setting).isEmpty()) {
            file(settings, setting, settings.text(setting))
                    .ifPresent(file -> modules.put(name, new FileModule(name, file, entropy)));
        }
    }

    /** {@code name=path}, each before what the agent's own list has under that name. */
    private static void named(Settings settings, Map<String, List<Path>> libraries) {
        for (var text : settings.paths(Setting.MODULE_LIBRARIES)) {
            int equals = text.indexOf('=');
            var name = equals < 0 ? "" : text.substring(0, equals).strip();
            if (!LibraryList.isName(name)) {
                settings.problems().error(Setting.MODULE_LIBRARIES.key(), "must have the form name=path: " + text);
                continue;
            }
            file(settings, Setting.MODULE_LIBRARIES, text.substring(equals + 1).strip())
                    .ifPresent(library -> libraries.put(name, List.of(library)));
        }
    }

    private static Optional<Path> file(Settings settings, Setting setting, String text) {
        var file = Path.of(text);
        if (!file.isAbsolute() || !Files.isRegularFile(file)) {
            settings.problems().error(setting.key(), "there is no file " + text + ", or the path is not a full one");
            return Optional.empty();
        }
        return Optional.of(file);
    }

    public Set<String> names() {
        return modules.keySet();
    }

    Optional<TokenModule> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public void close() {
        modules.values().forEach(TokenModule::close);
    }
}
