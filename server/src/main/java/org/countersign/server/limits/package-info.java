/** How often something may be done, counted on this node. */
package org.countersign.server.limits;
