/** The mark of classes that put the parts together; see {@link org.countersign.core.wiring.Wiring}. */
package org.countersign.core.wiring;
