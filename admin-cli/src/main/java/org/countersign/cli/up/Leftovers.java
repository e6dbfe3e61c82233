package org.countersign.cli.up;

import java.io.IOException;
import org.countersign.cli.database.EmbeddedDatabase;
import org.countersign.cli.servers.ApplicationServer;
import org.countersign.cli.servers.ServerKind;
import org.countersign.cli.terminal.Terminal;

/** Servers that still run although their supervisor was killed. Only for who holds the {@link RunLock}. */
final class Leftovers {

    private Leftovers() {}

    /** @return whether there were any */
    static boolean stop(DataFolder data, Terminal terminal) throws IOException {
        boolean server = false;
        for (ServerKind kind : ServerKind.values()) {
            server |= ApplicationServer.stopLeftover(kind, data.server(kind));
        }
        if (server) {
            terminal.say("Stopped a server that an earlier run had left behind.");
        }
        boolean database = EmbeddedDatabase.stopLeftover(data.postgres());
        if (database) {
            terminal.say("Stopped a database that an earlier run had left behind.");
        }
        RunState.clear(data);
        return server || database;
    }
}
