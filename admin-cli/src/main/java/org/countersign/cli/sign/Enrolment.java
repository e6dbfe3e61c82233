package org.countersign.cli.sign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.countersign.cli.process.Folders;
import org.countersign.cli.terminal.Terminal;
import org.countersign.core.entropy.Entropy;

/** Gives the demonstration seat a credential with PIN, one-time password, key pair and certificate. */
final class Enrolment {

    static final String AUTHORITY_FILE = "ca.pem";

    private static final String AUTHORITY = "Countersign demonstration CA - trust nothing it signs";
    private static final Duration LIFE = Duration.ofDays(365);
    private static final String CONFIGURATION = "pin-otp";
    private static final int KEY_LENGTH = 3072;
    private static final int PIN_DIGITS = 6;

    private final SignerApi api;
    private final Clock clock;
    private final Entropy entropy;
    private final OneTimePasswords passwords;
    private final Terminal terminal;

    Enrolment(SignerApi api, Clock clock, Entropy entropy, OneTimePasswords passwords, Terminal terminal) {
        this.api = api;
        this.clock = clock;
        this.entropy = entropy;
        this.passwords = passwords;
        this.terminal = terminal;
    }

    /** @param token of a generator. @param folder where holder and authority are kept */
    Holder enrol(String token, DemonstrationSeat seat, Path folder) throws IOException {
        terminal.say("Enrolling " + seat + "; this program plays the holder, who has PIN and one-time password,");
        terminal.say("and the certificate authority.");
        var credential = api.create(token, seat.tenant(), seat.name(), CONFIGURATION);
        terminal.say("  credential            " + credential);
        var pin = pin();
        api.setPin(token, credential, pin);
        terminal.say("  PIN                   set");
        var secret = api.newOtp(token, credential);
        var otp = passwords.next(secret, 0);
        api.confirmOtp(token, credential, otp.value());
        terminal.say("  one-time password     set and confirmed");
        var csr = api.keyPair(token, credential, KEY_LENGTH, "CN=" + seat.commonName());
        terminal.say("  key pair              RSA " + KEY_LENGTH + ", made and kept by the server");
        var authority = new SmallAuthority(AUTHORITY, LIFE, clock, entropy);
        var certificate = authority.issue(csr);
        api.certificate(token, credential, SmallAuthority.pkcs7(certificate, authority.certificate()));
        terminal.say("  certificate           issued by \"" + AUTHORITY + "\"");
        trust(folder.resolve(AUTHORITY_FILE), SmallAuthority.pem(authority.certificate()));
        var holder = new Holder(credential, pin, secret, otp.step(), certificate.getEncoded());
        holder.save(folder);
        return holder;
    }

    /** Adds to the authorities of earlier enrolments, so that what those signed still verifies. */
    private static void trust(Path file, String pem) throws IOException {
        var earlier = Files.exists(file) ? Files.readString(file) : "";
        Folders.writePrivate(file, (earlier + pem).getBytes(StandardCharsets.US_ASCII));
    }

    private String pin() {
        int bound = (int) Math.pow(10, PIN_DIGITS);
        return String.format(
                Locale.ROOT, "%0" + PIN_DIGITS + "d", entropy.secureRandom().nextInt(bound));
    }
}
