package org.countersign.cli.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.UUID;
import org.countersign.server.keys.KeyAlgorithm;
import org.countersign.signer.credentials.CredentialState;
import org.countersign.signer.credentials.RevocationReason;

/**
 * One line within a tenant file: the manifest first, then each credential, then the end.
 *
 * @param manifest of the first line
 * @param seat of the lines between, before the credentials
 * @param credential of the lines between
 * @param end of the last line
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TenantRecord(Manifest manifest, MovedSeat seat, MovedCredential credential, End end) {

    /** Strict: what this version does not know it does not drop silently. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * What the file is of.
     *
     * @param context the company's context that it was exported from
     * @param version of the software
     * @param at when, ISO 8601
     * @param configurations that the credentials use
     * @param clients whose authorities name the tenant
     * @param groups of its people; absent where there are none, which versions before groups know alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Manifest(
            UUID exportId,
            String tenant,
            String context,
            String version,
            String at,
            List<Configuration> configurations,
            List<Client> clients,
            List<String> groups) {}

    /**
     * Somebody whom an administrator entered.
     *
     * @param group absent for who is in none
     * @param enteredAt ISO 8601
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MovedSeat(String seat, String group, String enteredAt) {
        @Override
        public String toString() {
            return "seat " + seat;
        }
    }

    /**
     * An authorization configuration, as far as it decides what opens a credential.
     *
     * @param otpDelivery null for an authenticator, which versions before this one know alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Configuration(String id, String type, List<String> factors, int maxFailures, int scal, String otpDelivery) {}

    /**
     * An OAuth client.
     *
     * @param secretHash Argon2id, which depends on no master secret
     * @param authorities reduced to the tenant
     */
    record Client(
            String clientId,
            String secretHash,
            String grantTypes,
            int accessTokenValidity,
            String authorities,
            boolean demonstration) {
        @Override
        public String toString() {
            return "client " + clientId;
        }
    }

    /**
     * A credential as it was in the snapshot. What of it is secret is here without the source's master secret, protected
     * by the file's encryption alone.
     *
     * @param otpBinding what the key is bound to in place of the OTP secret's new seal
     * @param activationKey of a credential without PIN
     * @param state absent for one in service, which earlier versions know no other of
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MovedCredential(
            UUID id,
            String seat,
            String createdBy,
            String configuration,
            int multiSignature,
            String createdAt,
            Pin pin,
            byte[] otpSecret,
            byte[] otpBinding,
            boolean otpConfirmed,
            long otpLastStep,
            int failures,
            byte[] activationKey,
            byte[] activationPublic,
            Key key,
            List<byte[]> certificates,
            State state) {

        MovedCredential {
            certificates = certificates == null ? null : List.copyOf(certificates);
        }

        @Override
        public String toString() {
            return "credential " + id;
        }
    }

    /**
     * Of a credential out of service.
     *
     * @param revokedAt ISO 8601; absent for one that is suspended, as the reason
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record State(CredentialState name, String revokedAt, RevocationReason reason) {}

    /** {@link org.countersign.server.keys.MovedPin}. */
    record Pin(String stored, byte[] key, boolean companyWide) {
        @Override
        public String toString() {
            return "a PIN";
        }
    }

    /** @param inner the private key, wrapped by what the holder's factors give */
    record Key(UUID id, KeyAlgorithm algorithm, byte[] publicKey, byte[] ephemeral, byte[] inner) {
        @Override
        public String toString() {
            return "key " + id;
        }
    }

    /** @param digest SHA-256 of every line before, each with its line feed */
    record End(int credentials, int keys, byte[] digest) {}
}
