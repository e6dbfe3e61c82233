package org.countersign.server.keys.token;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.countersign.server.keys.token.Frame.Reply;
import org.countersign.server.keys.token.Frame.Request;
import org.xipki.pkcs11.wrapper.TokenException;

/** The child process: answers until its parent is gone. */
public final class TokenChild {

    private final SocketChannel channel;
    private final TokenLibrary library;
    private ExecutorService workers;

    private TokenChild(SocketChannel channel, TokenLibrary library) {
        this.channel = channel;
        this.library = library;
    }

    /** @param arguments the socket's address, and the library's path */
    public static void main(String[] arguments) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            new TokenChild(channel, new TokenLibrary(arguments[1])).serve();
        } catch (IOException parentGone) {
            // As wanted. A library's own threads must not keep this process, nor its clean-up.
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private void serve() throws IOException {
        while (true) {
            var frame = Frame.read(channel);
            if (Request.values()[frame.kind()] == Request.LOGIN) {
                workers = Executors.newFixedThreadPool(
                        (int) Fields.of(frame.content()).nextNumber());
                write(answer(frame));
            } else {
                workers.execute(() -> work(frame));
            }
        }
    }

    private void work(Frame frame) {
        try {
            write(answer(frame));
        } catch (IOException parentGone) {
            Runtime.getRuntime().halt(0);
        }
    }

    private Frame answer(Frame request) {
        try {
            return new Frame(request.number(), Reply.DONE.ordinal(), library.answer(request));
        } catch (Refusal refusal) {
            return refused(request, refusal.reply(), refusal.getMessage());
        } catch (TokenException refused) {
            return refused(request, Pkcs11Errors.of(refused), Pkcs11Errors.name(refused));
        } catch (IOException | RuntimeException | LinkageError broken) {
            // Its words may be a library's.
            return refused(request, Reply.FAILED, broken.getClass().getName());
        }
    }

    private static Frame refused(Frame request, Reply reply, String text) {
        return new Frame(request.number(), reply.ordinal(), text.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void write(Frame frame) throws IOException {
        frame.write(channel);
    }
}
