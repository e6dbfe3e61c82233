package org.countersign.server.web;

import org.countersign.core.error.ProtocolException;

/**
 * Which part of a long list is asked for.
 *
 * @param number from 0
 * @param size 1 to 1,000
 */
public record Page(int number, int size) {

    public static final int DEFAULT_SIZE = 100;
    private static final int MAX_SIZE = 1_000;
    private static final int MAX_NUMBER = 1_000_000;

    /** An absent number is the first page, an absent size 100. */
    public static Page of(Integer number, Integer size) {
        return of(number, size, MAX_SIZE);
    }

    /** @param most of the size, 100 or more */
    public static Page of(Integer number, Integer size, int most) {
        var page = new Page(number == null ? 0 : number, size == null ? DEFAULT_SIZE : size);
        if (page.number < 0 || page.number > MAX_NUMBER || page.size < 1 || page.size > most) {
            throw ProtocolException.invalidRequest("page must be 0 or more, pageSize from 1 to " + most);
        }
        return page;
    }

    public int first() {
        return number * size;
    }
}
