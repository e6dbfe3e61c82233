package org.countersign.agent.loopback;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Listens on 127.0.0.1 and ::1, on nothing else, with a bounded number of threads. */
public final class LoopbackServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LoopbackServer.class.getName());
    private static final int BACKLOG = 1_024;
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");

    private final List<HttpServer> servers = new ArrayList<>();
    private final HttpHandler handler;
    private final Workers workers;

    public LoopbackServer(HttpHandler handler, Workers workers) {
        limit();
        this.handler = handler;
        this.workers = workers;
    }

    /**
     * Limits of the JDK's server, which it reads once: a client that sends slowly, or much, must not hold a thread.
     */
    private static void limit() {
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
        System.setProperty("sun.net.httpserver.maxRspTime", "120");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "65536");
        System.setProperty("sun.net.httpserver.idleInterval", "30");
        System.setProperty("jdk.httpserver.maxConnections", "2048");
        // What a refused request still has to send is taken, so that its client reads the answer.
        System.setProperty("sun.net.httpserver.drainAmount", Integer.toString(2 << 20));
        // Otherwise each answer waits 40 ms for the client's acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /**
     * Opens a port on both addresses.
     *
     * @param port 0 for a free one
     * @param tls nothing for HTTP
     * @return the port
     * @throws UncheckedIOException when somebody else has it
     */
    public int listen(int port, Optional<SSLContext> tls) {
        int taken = port;
        for (var address : ADDRESSES) {
            try {
                var socket = new InetSocketAddress(InetAddress.getByName(address), taken);
                var server = tls.isPresent() ? https(socket, tls.get()) : HttpServer.create(socket, BACKLOG);
                server.setExecutor(workers.executor());
                server.createContext("/", handler);
                server.start();
                servers.add(server);
                taken = server.getAddress().getPort();
            } catch (SocketException refused) {
                if (!ADDRESSES.get(0).equals(address)) {
                    LOG.log(
                            System.Logger.Level.INFO,
                            "Not listening on {0}: this machine has no such address",
                            address);
                    continue;
                }
                throw new UncheckedIOException("Port " + port + " is taken by another program", refused);
            } catch (IOException refused) {
                throw new UncheckedIOException("Port " + port + " can not be opened", refused);
            }
        }
        return taken;
    }

    private static HttpServer https(InetSocketAddress socket, SSLContext tls) throws IOException {
        var server = HttpsServer.create(socket, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        workers.close();
    }
}
