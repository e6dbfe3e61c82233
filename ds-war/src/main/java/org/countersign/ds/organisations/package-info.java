/** Whose applications and devices are kept apart from each other. */
package org.countersign.ds.organisations;
