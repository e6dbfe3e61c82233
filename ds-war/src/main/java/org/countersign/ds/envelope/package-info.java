/** How answers of the v3 API look: {@code {"success", "data"}}, and its refusals with their numbers. */
package org.countersign.ds.envelope;
