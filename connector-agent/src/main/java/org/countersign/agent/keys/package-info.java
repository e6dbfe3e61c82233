/** Keys of this installation: made at the first start, kept in a folder only its user can read. */
package org.countersign.agent.keys;
