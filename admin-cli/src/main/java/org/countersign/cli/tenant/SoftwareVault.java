package org.countersign.cli.tenant;

import java.util.Optional;
import org.countersign.server.keys.FolderWrappedKeys;
import org.countersign.server.keys.OuterWrap;

/**
 * A software vault of a context.
 *
 * @param name as credentials record it
 * @param folder empty when its keys are in the database
 */
record SoftwareVault(String name, Optional<FolderWrappedKeys> folder, OuterWrap outer) {

    /** @throws org.countersign.cli.terminal.Refusal when the context has no such vault */
    static SoftwareVault of(TenantContext context, String name) {
        return new SoftwareVault(name, context.folder(name), context.outerWrap(name));
    }
}
