package org.countersign.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key management service with one key, as Amazon's answers (JSON 1.1, {@code X-Amz-Target: TrentService.…}): {@code
 * GenerateDataKey} and {@code Decrypt}. It verifies the signature of every request itself (AWS Signature Version 4).
 */
public final class KmsEndpoint implements AutoCloseable {

    public static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    public static final String REGION = "eu-central-1";
    public static final String ACCESS_KEY = "AKIDEXAMPLE";
    public static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private static final Pattern AUTHORIZATION = Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/"
            + "([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NONCE = 12;

    private final HttpServer server;
    private final byte[] key = new byte[32];
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger generated = new AtomicInteger();
    private final AtomicInteger decrypted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Set<String> contexts = new ConcurrentSkipListSet<>();
    private volatile boolean away;

    private KmsEndpoint(HttpServer server) {
        this.server = server;
        random.nextBytes(key);
    }

    public static KmsEndpoint start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var endpoint = new KmsEndpoint(server);
        server.createContext("/", endpoint::answer);
        server.setExecutor(Executors.newFixedThreadPool(4, task -> {
            var thread = new Thread(task, "kms-endpoint");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return endpoint;
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * The {@code hsm} and {@code aws} of a configuration file.
     *
     * @param storage more of {@code hsm}, with a comma at its end; empty for keys in the database
     * @param secret the secret access key, or a reference
     */
    public String settings(String storage, String secret) {
        return """
                "hsm": {"type": "kms", %s"keyId": "%s"},
                "aws": {"enabled": true, "region": "%s", "endpoint": "%s", "accessKeyId": "%s", "secretAccessKey": "%s"}
                """.formatted(storage, KEY, REGION, address(), ACCESS_KEY, secret)
                .strip();
    }

    /** Whether it answers that it is out of order from now on. */
    public void away(boolean now) {
        away = now;
    }

    /** How many data keys it made. */
    public int generated() {
        return generated.get();
    }

    /** How many it unwrapped. */
    public int decrypted() {
        return decrypted.get();
    }

    /** How many requests' signatures did not verify. */
    public int refused() {
        return refused.get();
    }

    /** Every encryption context it was told of, as JSON. */
    public Set<String> contexts() {
        return Set.copyOf(contexts);
    }

    /** The same data key as another company's context could have got it wrapped, by who may use this key for that company. */
    public byte[] wrappedFor(String company, String owner, byte[] wrapped) throws GeneralSecurityException {
        return seal(open(wrapped, named(owner)), named(company));
    }

    private static String named(String company) {
        return "{\"countersign:context\":\"" + company + "\"}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            if (away) {
                send(exchange, 500, error("KMSInternalException"));
            } else if (!isSigned(exchange, body)) {
                refused.incrementAndGet();
                send(exchange, 400, error("InvalidSignatureException"));
            } else {
                perform(exchange, JSON.readTree(body));
            }
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    private void perform(HttpExchange exchange, JsonNode request) throws IOException, GeneralSecurityException {
        var context = context(request);
        contexts.add(context);
        if (!"application/x-amz-json-1.1".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                || !KEY.equals(request.path("KeyId").asText())) {
            send(exchange, 400, error("ValidationException"));
            return;
        }
        switch (String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
            case "TrentService.GenerateDataKey" -> {
                generated.incrementAndGet();
                var dataKey = new byte[32];
                random.nextBytes(dataKey);
                send(
                        exchange,
                        "AES_256".equals(request.path("KeySpec").asText()) ? 200 : 400,
                        answer(dataKey).put("CiphertextBlob", base64(seal(dataKey, context))));
            }
            case "TrentService.Decrypt" -> {
                decrypted.incrementAndGet();
                try {
                    send(
                            exchange,
                            200,
                            answer(open(
                                    Base64.getDecoder()
                                            .decode(request.path("CiphertextBlob")
                                                    .asText()),
                                    context)));
                } catch (AEADBadTagException anothers) {
                    send(exchange, 400, error("InvalidCiphertextException"));
                }
            }
            default -> send(exchange, 400, error("UnknownOperationException"));
        }
    }

    private static ObjectNode answer(byte[] dataKey) {
        return JSON.createObjectNode().put("KeyId", KEY).put("Plaintext", base64(dataKey));
    }

    private static ObjectNode error(String type) {
        return JSON.createObjectNode().put("__type", type).put("message", "not told");
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        var body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", "a-request");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Sorted, so that the same one is the same text. */
    private static String context(JsonNode request) throws IOException {
        var sorted = new TreeMap<String, String>();
        request.path("EncryptionContext")
                .properties()
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue().asText()));
        return JSON.writeValueAsString(sorted);
    }

    private byte[] seal(byte[] dataKey, String context) throws GeneralSecurityException {
        var nonce = new byte[NONCE];
        random.nextBytes(nonce);
        var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(dataKey);
        var all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return all;
    }

    private byte[] open(byte[] wrapped, String context) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, NONCE), context)
                .doFinal(wrapped, NONCE, wrapped.length - NONCE);
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** AWS Signature Version 4: canonical request, string to sign, key of the day. */
    private static boolean isSigned(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
        var headers = exchange.getRequestHeaders();
        var parsed = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        var time = headers.getFirst("X-Amz-Date");
        if (!parsed.matches() || time == null || !parsed.group(1).equals(ACCESS_KEY)) {
            return false;
        }
        var date = parsed.group(2);
        var names = List.of(parsed.group(5).split(";"));
        if (!time.startsWith(date)
                || !parsed.group(3).equals(REGION)
                || !parsed.group(4).equals("kms")
                || !names.containsAll(List.of("host", "x-amz-date", "x-amz-target"))
                || Duration.between(Instant.from(TIME.parse(time)), Instant.now())
                                .abs()
                                .compareTo(SKEW)
                        > 0) {
            return false;
        }
        var canonical =
                exchange.getRequestMethod() + "\n" + exchange.getRequestURI().getRawPath() + "\n\n"
                        + names.stream()
                                .map(name -> name + ":" + headers.getFirst(name).strip() + "\n")
                                .collect(Collectors.joining())
                        + "\n" + parsed.group(5) + "\n" + hex(sha256(body));
        var scope = date + "/" + REGION + "/kms/aws4_request";
        var toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + hex(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        var signing = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (var part : List.of(date, REGION, "kms", "aws4_request", toSign)) {
            signing = hmac(signing, part);
        }
        return MessageDigest.isEqual(signing, HexFormat.of().parseHex(parsed.group(6)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
