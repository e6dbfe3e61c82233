package org.countersign.signer.keypairs;

import java.util.function.Function;
import java.util.function.Supplier;
import org.countersign.server.keys.KeyNotOpenedException;
import org.countersign.server.keys.KeyNotOpenedException.Reason;

/** Opening keys by what a row said a moment ago, while they may be moved to another vault. */
public final class MovedKeys {

    private MovedKeys() {}

    /**
     * Uses a key by a row that was read before, and once again by the row as it is then when the key is not there, or not as that
     * vault wraps it.
     *
     * @param use opens the key; before that it changes nothing
     * @throws KeyNotOpenedException when it does not open then either
     */
    public static <R, T> T use(R row, Supplier<R> again, Function<R, T> use) {
        try {
            return use.apply(row);
        } catch (KeyNotOpenedException notThere) {
            if (notThere.reason() == Reason.WRONG_ACTIVATION_KEY) {
                throw notThere;
            }
            return use.apply(again.get());
        }
    }
}
