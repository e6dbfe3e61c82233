package org.countersign.server.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses that begin with the same bits, as {@code 10.1.2.0/24} or {@code 2001:db8::/32}; one address without a slash. */
public final class AddressRange {

    /** What can only be an address: nothing that would be looked up as a name. */
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

    private static final Pattern LITERAL = Pattern.compile(
            OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(" + OCTET + "(\\." + OCTET + "){3})?");

    private static final Pattern RANGE = Pattern.compile("([^/]+)(?:/(\\d{1,3}))?");

    private final byte[] first;
    private final int bits;

    private AddressRange(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /** Empty when it is none. */
    public static Optional<AddressRange> parse(String text) {
        var range = RANGE.matcher(text);
        if (!range.matches()) {
            return Optional.empty();
        }
        return bytes(range.group(1)).flatMap(address -> {
            int most = address.length * Byte.SIZE;
            int bits = range.group(2) == null ? most : Integer.parseInt(range.group(2));
            return bits > most ? Optional.empty() : Optional.of(new AddressRange(address, bits));
        });
    }

    /** @param address in digits, as a server gives a peer's; anything else is outside */
    public boolean contains(String address) {
        return bytes(address).filter(this::contains).isPresent();
    }

    private boolean contains(byte[] address) {
        if (address.length != first.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((address[bit / Byte.SIZE] ^ first[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether this is an address in digits. */
    static boolean isAddress(String text) {
        return bytes(text).isPresent();
    }

    /** Four bytes or sixteen; an IPv4 address written as an IPv6 one has four. */
    private static Optional<byte[]> bytes(String text) {
        if (text == null || !LITERAL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }
}
