package org.countersign.cli.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.cli.process.Ports;

/** How a server is to run. Changes are seen by the next start; for the thread that starts it only. */
public final class ServerSettings {

    private static final int DEFAULT_HEAP = 768;

    private final ServerKind kind;
    private final Path home;
    private final Path base;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> systemProperties = new LinkedHashMap<>();
    private final Map<String, Path> deployments = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private String bindAddress = "127.0.0.1";
    private int httpPort = Ports.free();
    private int heapMegabytes = DEFAULT_HEAP;

    /**
     * @param home where the server is unpacked; only read
     * @param base where this server keeps configuration, deployments, logs; made when missing
     */
    public ServerSettings(ServerKind kind, Path home, Path base) {
        this.kind = kind;
        this.home = home.toAbsolutePath().normalize();
        this.base = base.toAbsolutePath().normalize();
    }

    /** Where the server listens: an address of this machine, or {@code 0.0.0.0} for all; 127.0.0.1 unless set. */
    public ServerSettings bindAddress(String address) {
        this.bindAddress = address;
        return this;
    }

    /** A free one unless set. */
    public ServerSettings httpPort(int port) {
        this.httpPort = port;
        return this;
    }

    public ServerSettings heapMegabytes(int megabytes) {
        this.heapMegabytes = megabytes;
        return this;
    }

    public ServerSettings environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The variable is not handed on, not even from this process's own environment. */
    public ServerSettings withoutEnvironment(String name) {
        environment.put(name, null);
        return this;
    }

    public ServerSettings systemProperty(String name, String value) {
        systemProperties.put(name, value);
        return this;
    }

    public ServerSettings jvmOption(String option) {
        jvmOptions.add(option);
        return this;
    }

    /** @param name the file name on the server, whose stem is the context: {@code signer-acme.war} */
    public ServerSettings deployment(String name, Path war) {
        deployments.put(name, war);
        return this;
    }

    ServerKind kind() {
        return kind;
    }

    Path home() {
        return home;
    }

    Path base() {
        return base;
    }

    String bindAddress() {
        return bindAddress;
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
