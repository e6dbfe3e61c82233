package org.countersign.systemtests.harness;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the one server of the run to the constructors of test classes; it starts with the first and stops after the last. */
public final class RunningServer implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(RunningServer.class);

    /** The server, the authority that GLOBEX trusts, and asks for certificates, the one whose time stamps it takes, and its gateway to holders. */
    public record Platform(
            TestServer server,
            TestAuthority authority,
            EstAuthority enrolling,
            OpenSslStamps stamps,
            ApprovalGateway gateway)
            implements AutoCloseable {

        private static Platform start() {
            var authority = TestAuthority.publishing("Trusted authority of the tests");
            var enrolling = EstAuthority.start(authority);
            var stamps = OpenSslStamps.start();
            var gateway = ApprovalGateway.start();
            return new Platform(
                    TestServer.start(
                            List.of(
                                    Company.acme(enrolling),
                                    Company.globex(authority, stamps, gateway, enrolling),
                                    Company.ds(),
                                    Company.wallet()),
                            List.of(
                                    Company.inArchive(),
                                    Company.dsInArchive(),
                                    Company.walletInArchive(),
                                    Company.withPool()),
                            // To be reached from this machine's other addresses as well.
                            settings -> settings.bindAddress("0.0.0.0")),
                    authority,
                    enrolling,
                    stamps,
                    gateway);
        }

        public SignerApi acme() {
            return server.api(Company.ACME);
        }

        public SignerApi globex() {
            return server.api(Company.GLOBEX);
        }

        /** A distribution service. */
        public SignerApi ds() {
            return server.api(Company.DS);
        }

        /** A wallet provider. */
        public SignerApi wallet() {
            return server.api(Company.WALLET);
        }

        /** For seats of tenant {@code acme}. */
        public Enrolment atAcme() {
            return new Enrolment(acme(), "acme", "acme_password", authority);
        }

        /** For seats of tenant {@code globex}. */
        public Enrolment atGlobex() {
            return new Enrolment(globex(), "globex", "secret of globex", authority).tenant("globex");
        }

        /** Registers a client at GLOBEX. @return its secret */
        public String newClient(String clientId, String authorities) {
            var secret = "secret of " + clientId;
            globex().asAdministrator()
                    .createClient(java.util.Map.of(
                            "clientId",
                            clientId,
                            "clientSecret",
                            secret,
                            "authorizedGrantTypes",
                            "client_credentials",
                            "accessTokenValidity",
                            600,
                            "authorities",
                            authorities))
                    .ok();
            return secret;
        }

        @Override
        public void close() throws java.io.IOException {
            try (enrolling;
                    stamps;
                    gateway) {
                server.close();
            } finally {
                authority.stop();
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Platform.class, key -> Platform.start(), Platform.class);
    }
}
