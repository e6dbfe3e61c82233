package org.countersign.cli.wildfly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.cli.process.Ports;

/** How a WildFly is to run. Changes are seen by the next start; for the thread that starts it only. */
public final class WildFlySettings {

    private static final int DEFAULT_HEAP = 768;

    private final Path home;
    private final Path base;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> systemProperties = new LinkedHashMap<>();
    private final Map<String, Path> deployments = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private int httpPort = Ports.free();
    private int heapMegabytes = DEFAULT_HEAP;

    /**
     * @param home where WildFly is unpacked; only read
     * @param base where this server keeps configuration, deployments, logs; made when missing
     */
    public WildFlySettings(Path home, Path base) {
        this.home = home.toAbsolutePath().normalize();
        this.base = base.toAbsolutePath().normalize();
    }

    /** On 127.0.0.1; a free one unless set. */
    public WildFlySettings httpPort(int port) {
        this.httpPort = port;
        return this;
    }

    public WildFlySettings heapMegabytes(int megabytes) {
        this.heapMegabytes = megabytes;
        return this;
    }

    public WildFlySettings environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The variable is not handed on, not even from this process's own environment. */
    public WildFlySettings withoutEnvironment(String name) {
        environment.put(name, null);
        return this;
    }

    public WildFlySettings systemProperty(String name, String value) {
        systemProperties.put(name, value);
        return this;
    }

    public WildFlySettings jvmOption(String option) {
        jvmOptions.add(option);
        return this;
    }

    /** @param name the file name on the server, whose stem is the context: {@code signer-acme.war} */
    public WildFlySettings deployment(String name, Path war) {
        deployments.put(name, war);
        return this;
    }

    Path home() {
        return home;
    }

    Path base() {
        return base;
    }

    int httpPort() {
        return httpPort;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, String> systemProperties() {
        return systemProperties;
    }

    List<String> jvmOptions() {
        return jvmOptions;
    }

    Map<String, Path> deployments() {
        return deployments;
    }
}
