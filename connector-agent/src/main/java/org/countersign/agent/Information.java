package org.countersign.agent;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.countersign.agent.keys.DeviceKey;
import org.countersign.agent.keys.EncryptionKey;
import org.countersign.agent.link.Link;
import org.countersign.agent.loopback.Jsons;
import org.countersign.agent.loopback.Route;
import org.countersign.agent.loopback.Route.Access;
import org.countersign.agent.loopback.Route.Form;
import org.countersign.agent.readers.Readers;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.HashUtil;

/** What the agent says of itself to any allowed page. Nothing of the user: no name, folder, host or list of origins. */
final class Information {

    /** The level of the v3 API that is kept; the SDK tells shapes by it. */
    private static final String API_LEVEL = "3.8.0";

    private static final String VERSION = version();

    private final Readers readers;
    private final DeviceKey deviceKey;
    private final EncryptionKey encryptionKey;
    private final TreeSet<String> modules;
    private final Optional<Link> link;
    private final CompletableFuture<Ports> ports = new CompletableFuture<>();

    private record Ports(int https, OptionalInt http) {}

    Information(
            Readers readers,
            DeviceKey deviceKey,
            EncryptionKey encryptionKey,
            List<String> modules,
            Optional<Link> link) {
        this.readers = readers;
        this.deviceKey = deviceKey;
        this.encryptionKey = encryptionKey;
        this.modules = new TreeSet<>(modules);
        this.link = link;
    }

    /** Calls that came earlier, by the first of the ports, go on now. */
    void opened(int httpsPort, OptionalInt httpPort) {
        ports.complete(new Ports(httpsPort, httpPort));
    }

    static String version() {
        var properties = new Properties();
        try (var file = Information.class.getResourceAsStream("agent-version.properties")) {
            properties.load(file);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return properties.getProperty("version");
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", List.of("info"), Access.OPEN, Form.BARE, call -> info()),
                Route.get("/device-key", Access.OPEN, call -> Jsons.text(deviceKey.publicKey())),
                Route.get("/device-keys", Access.OPEN, call -> deviceKeys()));
    }

    private JsonValue deviceKeys() {
        return Jsons.object()
                .add("encryption", jwk(encryptionKey.publicKey(), "enc", EncryptionKey.ALGORITHM))
                .add("signature", jwk(deviceKey.key(), "sig", "RS256"))
                .build();
    }

    private static JsonObject jwk(RSAPublicKey key, String use, String algorithm) {
        var jwk = new RsaJsonWebKey(key);
        jwk.setUse(use);
        jwk.setAlgorithm(algorithm);
        jwk.setKeyId(jwk.calculateBase64urlEncodedThumbprint(HashUtil.SHA_256));
        var json = Jsons.object();
        jwk.toParams(OutputControlLevel.PUBLIC_ONLY).forEach((name, value) -> json.add(name, value.toString()));
        return json.build();
    }

    private Ports ports() {
        try {
            return ports.get();
        } catch (ExecutionException | InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ProtocolException(AgentError.BUSY, "The agent is being stopped");
        }
    }

    private JsonValue info() {
        var open = ports();
        return Jsons.object()
                .add(
                        "t1CInfoOS",
                        Jsons.object()
                                .add("architecture", System.getProperty("os.arch"))
                                .add("os", System.getProperty("os.name"))
                                .add("version", System.getProperty("os.version")))
                .add(
                        "t1CInfoRuntime",
                        Jsons.object()
                                .add("runtime", "Java")
                                .add("version", Runtime.version().toString()))
                .add(
                        "t1CInfoAPI",
                        Jsons.object()
                                .add(
                                        "service",
                                        Jsons.object()
                                                .add("url", "localhost")
                                                .add("apiPort", Integer.toString(open.https()))
                                                .add(
                                                        "httpPort",
                                                        open.http().isPresent()
                                                                ? Integer.toString(open.http()
                                                                        .getAsInt())
                                                                : "")
                                                .add("deviceType", "API")
                                                .add(
                                                        "distributionServiceUrl",
                                                        link.map(Link::service).orElse("")))
                                .add("activated", link.map(Link::isRegistered).orElse(true))
                                .add("uid", link.map(Link::device).orElse(""))
                                .add("status", readers.isAvailable() ? "OK" : "NO_READER_SERVICE")
                                .add("modules", Jsons.texts(modules))
                                .add("version", API_LEVEL)
                                .add("productVersion", VERSION)
                                .add("sharedEnvironment", false))
                .build();
    }
}
