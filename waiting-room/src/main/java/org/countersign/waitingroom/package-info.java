/** One servlet at the root of a server, there only while the command line replaces a company's WAR. */
package org.countersign.waitingroom;
