package org.countersign.agent.cards;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.ResponseAPDU;
import org.countersign.core.error.AgentError;
import org.countersign.core.error.ProtocolException;

/** Commands to one card, within one transaction. Those of ISO/IEC 7816-4 that several kinds of cards share are here. */
final class CardSession {

    static final int OK = 0x9000;

    private static final int WRONG_OFFSET = 0x6B00;
    private static final int NOT_FOUND = 0x6A82;
    private static final int READ_BYTES = 0xF8;
    private static final int LONGEST = 256;
    private static final int MORE = 0x61;
    private static final int GET_RESPONSE = 0xC0;
    private static final int SELECT = 0xA4;
    private static final int READ_BINARY = 0xB0;
    private static final int BYTE = 8;
    private static final int BYTE_MASK = 0xFF;

    private final CardChannel channel;
    private final Runnable remember;
    private final boolean t0;
    private boolean pinGiven;
    private boolean pinInDoubt;

    /** @param remember tells who outlives this process what is known of the card */
    CardSession(CardChannel channel, Runnable remember) {
        this.channel = channel;
        this.remember = remember;
        this.t0 = "T=0".equals(channel.getCard().getProtocol());
    }

    ResponseAPDU transmit(int cla, int ins, int p1, int p2) throws CardException {
        return channel.transmit(new CommandAPDU(cla, ins, p1, p2));
    }

    ResponseAPDU transmit(int cla, int ins, int p1, int p2, byte[] data) throws CardException {
        return channel.transmit(new CommandAPDU(cla, ins, p1, p2, data));
    }

    ResponseAPDU transmit(int cla, int ins, int p1, int p2, int expected) throws CardException {
        return channel.transmit(new CommandAPDU(cla, ins, p1, p2, expected));
    }

    /**
     * In the protocol T=0 a command has no room for both lengths; what there is to read is fetched after it, by a command of
     * the class 00 (ISO/IEC 7816-4 §7.6.1).
     */
    ResponseAPDU transmit(int cla, int ins, int p1, int p2, byte[] data, int expected) throws CardException {
        if (!t0) {
            return channel.transmit(new CommandAPDU(cla, ins, p1, p2, data, expected));
        }
        if (cla == 0) {
            return transmit(cla, ins, p1, p2, data);
        }
        var answer = raw(new CommandAPDU(cla, ins, p1, p2, data));
        return answer.getSW1() == MORE ? transmit(0, GET_RESPONSE, 0, 0, length(answer.getSW2())) : answer;
    }

    private static int length(int told) {
        return told == 0 ? LONGEST : told;
    }

    /** As it stands: the channel would fetch the rest by the class of the command itself, which cards need not take. */
    private ResponseAPDU raw(CommandAPDU command) throws CardException {
        var answer = ByteBuffer.allocate(LONGEST + 2);
        try {
            var method = channel.getClass().getDeclaredMethod("transmitRaw", ByteBuffer.class, ByteBuffer.class);
            method.setAccessible(true);
            method.invoke(channel, ByteBuffer.wrap(command.getBytes()), answer);
        } catch (ReflectiveOperationException refused) {
            throw new CardException(refused);
        }
        return new ResponseAPDU(Arrays.copyOf(answer.array(), answer.position()));
    }

    /** Likewise, with what lets the card be used from here on. */
    ResponseAPDU transmitPin(int ins, int p2, byte[] pin) throws CardException {
        pinGiven = true;
        pinInDoubt = true;
        var answer = transmit(0, ins, 0, p2, pin);
        pinInDoubt = answer.getSW() != OK;
        return answer;
    }

    /** Before something that this process may not come back from. */
    void remember() {
        remember.run();
    }

    /** Whether the card must be made to forget a PIN. */
    boolean isPinGiven() {
        return pinGiven;
    }

    /** Whether showing the PIN again might cost a try: it was shown, and the card did not say that it is right. */
    boolean isPinInDoubt() {
        return pinInDoubt;
    }

    /**
     * A transparent file, by SELECT and READ BINARY.
     *
     * @param path from the master file down
     * @param largest more than that many bytes are refused
     */
    byte[] read(byte[] path, int largest) throws CardException {
        int selected = transmit(0, SELECT, 0x08, 0x0C, path).getSW();
        if (selected == NOT_FOUND) {
            throw new ProtocolException(AgentError.NOT_OFFERED, "No such file");
        }
        require(selected);
        var file = new ByteArrayOutputStream();
        while (file.size() <= largest) {
            var part = transmit(0, READ_BINARY, file.size() >> BYTE, file.size() & BYTE_MASK, READ_BYTES);
            if (part.getSW() == WRONG_OFFSET && file.size() > 0) {
                return file.toByteArray();
            }
            require(part.getSW());
            file.writeBytes(part.getData());
            if (part.getData().length < READ_BYTES) {
                return file.toByteArray();
            }
        }
        throw new ProtocolException(AgentError.CARD_DATA, "The file is too large");
    }

    static void require(int status) throws CardException {
        if (status != OK) {
            throw new CardException("Status " + Integer.toHexString(status));
        }
    }
}
