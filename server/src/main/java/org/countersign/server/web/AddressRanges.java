package org.countersign.server.web;

import java.util.ArrayList;
import java.util.List;
import org.countersign.core.configuration.ConfigurationObject;

/** Ranges of addresses in a configuration file. */
public final class AddressRanges {

    private AddressRanges() {}

    /** Tells the file's problems which are none. Without the key there are the given ones. */
    public static List<AddressRange> read(ConfigurationObject object, String key, List<String> otherwise) {
        var texts = object.has(key) ? object.texts(key) : otherwise;
        object.accept(key);
        var ranges = new ArrayList<AddressRange>();
        for (int i = 0; i < texts.size(); i++) {
            var range = AddressRange.parse(texts.get(i));
            if (range.isEmpty()) {
                object.problems()
                        .error(
                                object.pathOf(key) + "[" + i + "]",
                                "must be an address or a range such as 10.1.2.0/24 or 2001:db8::/32");
            }
            range.ifPresent(ranges::add);
        }
        return List.copyOf(ranges);
    }
}
