package org.countersign.agent.sandbox;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.smartcardio.CardException;
import org.countersign.agent.cards.CardKind;
import org.countersign.agent.cards.CardReaders;
import org.countersign.agent.loopback.Jsons;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;
import org.xipki.pkcs11.wrapper.TokenException;

/** The child process: answers until its parent is gone. */
final class Child {

    private Child() {}

    /** @param arguments the socket, and the library's path or the card's name */
    public static void main(String[] arguments) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            var device = device(arguments[1], memory -> tell(channel, memory));
            while (true) {
                var answer = answer(device, Frames.read(channel));
                Frames.write(
                        channel,
                        Jsons.object()
                                .add("answer", answer)
                                .add("memory", device.memory())
                                .add("spent", device.isSpent())
                                .build());
            }
        } catch (IOException parentGone) {
            // A library's own threads must not keep this process.
            Runtime.getRuntime().halt(0);
        }
    }

    /** Ahead of the answer. */
    private static void tell(SocketChannel channel, JsonObject memory) {
        try {
            Frames.write(channel, Jsons.object().add("memory", memory).build());
        } catch (IOException parentGone) {
            throw new UncheckedIOException(parentGone);
        }
    }

    private static Device device(String name, Consumer<JsonObject> remember) {
        return CardKind.of(name)
                .<Device>map(kind -> new CardDevice(new CardReaders(kind, remember)))
                .orElseGet(() -> new TokenLibrary(Path.of(name)));
    }

    private static JsonObject answer(Device device, JsonObject request) {
        try {
            return device.answer(request);
        } catch (ProtocolException refusal) {
            return error((AgentError) refusal.code());
        } catch (TokenException refused) {
            return error(Pkcs11Errors.of(refused));
        } catch (CardException broken) {
            // A status word or a code of PC/SC.
            return failed(String.valueOf(broken.getMessage()));
        } catch (IOException | RuntimeException | LinkageError broken) {
            // Its words may be a library's.
            return failed(broken.getClass().getName());
        }
    }

    private static JsonObject failed(String cause) {
        return Jsons.object(error(AgentError.CARD_FAILED)).add("cause", cause).build();
    }

    private static JsonObject error(AgentError code) {
        return Jsons.object().add("error", code.name()).build();
    }
}
