package org.countersign.ds.wiring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.countersign.core.specification.Rfc6749;
import org.countersign.ds.applications.Requester;
import org.countersign.ds.tokens.ApplicationClients;
import org.countersign.server.issuing.ConnectorTokens;
import org.countersign.server.oauth.ForeignClients;
import org.countersign.server.oauth.OAuthResource.TokenAnswer;
import org.countersign.server.web.ClientAddress;

/** Applications at the token endpoint. */
record ApplicationsAsClients(ApplicationClients clients, ClientAddress addresses) implements ForeignClients {

    @Override
    public Optional<Supplier<TokenAnswer>> authenticate(String clientId, String secret, HttpServletRequest request) {
        return clients.authenticate(clientId, secret, requester(request))
                .map(application -> () -> new TokenAnswer(
                        clients.token(application, request.getHeader(ConnectorTokens.CLIENT_TIME)),
                        Rfc6749.BEARER,
                        clients.expiresIn(),
                        null));
    }

    @Override
    public void admitClient(String clientId, HttpServletRequest request) {
        clients.admitOther(clientId, requester(request));
    }

    @Override
    public void clientRefused(String clientId, HttpServletRequest request) {
        clients.otherRefused(clientId, requester(request));
    }

    private Requester requester(HttpServletRequest request) {
        return Requester.of(addresses.of(request), request.getAttribute(Requester.CERTIFICATES));
    }
}
