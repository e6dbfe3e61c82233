package org.countersign.server.keys.token;

import org.countersign.server.keys.token.Frame.Reply;

/** What the child itself finds wrong. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reply reply;

    Refusal(Reply reply, String text) {
        super(text);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
