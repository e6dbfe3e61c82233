package org.countersign.cli.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What differs between the kinds of server: the folder one lives in, its command, where its log is. */
sealed interface ServerFolder permits WildFlyFolder, LibertyFolder {

    Path path();

    /** Makes what is missing and brings the server's own configuration up to date. */
    void prepare(ServerSettings settings) throws IOException;

    Deployments deployments();

    /** Java directly, because a shell in between would be the process we see, and killing it would leave the server. */
    List<String> command(ServerSettings settings) throws IOException;

    /** What the server itself has to know; {@code null} takes a variable away. */
    Map<String, String> environment();

    ServerLog log();

    /** What the process writes before its logging is set up, and everything a JVM says that can not start. */
    default Path console() {
        return path().resolve("log/console.log");
    }

    default Path processRecord() {
        return path().resolve("process.json");
    }

    default Path temporary() {
        return path().resolve("jvm-tmp");
    }
}
