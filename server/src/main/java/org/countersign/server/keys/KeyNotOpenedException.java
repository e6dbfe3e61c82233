package org.countersign.server.keys;

/** A key that was not opened, and why. Never carries key material. */
public final class KeyNotOpenedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What stood in the way. */
    public enum Reason {
        /** The vault has no key of this credential. */
        ABSENT("the vault has no key of this credential"),
        /** The outer layer does not open: changed, of another credential, or wrapped under another master secret. */
        NOT_THIS_VAULTS("the wrapped key was changed or belongs to another credential or vault"),
        /** The inner layer does not open: not the activation key this key was wrapped with. */
        WRONG_ACTIVATION_KEY("the activation key does not open this key");

        private final String description;

        Reason(String description) {
            this.description = description;
        }
    }

    private final Reason reason;

    public KeyNotOpenedException(Reason reason) {
        super(reason.description);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
