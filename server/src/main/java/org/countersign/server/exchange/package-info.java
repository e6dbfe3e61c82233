/** Requests that a context sends to other servers: limited in time and size, redirects not followed. */
package org.countersign.server.exchange;
