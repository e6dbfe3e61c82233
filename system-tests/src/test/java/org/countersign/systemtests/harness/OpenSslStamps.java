package org.countersign.systemtests.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.countersign.cli.process.Folders;

/** A time-stamping authority: {@code openssl ts} behind RFC 3161 §3.4 over HTTP with a password, and openssl's word on stamps. */
public final class OpenSslStamps implements AutoCloseable {

    public static final String POLICY = "1.2.3.4.5.1";

    private static final String USER = "globex";
    private static final String PASSWORD = "secret of the stamps";
    private static final String CONFIGURATION = """
            [tsa]
            serial = serial
            signer_cert = tsa.pem
            signer_key = tsa.key
            certs = root.pem
            signer_digest = sha256
            default_policy = %s
            digests = sha256, sha384, sha512
            accuracy = secs:1
            ess_cert_id_chain = no
            ess_cert_id_alg = sha256
            """.formatted(POLICY);

    private static final String LISTS = """
            [ca]
            default_ca = root
            [root]
            database = index
            certificate = root.pem
            private_key = root.key
            default_md = sha256
            default_crl_days = 20
            """;

    private final Path folder;
    private final HttpServer server;

    private OpenSslStamps(Path folder, HttpServer server) {
        this.folder = folder;
        this.server = server;
    }

    public static OpenSslStamps start() {
        try {
            var folder = Files.createTempDirectory("stamps");
            Files.writeString(folder.resolve("tsa.cnf"), CONFIGURATION);
            Files.writeString(folder.resolve("serial"), "1000\n");
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var stamps = new OpenSslStamps(folder, server);
            Files.writeString(
                    folder.resolve("purpose"),
                    "extendedKeyUsage=critical,timeStamping\ncrlDistributionPoints=URI:" + stamps.address()
                            + "root.crl\n");
            Files.writeString(folder.resolve("index"), "");
            Files.writeString(folder.resolve("ca.cnf"), LISTS);
            openssl(
                    folder,
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -sha256"
                            + " -addext keyUsage=critical,keyCertSign,cRLSign -subj /CN=Stamps_root -keyout root.key -out root.pem");
            openssl(
                    folder,
                    "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Stamps -keyout tsa.key -out tsa.csr");
            openssl(
                    folder,
                    "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -sha256"
                            + " -extfile purpose -out tsa.pem");
            openssl(folder, "ca -gencrl -config ca.cnf -out root.crl.pem");
            openssl(folder, "crl -in root.crl.pem -outform DER -out root.crl");
            server.createContext("/stamps", stamps::answer);
            server.createContext("/root.crl", stamps::list);
            server.start();
            return stamps;
        } catch (IOException failure) {
            throw new IllegalStateException("No time-stamping authority", failure);
        }
    }

    /** Of this authority and its list of revoked certificates; it ends with a slash. */
    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void list(HttpExchange exchange) throws IOException {
        try (exchange) {
            var list = Files.readAllBytes(folder.resolve("root.crl"));
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        }
    }

    /** The {@code timestampAuthority} of a configuration file. */
    String settings() {
        try {
            var anchor = Files.readString(folder.resolve("root.pem")).strip().replace("\n", "\\n");
            return "{\"url\": \"" + address() + "stamps\", \"username\": \""
                    + USER
                    + "\", \"password\": \"" + PASSWORD + "\", \"policy\": \"" + POLICY + "\", \"trustAnchors\": [\""
                    + anchor + "\"]}";
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Whether openssl verifies a token for data. @param token base64 of the DER */
    public boolean verifies(String token, byte[] data) {
        try {
            var own = Files.createTempDirectory(folder, "verify");
            Files.write(own.resolve("token"), Base64.getDecoder().decode(token));
            Files.write(own.resolve("data"), data);
            return OpenSsl.succeeds(
                    own,
                    List.of("ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "../root.pem"));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What openssl reads in a token. */
    public String text(String token) {
        try {
            var file = Files.createTempFile(folder, "token", "");
            Files.write(file, Base64.getDecoder().decode(token));
            return OpenSsl.output(folder, List.of("ts", "-reply", "-in", file.toString(), "-token_in", "-text"));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!CscClient.basic(USER, PASSWORD)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var query = Files.createTempFile(folder, "query", "");
            Files.write(query, exchange.getRequestBody().readAllBytes());
            var reply = Path.of(query + ".reply");
            openssl(folder, "ts -reply -config tsa.cnf -section tsa -queryfile " + query + " -out " + reply);
            var body = Files.readAllBytes(reply);
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void openssl(Path folder, String arguments) throws IOException {
        if (!OpenSsl.succeeds(folder, List.of(arguments.split(" ")))) {
            throw new IOException("openssl " + arguments.split(" ")[0] + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        Folders.deleteTree(folder);
    }
}
