package org.countersign.server.vaults;

import java.time.Duration;
import java.util.regex.Pattern;
import org.countersign.core.configuration.ConfigurationObject;

/**
 * What {@code hsm} says of the key management service.
 *
 * @param keyId the key that wraps data keys: its identifier, its ARN or an alias
 * @param patience for one data key
 * @param dataKeyLife how long a data key stays in this server's memory
 */
public record KmsSettings(String keyId, Duration patience, Duration dataKeyLife) {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9:/_-]{1,2048}");
    private static final int DEFAULT_SECONDS = 5;
    private static final int DEFAULT_LIFE_SECONDS = 3_600;

    static KmsSettings read(ConfigurationObject hsm) {
        var key = hsm.requiredText("keyId");
        if (!key.isEmpty() && !KEY.matcher(key).matches()) {
            hsm.problems()
                    .error(hsm.pathOf("keyId"), "must be the identifier of a key, its ARN, or an alias (alias/NAME)");
        }
        return new KmsSettings(
                key,
                Duration.ofSeconds(hsm.number("timeoutInSeconds", DEFAULT_SECONDS, 1, 600)),
                Duration.ofSeconds(hsm.number("dataKeysInSeconds", DEFAULT_LIFE_SECONDS, 1, 86_400)));
    }
}
