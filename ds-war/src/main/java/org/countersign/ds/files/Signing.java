package org.countersign.ds.files;

import java.util.Map;

/** Signs what agents trust, with the distribution service's current key. */
@FunctionalInterface
public interface Signing {

    /**
     * A compact JWS.
     *
     * @param typ the header of that name
     * @param claims what the payload says
     */
    String sign(String typ, Map<String, Object> claims);
}
