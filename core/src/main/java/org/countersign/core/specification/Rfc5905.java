package org.countersign.core.specification;

import java.time.Duration;

/** RFC 5905, Network Time Protocol Version 4. https://www.rfc-editor.org/rfc/rfc5905 */
public final class Rfc5905 {

    /** §7.3: the highest stratum of a synchronised server; 16 and more are not. */
    public static final int MAX_STRATUM = 15;
    /** §7.2 MAXDISP: a server further than this from its source of time is not synchronised. */
    public static final Duration MAX_DISPERSION = Duration.ofSeconds(16);
    /** §6: how many units of the short format (root delay, root dispersion) a second has. */
    public static final double SHORT_FORMAT = 65_536;
    /** §7.4: the server wants to be asked less often. */
    public static final String KISS_RATE = "RATE";
    /** §7.4: the server wants not to be asked again. */
    public static final String KISS_DENY = "DENY";
    /** §7.4: as {@link #KISS_DENY}. */
    public static final String KISS_RESTRICT = "RSTR";

    private Rfc5905() {}
}
