package org.countersign.wallet.organisations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** How an organisation signs as a company: {@code companySignature} in the configuration of legal persons' wallets. */
public sealed interface CompanySignature {

    /** The members of the configuration's object. */
    Map<String, Object> claims();

    /**
     * By a method of a DID (DID Core §3.1, §3.2), which is told to wallets and not looked at here.
     *
     * @param vm the DID URL of the verification method
     */
    record Did(String did, String vm) implements CompanySignature {

        private static final int LONGEST = 254;
        private static final String ID_PART = "(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})";
        private static final Pattern DID = Pattern.compile("did:[a-z0-9]+:(?:" + ID_PART + "*:)*" + ID_PART + "+");
        /** RFC 3986 §3.5. */
        private static final Pattern FRAGMENT =
                Pattern.compile("#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){1,254}");

        /** @return nothing unless the one is a DID and the other its URL with a fragment */
        static Optional<Did> parse(String did, String vm) {
            return did != null
                            && vm != null
                            && did.length() <= LONGEST
                            && DID.matcher(did).matches()
                            && vm.startsWith(did)
                            && FRAGMENT.matcher(vm.substring(did.length())).matches()
                    ? Optional.of(new Did(did, vm))
                    : Optional.empty();
        }

        @Override
        public Map<String, Object> claims() {
            return Map.of("did", did, "vm", vm);
        }
    }

    /**
     * By a key that is held here.
     *
     * @param clientId by which those whom the company deals with know it
     * @param jwk the public key, as JSON
     */
    record HeldKey(String clientId, String kid, String jwk) implements CompanySignature {

        private static final Pattern CLIENT_ID = Pattern.compile("[ -~]{1,254}");
        private static final Pattern KID = Pattern.compile("[A-Za-z0-9_-]{43}");

        static boolean isClientId(String text) {
            return text != null && CLIENT_ID.matcher(text).matches();
        }

        /** Whether it has the form of a thumbprint, by which keys are known here. */
        public static boolean isKid(String text) {
            return text != null && KID.matcher(text).matches();
        }

        @Override
        public Map<String, Object> claims() {
            try {
                return Map.of("client_id", clientId, "kid", kid, "jwk", JsonUtil.parseJson(jwk));
            } catch (JoseException changed) {
                throw new IllegalStateException("A stored JWK is malformed", changed);
            }
        }
    }

    /** Of {@code organisation o}, with {@link #JOIN}. */
    String COLUMNS = "o.company_did, o.company_method, o.company_client_id, k.kid, k.jwk";

    /** A revoked key is none. */
    String JOIN = " left join company_key k on k.id = o.company_key_id and k.revoked_at is null";

    /** @return nothing when the organisation says nothing of it, or its key was revoked */
    static Optional<CompanySignature> read(ResultSet row) throws SQLException {
        var did = row.getString("company_did");
        if (did != null) {
            return Optional.of(new Did(did, row.getString("company_method")));
        }
        var kid = row.getString("kid");
        return kid == null
                ? Optional.empty()
                : Optional.of(new HeldKey(row.getString("company_client_id"), kid, row.getString("jwk")));
    }
}
