/** The keys that sign tokens, for operators. */
package org.countersign.ds.keys;
