/** Moving a company between versions by {@code countersign company}, on a real server, with and without a real nginx. */
package org.countersign.systemtests.company;
