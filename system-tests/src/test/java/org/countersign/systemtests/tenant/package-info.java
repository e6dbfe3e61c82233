/** A tenant's way from one company to another by {@code countersign tenant}. */
package org.countersign.systemtests.tenant;
