package org.countersign.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a request comes from: the peer of the connection. Only what a trusted proxy says in {@code X-Forwarded-For} counts:
 * from the right, the first address that is no trusted proxy's. What a client wrote itself stands further to the left.
 */
public final class ClientAddress {

    private static final int MOST_HOPS = 20;
    private static final Pattern PORTED =
            Pattern.compile("\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)](?::\\d{1,5})?|([0-9.]+):\\d{1,5}");

    private final List<AddressRange> trustedProxies;

    /** @param trustedProxies empty when requests come from the clients themselves */
    public ClientAddress(List<AddressRange> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
    }

    /** In digits. */
    public String of(HttpServletRequest request) {
        var peer = request.getRemoteAddr();
        if (trustedProxies.isEmpty() || !isTrusted(peer)) {
            return peer;
        }
        var nearest = peer;
        for (var hop : hops(request)) {
            if (!AddressRange.isAddress(hop)) {
                return nearest;
            }
            nearest = hop;
            if (!isTrusted(hop)) {
                return hop;
            }
        }
        return nearest;
    }

    /** What attempts are counted by: an IPv4 address, or the network of an IPv6 one, as its host has many. */
    public static String network(String address) {
        if (!address.contains(":") || address.contains(".")) {
            return address;
        }
        try {
            var bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == 16 ? HexFormat.of().formatHex(bytes, 0, 8) : address;
        } catch (UnknownHostException malformed) {
            return address;
        }
    }

    boolean isTrusted(String address) {
        return trustedProxies.stream().anyMatch(range -> range.contains(address));
    }

    /** The nearest first. */
    private static List<String> hops(HttpServletRequest request) {
        var hops = new ArrayList<String>();
        for (var header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
            for (var hop : header.split(",", -1)) {
                hops.add(withoutPort(hop.strip()));
            }
        }
        Collections.reverse(hops);
        return hops.size() > MOST_HOPS ? hops.subList(0, MOST_HOPS) : hops;
    }

    /** Some proxies add the port: {@code 192.0.2.1:50000}, {@code [2001:db8::1]:50000}, or brackets alone. */
    private static String withoutPort(String hop) {
        var ported = PORTED.matcher(hop);
        if (!ported.matches()) {
            return hop;
        }
        return ported.group(1) == null ? ported.group(2) : ported.group(1);
    }
}
