package org.countersign.agent.cards;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of cards that are known; each is the module of its name in small letters. */
public enum CardKind {
    BEID(new BelgianCard()),
    EMV(new PaymentCard());

    private final CardCommands commands;

    CardKind(CardCommands commands) {
        this.commands = commands;
    }

    public static Optional<CardKind> of(String module) {
        return Arrays.stream(values())
                .filter(kind -> kind.module().equals(module))
                .findFirst();
    }

    public String module() {
        return name().toLowerCase(Locale.ROOT);
    }

    CardCommands commands() {
        return commands;
    }
}
