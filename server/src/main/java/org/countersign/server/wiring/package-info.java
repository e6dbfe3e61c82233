/**
 * What every WAR puts together in the same way: the life of a context, its common settings and parts, and how its resources
 * reach Jakarta REST. Each WAR adds its own parts by one {@link org.countersign.server.wiring.Assembly}.
 */
package org.countersign.server.wiring;
