package org.countersign.server.wiring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.countersign.server.oauth.AudienceTokens;
import org.countersign.server.oauth.BrowserSessions;
import org.countersign.server.oauth.ForeignClients;
import org.countersign.server.web.ErrorForm;

/** What a product adds to the parts that every context has. */
@FunctionalInterface
public interface Assembly {

    Own assemble(ContextParts parts);

    /**
     * A product's own parts.
     *
     * @param components its resources and providers
     * @param checks of readiness, by name, asked in this order after the common ones
     * @param chores done now and then
     * @param foreignClients who besides the OAuth clients of the database gets a token
     * @param audienceTokens what clients of the database get for others than this server
     * @param errors what refusals look like
     * @param sessions people who signed in with a browser
     * @param bodyLimits the longest payload, in bytes, of addresses that take more or less than others
     */
    record Own(
            Set<Object> components,
            Map<String, BooleanSupplier> checks,
            List<Runnable> chores,
            ForeignClients foreignClients,
            AudienceTokens audienceTokens,
            ErrorForm errors,
            BrowserSessions sessions,
            Map<Pattern, Long> bodyLimits) {

        /** Without sessions, and with the common limit of payloads everywhere. */
        public Own(
                Set<Object> components,
                Map<String, BooleanSupplier> checks,
                List<Runnable> chores,
                AudienceTokens audienceTokens,
                ErrorForm errors) {
            this(
                    components,
                    checks,
                    chores,
                    ForeignClients.NONE,
                    audienceTokens,
                    errors,
                    BrowserSessions.NONE,
                    Map.of());
        }
    }
}
