package org.countersign.cli.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.countersign.cli.process.Ports;

/** The command that WildFly's own {@code bin/standalone.sh} would run. */
final class WildFlyCommand {

    /** {@code setDefaultModularJvmOptions} of WildFly 39's bin/common.sh, where each line has its reason. */
    private static final List<String> MODULES = List.of(
            "--add-exports=java.desktop/sun.awt=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED",
            "--add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.management/javax.management=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming=ALL-UNNAMED");

    private WildFlyCommand() {}

    static List<String> of(ServerSettings settings, WildFlyFolder base) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-D[Standalone]");
        command.add("-Xms64m");
        command.add("-Xmx" + settings.heapMegabytes() + "m");
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("-Djboss.modules.system.pkgs=org.jboss.byteman");
        command.add("-Djava.awt.headless=true");
        command.add("-Djdk.serialFilter=maxbytes=10485760;maxdepth=128;maxarray=100000;maxrefs=300000");
        // Native libraries are unpacked there and loaded: no place other users may write to.
        command.add("-Djava.io.tmpdir=" + base.temporary());
        command.addAll(MODULES);
        command.addAll(settings.jvmOptions());
        command.add("-Dorg.jboss.boot.log.file=" + base.log().path());
        command.add("-Dlogging.configuration=file:" + base.configuration().resolve("logging.properties"));
        command.add("-jar");
        command.add(settings.home().resolve("jboss-modules.jar").toString());
        command.add("-mp");
        command.add(settings.home().resolve("modules").toString());
        command.add("org.jboss.as.standalone");
        command.add("-Djboss.home.dir=" + settings.home());
        command.add("-Djboss.server.base.dir=" + base.path());
        command.add("-Djboss.bind.address=" + settings.bindAddress());
        command.add("-Djboss.bind.address.management=127.0.0.1");
        command.add("-Djboss.http.port=" + settings.httpPort());
        command.add("-Djboss.https.port=" + Ports.free());
        command.add("-Djboss.management.http.port=" + Ports.free());
        settings.systemProperties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        return command;
    }
}
