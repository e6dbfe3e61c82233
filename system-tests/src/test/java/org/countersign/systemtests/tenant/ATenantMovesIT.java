package org.countersign.systemtests.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.countersign.systemtests.tenant.ThreeCompanies.AUTHORITY;
import static org.countersign.systemtests.tenant.ThreeCompanies.CLIENT;
import static org.countersign.systemtests.tenant.ThreeCompanies.NORTH;
import static org.countersign.systemtests.tenant.ThreeCompanies.PASSPHRASE;
import static org.countersign.systemtests.tenant.ThreeCompanies.SECRET;
import static org.countersign.systemtests.tenant.ThreeCompanies.SOUTH;
import static org.countersign.systemtests.tenant.ThreeCompanies.WEST;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.binary.Base32;
import org.apache.commons.codec.digest.DigestUtils;
import org.countersign.systemtests.harness.Authenticator;
import org.countersign.systemtests.harness.Caller;
import org.countersign.systemtests.harness.Enrolment;
import org.countersign.systemtests.harness.Holder;
import org.countersign.systemtests.harness.KeyKind;
import org.countersign.systemtests.harness.OpenSsl;
import org.countersign.systemtests.harness.SignerApi;
import org.countersign.systemtests.harness.TestAuthority;
import org.countersign.systemtests.harness.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant moves from NORTH, whose keys are in the database, to SOUTH, whose keys are in a folder, and on to WEST. Each
 * has its own master secret; one server runs all three all the time.
 */
@TestMethodOrder(OrderAnnotation.class)
final class ATenantMovesIT {

    private static final String WRONG_PIN = "000000";

    /** PKCS#8 and PKCS#1 as they begin after their length. */
    private static final List<String> PRIVATE_KEYS = List.of(
            "020100300d06092a864886f70d01010105000482",
            "020100301306072a8648ce3d020106082a8648ce3d03010704",
            "020100300506032b65700422",
            "0201000282010100");

    @TempDir
    static Path folder;

    private static final Map<String, Holder> HOLDERS = new LinkedHashMap<>();
    private static ThreeCompanies companies;
    private static TestServer server;
    private static TenantTool tool;
    private static Path passphrase;
    private static Path file;
    private static String otpSecret;
    private static String usedOtp;
    private static String halfEnrolled;
    private static Authenticator halfEnrolledOtp;

    @BeforeAll
    static void startThreeCompanies() throws Exception {
        companies = ThreeCompanies.start(folder);
        server = companies.server();
        tool = companies.tool();
        passphrase = companies.passphrase();
        file = companies.file();
    }

    @AfterAll
    static void stop() throws IOException {
        if (companies != null) {
            companies.close();
        }
    }

    @Test
    @Order(1)
    void peopleOfTheTenantAreEnrolledInTheNorth() {
        var north = new Enrolment(server.api(NORTH), CLIENT, SECRET, AUTHORITY).tenant("moved");
        HOLDERS.put("pin", north.configuration("pin").kind(KeyKind.P_256).enrol("pin-holder"));
        HOLDERS.put("rsa", north.configuration("pin").kind(KeyKind.RSA_2048).enrol("rsa-holder"));
        HOLDERS.put("otp", north.configuration("otp").kind(KeyKind.RSA_2048).enrol("otp-holder"));
        HOLDERS.put("both", north.configuration("pin-otp").kind(KeyKind.ED25519).enrol("both-holder"));
        HOLDERS.put("locked", north.configuration("pin").kind(KeyKind.P_256).enrol("locked-holder"));
        HOLDERS.put("twice-wrong", north.configuration("pin").enrol("twice-wrong-holder"));
        north.tenant("staying").configuration("pin").enrol("staying-holder");
        signs(HOLDERS.get("pin"));
        for (int guess = 0; guess < 3; guess++) {
            authorize(HOLDERS.get("locked"), Map.of("PIN", WRONG_PIN)).refusal();
        }
        for (int guess = 0; guess < 2; guess++) {
            authorize(HOLDERS.get("twice-wrong"), Map.of("PIN", WRONG_PIN)).refusal();
        }
        enrolOneByHalf();
        usedOtp = HOLDERS.get("otp").authenticator().next();
        authorize(HOLDERS.get("otp"), Map.of("OTP", usedOtp)).ok();
    }

    private static void enrolOneByHalf() {
        var generator = server.api(NORTH).as(CLIENT, SECRET, "");
        halfEnrolled =
                generator.create("moved", "half-holder", "pin-otp", 1).ok().text("credentialId");
        generator.setPin(halfEnrolled, Enrolment.PIN).ok();
        otpSecret = generator.newOtp(halfEnrolled).ok().text("secret");
        halfEnrolledOtp = new Authenticator(otpSecret);
    }

    @Test
    @Order(2)
    void theTenantIsExportedAndTheExportSaysThatItIsStillInUse() throws Exception {
        var run = companies.export(NORTH, file);
        assertThat(run.exitCode()).as(run.output()).isZero();
        var report = ThreeCompanies.report(run);
        assertThat(report.get("credentials").intValue()).isEqualTo(7);
        assertThat(report.get("keys").intValue()).isEqualTo(6);
        assertThat(report.get("companyWidePins").intValue()).isZero();
        assertThat(report.get("clients")).hasToString("[\"" + CLIENT + "\"]");
        assertThat(report.get("inUse").booleanValue()).isTrue();
        assertThat(report.get("tokens").intValue()).isPositive();
        assertThat(report.get("sha256").textValue()).isEqualTo(DigestUtils.sha256Hex(Files.readAllBytes(file)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(companies.count("north", "SELECT count(*) FROM audit_entry WHERE type = 'tenant.exported'"))
                .isEqualTo(1);
        assertThat(companies.export(NORTH, file).output()).contains("exists already");
    }

    @Test
    @Order(3)
    void theFileHoldsNoSecretAndWithThePassphraseStillNoKeyInClear() throws Exception {
        var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (String secret :
                List.of(Enrolment.PIN, otpSecret, "pin-holder", CLIENT, "argon2id$", "the master secret of")) {
            assertThat(content).doesNotContain(secret);
        }
        assertThat(content).doesNotContain(new String(new Base32().decode(otpSecret), StandardCharsets.ISO_8859_1));
        var records = OpenedTenantFile.records(file, PASSPHRASE);
        assertThat(records).hasSize(9);
        assertThat(records.get(0).at("/manifest/tenant").textValue()).isEqualTo("moved");
        var texts = new ArrayList<String>();
        records.forEach(record -> texts(record, texts));
        assertThat(texts).as("what is there").contains("pin-holder", CLIENT).doesNotContain("staying-holder");
        for (String text : texts) {
            assertThat(text).doesNotContain(Enrolment.PIN).doesNotContain("the master secret of");
            var hex = HexFormat.of().formatHex(decoded(text));
            assertThat(PRIVATE_KEYS).noneMatch(hex::contains);
        }
    }

    @Test
    @Order(4)
    void whatIsNotTheFileThatWasMadeIsRefusedAndChangesNothing() throws Exception {
        var before = companies.south();
        var good = Files.readAllBytes(file);
        var text = new String(good, StandardCharsets.US_ASCII);
        var lines = text.split("\n");
        assertThat(lines.length).isGreaterThanOrEqualTo(2);
        refused("the passphrase is another one", file, tool.secret("wrong", "another passphrase entirely"));
        refused("the passphrase is another one", companies.changed(good, text.indexOf("\"key\":\"") + 80), passphrase);
        refused("was changed", companies.changed(good, good.length / 2), passphrase);
        refused("was changed", companies.changed(good, good.length - 3), passphrase);
        refused("cut off", companies.written(text.substring(0, text.length() - 40)), passphrase);
        refused("cut off", companies.written(lines[0] + "\n"), passphrase);
        refused("was changed", companies.written(text + lines[lines.length - 1] + "\n"), passphrase);
        refused(
                "newer version",
                companies.written(text.replaceFirst("\"countersignTenant\":1", "\"countersignTenant\":2")),
                passphrase);
        refused("no file of countersign tenant export", companies.written("{}\n"), passphrase);
        var open = tool.secret("open", PASSPHRASE);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        refused("may be read by others", file, open);
        assertThat(companies.south()).isEqualTo(before);
    }

    @Test
    @Order(5)
    void whatTheTargetIsNotReadyForIsReportedAndChangesNothing() throws Exception {
        var before = companies.south();
        unfit(
                json -> json.replace("{\"name\": \"moved\"", "{\"name\": \"removed\"")
                        .replace("tenantName:moved,", ""),
                "has no tenant moved");
        unfit(
                json -> json.replace(
                        "{\"id\": \"otp\", \"factors\": [\"OTP\"], \"maxFailures\": 3}",
                        "{\"id\": \"x\"," + " \"factors\": [\"PIN\"]}"),
                "authorization configuration otp is missing");
        unfit(
                json -> json.replace(
                        "{\"id\": \"pin\", \"factors\": [\"PIN\"], \"maxFailures\": 3}",
                        "{\"id\": \"pin\"," + " \"factors\": [\"PIN\"], \"maxFailures\": 9}"),
                "authorization configuration pin differs");
        unfit(json -> json.replace("\"type\": \"homo\"", "\"type\": \"test\""), "vault of the type test");
        var stranger = ThreeCompanies.pem(new TestAuthority("Stranger"));
        unfit(json -> json.replace(ThreeCompanies.pem(AUTHORITY), stranger), "does not end at a trust anchor");
        assertThat(companies.south()).isEqualTo(before);
    }

    @Test
    @Order(6)
    void aDryRunChecksAllAndChangesNothing() throws Exception {
        var before = companies.south();
        var run = companies.importInto(SOUTH, "--dry-run");
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(ThreeCompanies.report(run).get("imported").booleanValue()).isFalse();
        assertThat(ThreeCompanies.report(run).get("credentials").intValue()).isEqualTo(7);
        assertThat(companies.south()).isEqualTo(before);
        assertThat(companies.count("south", "SELECT count(*) FROM audit_entry WHERE type LIKE 'tenant.%'"))
                .isZero();
    }

    @Test
    @Order(7)
    void anImportKilledAtTheCommitLeavesNothing() throws Exception {
        var before = companies.south();
        try (var holding = server.database().superuser("south");
                var watching = server.database().superuser("south")) {
            companies.execute(holding, "SELECT pg_advisory_lock(4711)");
            companies.execute(
                    watching,
                    "CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'",
                    "CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON tenant_import DEFERRABLE INITIALLY"
                            + " DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()");
            var output = Files.createTempFile(folder, "killed", ".txt");
            var process = tool.start(output, companies.importArguments(SOUTH));
            while (companies.count("south", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    == 0) {
                assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
                Thread.onSpinWait();
            }
            assertThat(companies.keyFiles())
                    .as("everything but the commit is done")
                    .isEqualTo(6);
            process.destroyForcibly().waitFor();
            companies.execute(
                    watching,
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
                    "DROP TRIGGER wait_at_commit ON tenant_import",
                    "DROP FUNCTION wait_at_commit()");
        }
        assertThat(companies.rows("south")).isEqualTo(before.subList(0, 3));
        assertThat(companies.count("south", "SELECT count(*) FROM audit_entry WHERE type = 'tenant.import-begun'"))
                .isEqualTo(1);
    }

    @Test
    @Order(8)
    void theTenantIsImportedIntoTheSouth() throws Exception {
        var run = companies.importInto(SOUTH);
        assertThat(run.exitCode()).as(run.output()).isZero();
        var report = ThreeCompanies.report(run);
        assertThat(report.get("imported").booleanValue()).isTrue();
        assertThat(report.get("credentials").intValue()).isEqualTo(7);
        assertThat(report.get("locked").intValue()).isEqualTo(1);
        assertThat(report.get("vault").textValue()).isEqualTo("homo");
        assertThat(report.get("clientsAdded")).hasToString("[\"" + CLIENT + "\"]");
        assertThat(companies.keyFiles()).isEqualTo(6);
        assertThat(companies.count("south", "SELECT count(*) FROM audit_entry WHERE type = 'tenant.imported'"))
                .isEqualTo(1);
    }

    @Test
    @Order(9)
    void itsHoldersSignThereWithTheFactorsTheyHave() {
        for (String name : List.of("pin", "rsa", "otp", "both")) {
            signs(at(SOUTH, HOLDERS.get(name)));
        }
        authorize(at(SOUTH, HOLDERS.get("pin")), Map.of("PIN", WRONG_PIN))
                .refused(400, "invalid_pin", "The PIN is invalid");
        signs(HOLDERS.get("pin"));
    }

    @Test
    @Order(10)
    void usedPasswordsCountsAndLocksWentAlong() throws SQLException {
        authorize(at(SOUTH, HOLDERS.get("otp")), Map.of("OTP", usedOtp)).refusal();
        authorize(at(SOUTH, HOLDERS.get("locked")), Map.of("PIN", Enrolment.PIN))
                .refused(403, "credential_locked", "The credential is locked");
        var wrong = at(SOUTH, HOLDERS.get("twice-wrong"));
        authorize(wrong, Map.of("PIN", WRONG_PIN)).refusal();
        authorize(wrong, Map.of("PIN", Enrolment.PIN)).refused(403, "credential_locked", "The credential is locked");
        // Never used in the south: what it was in the north.
        var steps = "SELECT otp_last_step FROM credential WHERE seat = 'half-holder'";
        assertThat(companies.count("south", steps)).isEqualTo(companies.count("north", steps));
    }

    @Test
    @Order(11)
    void whoWasEnrolledByHalfIsEnrolledToTheEnd() {
        var generator = server.api(SOUTH).as(CLIENT, SECRET, "");
        generator.confirmOtp(halfEnrolled, halfEnrolledOtp.next()).ok();
        var csr = generator.keyPair(halfEnrolled, KeyKind.P_256).ok().text("csr");
        generator
                .certificate(halfEnrolled, AUTHORITY.pkcs7(AUTHORITY.issue(csr)))
                .ok();
        signs(new Holder(seat(SOUTH, "half-holder"), halfEnrolled, KeyKind.P_256, Enrolment.PIN, halfEnrolledOtp));
    }

    @Test
    @Order(12)
    void theClientMayWorkForThisTenantAlone() {
        var generator = server.api(SOUTH).as(CLIENT, SECRET, "");
        assertThat(generator.create("staying", "x", "pin", 1).status()).isEqualTo(403);
        server.api(SOUTH).token("locals", "secret of the locals", "").ok();
    }

    @Test
    @Order(13)
    void theSameFileIsNotImportedTwice() throws Exception {
        var before = companies.south();
        var run = companies.importInto(SOUTH);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("imported here already");
        assertThat(companies.south()).isEqualTo(before);
        var again = folder.resolve("again.tenant");
        assertThat(companies.export(NORTH, again).exitCode()).isZero();
        var collides = tool.run(
                "tenant", "import", again.toString(), "--context", SOUTH, "--passphrase-file", passphrase.toString());
        assertThat(collides.exitCode()).isEqualTo(1);
        assertThat(collides.output()).contains("is here already");
        assertThat(companies.south()).isEqualTo(before);
    }

    @Test
    @Order(14)
    void itMovesOnEncryptedForACertificate() throws Exception {
        companies.execute(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=west",
                "-keyout",
                "west.key",
                "-out",
                "west.pem");
        Files.setPosixFilePermissions(folder.resolve("west.key"), PosixFilePermissions.fromString("rw-------"));
        var further = folder.resolve("further.tenant");
        var out = tool.run(
                "tenant",
                "export",
                "--context",
                SOUTH,
                "--tenant",
                "moved",
                "--out",
                further.toString(),
                "--recipient",
                folder.resolve("west.pem").toString(),
                "--json");
        assertThat(out.exitCode()).as(out.output()).isZero();
        var digest = ThreeCompanies.report(out).get("sha256").textValue();
        var key = folder.resolve("west.key").toString();
        var other = tool.run(
                "tenant",
                "import",
                further.toString(),
                "--context",
                WEST,
                "--key",
                key,
                "--sha256",
                DigestUtils.sha256Hex("another file"));
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.output()).contains("not the one whose SHA-256 was given");
        var in = tool.run(
                "tenant", "import", further.toString(), "--context", WEST, "--key", key, "--sha256", digest, "--json");
        assertThat(in.exitCode()).as(in.output()).isZero();
        assertThat(ThreeCompanies.report(in).get("clientsKept")).hasToString("[\"" + CLIENT + "\"]");
        for (String name : List.of("pin", "rsa", "otp", "both")) {
            signs(at(WEST, HOLDERS.get(name)));
        }
    }

    @Test
    @Order(15)
    void theAuditLogsOfAllAreWhole() throws Exception {
        for (String name : List.of("north", "south", "west")) {
            var anchors = server.folder().resolve("audit-anchor/signer-" + name);
            try (var files = Files.list(anchors)) {
                var key = files.filter(path -> path.toString().endsWith(".pem"))
                        .findFirst()
                        .orElseThrow();
                var password = tool.secret("database", "password-of-the-database-user");
                var run = tool.run(
                        "audit",
                        "verify",
                        "--url",
                        server.database().url(name),
                        "--user",
                        "countersign",
                        "--password-file",
                        password.toString(),
                        "--anchor",
                        anchors.toString(),
                        "--public-key",
                        key.toString());
                assertThat(run.exitCode()).as(run.output()).isZero();
            }
        }
    }

    private static void refused(String reason, Path tampered, Path secret) throws Exception {
        var run = tool.run(
                "tenant", "import", tampered.toString(), "--context", SOUTH, "--passphrase-file", secret.toString());
        assertThat(run.output()).contains(reason).doesNotContain(PASSPHRASE).doesNotContain("Exception");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    /** Imports with another configuration of the same company. */
    private static void unfit(java.util.function.UnaryOperator<String> change, String problem) throws Exception {
        var config = Files.createDirectories(server.folder().resolve("config-unfit"));
        var json = ThreeCompanies.configuration("south", "HSMWebCertificate", "locals");
        assertThat(change.apply(json)).isNotEqualTo(json);
        Files.writeString(config.resolve(SOUTH + ".json"), change.apply(json));
        var properties = config.resolve("application.properties");
        Files.writeString(properties, "configuration.fileName=$CONTEXT_NAME.json\n");
        var run = companies.importInto(SOUTH, "--config", properties.toString());
        assertThat(run.output()).contains(problem);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    private static void signs(Holder holder) {
        var hashes = holder.hashes("a document that " + holder.credential() + " signs");
        var answer = holder.sign(holder.sad(hashes), hashes).ok();
        var certificate = holder.caller()
                .info(holder.credential(), Map.of("certificates", "single"))
                .ok()
                .json()
                .at("/cert/certificates/0")
                .asText();
        assertThat(OpenSsl.verifies(
                        holder.kind(),
                        certificate,
                        hashes.get(0),
                        answer.texts("signatures").get(0)))
                .isTrue();
    }

    private static org.countersign.systemtests.harness.Answer authorize(Holder holder, Map<String, String> factors) {
        return holder.caller().authorize(holder.credential(), holder.hashes("x"), factors);
    }

    private static Holder at(String context, Holder holder) {
        var name = HOLDERS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(holder))
                .findFirst()
                .orElseThrow()
                .getKey();
        return holder.by(seat(context, name + "-holder"));
    }

    private static Caller seat(String context, String seat) {
        SignerApi api = server.api(context);
        return api.as(CLIENT, SECRET, "seat:" + seat + "@moved");
    }

    private static void texts(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
        node.forEach(child -> texts(child, texts));
    }

    private static byte[] decoded(String text) {
        try {
            return java.util.Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}
