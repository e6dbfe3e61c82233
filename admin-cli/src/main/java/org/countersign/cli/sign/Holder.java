package org.countersign.cli.sign;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.countersign.cli.process.Folders;

/**
 * What the demonstration's holder knows and has; in earnest no file of this kind exists.
 *
 * @param credentialId the credential enrolled for the seat
 * @param pin known by heart
 * @param otpSecret in an authenticator app, base32
 * @param lastOtpStep the time step of the last one-time password used: none may be used twice
 * @param certificate of the credential, DER
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Holder(String credentialId, String pin, String otpSecret, long lastOtpStep, byte[] certificate) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FILE = "holder.json";

    static Optional<Holder> load(Path folder) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), Holder.class));
        } catch (IOException noneYet) {
            return Optional.empty();
        }
    }

    void save(Path folder) throws IOException {
        Folders.writePrivate(folder.resolve(FILE), JSON.writeValueAsBytes(this));
    }

    Holder afterOtp(long step) {
        return new Holder(credentialId, pin, otpSecret, step, certificate);
    }

    @Override
    public String toString() {
        return "the holder of credential " + credentialId;
    }
}
