/** The audit log of the deployed server: complete after a crash, and not to be changed unnoticed. */
package org.countersign.systemtests.evidence;
