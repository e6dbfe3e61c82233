package org.countersign.server.vaults;

import java.time.Duration;
import java.util.Map;
import org.countersign.core.error.OAuth2Error;
import org.countersign.core.error.ProtocolException;
import org.countersign.server.keys.KeyManagement;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;
import org.countersign.server.logging.ContextLogger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * One key of the AWS Key Management Service. Every data key is bound to the company's context by the encryption context,
 * so that one company's server opens no other's, though both may use the same key.
 */
public final class AwsKeyManagement implements KeyManagement, AutoCloseable {

    /** The encryption context's name, as policies and CloudTrail see it. */
    public static final String CONTEXT = "countersign:context";

    private static final System.Logger LOG = ContextLogger.of(AwsKeyManagement.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 2;

    private final KmsSettings settings;
    private final Map<String, String> binding;
    private final AwsCredentialsProvider credentials;
    private final KmsClient client;
    private volatile boolean away;

    /** @param company the name of its context, the same during a move between versions */
    public AwsKeyManagement(KmsSettings settings, AwsSettings aws, String company) {
        this.settings = settings;
        this.binding = Map.of(CONTEXT, company);
        this.credentials = credentials(aws);
        var http = UrlConnectionHttpClient.builder()
                .connectionTimeout(settings.patience())
                .socketTimeout(settings.patience());
        var builder = KmsClient.builder()
                .region(Region.of(aws.region()))
                .credentialsProvider(credentials)
                .httpClientBuilder(http)
                .overrideConfiguration(override -> override.apiCallTimeout(settings.patience())
                        .retryStrategy(retries -> retries.maxAttempts(ATTEMPTS)));
        aws.endpoint().ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    private static AwsCredentialsProvider credentials(AwsSettings aws) {
        return aws.accessKey()
                .<AwsCredentialsProvider>map(key -> StaticCredentialsProvider.create(
                        key.sessionToken().isPresent()
                                ? AwsSessionCredentials.create(
                                        key.id(),
                                        key.secret(),
                                        key.sessionToken().get())
                                : AwsBasicCredentials.create(key.id(), key.secret())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    @Override
    public DataKey generate() {
        try {
            var made = client.generateDataKey(request ->
                    request.keyId(settings.keyId()).keySpec(DataKeySpec.AES_256).encryptionContext(binding));
            isThere();
            return new DataKey(
                    made.plaintext().asByteArray(), made.ciphertextBlob().asByteArray());
        } catch (SdkException failure) {
            throw away(failure);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
        try {
            var key = client.decrypt(request -> request.keyId(settings.keyId())
                            .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(binding))
                    .plaintext()
                    .asByteArray();
            isThere();
            return key;
        } catch (InvalidCiphertextException | IncorrectKeyException foreign) {
            throw new KeyNotOpenedException(Reason.NOT_THIS_VAULTS);
        } catch (SdkException failure) {
            throw away(failure);
        }
    }

    private void isThere() {
        if (away) {
            away = false;
            LOG.log(System.Logger.Level.INFO, "The key management service answers again");
        }
    }

    /** Told once, until it answers again; without the service's words, which name keys and accounts. */
    private ProtocolException away(SdkException failure) {
        if (!away) {
            away = true;
            var why = failure instanceof AwsServiceException service && service.awsErrorDetails() != null
                    ? service.awsErrorDetails().errorCode() + ", request " + service.requestId()
                    : failure.getClass().getSimpleName();
            LOG.log(System.Logger.Level.WARNING, "The key management service gives no data key: {0}", why);
        }
        return ProtocolException.retryAfter(
                OAuth2Error.TEMPORARILY_UNAVAILABLE, "The key vault is not available; try again later", RETRY);
    }

    @Override
    public void close() {
        client.close();
        if (credentials instanceof SdkAutoCloseable chain) {
            chain.close();
        }
    }
}
