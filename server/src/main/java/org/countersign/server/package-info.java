/** What the WARs share on an application server. Depends on core alone; the web applications depend on it. */
package org.countersign.server;
