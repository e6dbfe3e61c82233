package org.countersign.server.keys;

import java.util.Arrays;
import java.util.UUID;
import org.countersign.core.entropy.Entropy;
import org.countersign.server.keys.KeyNotOpenedException.Reason;

/** AES-256-GCM under a key of the vault's master secret. Format: one byte of version, then the sealed inner layer. */
public final class MasterSecretWrap implements OuterWrap {

    private static final byte VERSION = 1;
    private static final String LABEL = "countersign key outer v1";

    private final SealedSecrets sealed;

    public MasterSecretWrap(MasterSecret master, Entropy entropy) {
        this.sealed = new SealedSecrets(master.derive(LABEL), entropy);
    }

    @Override
    public byte[] wrap(UUID keyId, byte[] inner) {
        var outer = sealed.seal(inner, SealedSecrets.context(LABEL, keyId));
        var wrapped = new byte[1 + outer.length];
        wrapped[0] = VERSION;
        System.arraycopy(outer, 0, wrapped, 1, outer.length);
        return wrapped;
    }

    @Override
    public byte[] unwrap(UUID keyId, byte[] wrapped) {
        if (wrapped.length == 0 || wrapped[0] != VERSION) {
            throw new KeyNotOpenedException(Reason.NOT_THIS_VAULTS);
        }
        return sealed.open(Arrays.copyOfRange(wrapped, 1, wrapped.length), SealedSecrets.context(LABEL, keyId))
                .orElseThrow(() -> new KeyNotOpenedException(Reason.NOT_THIS_VAULTS));
    }

    @Override
    public boolean isUsable() {
        return true;
    }
}
