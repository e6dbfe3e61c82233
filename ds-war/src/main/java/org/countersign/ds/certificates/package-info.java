/** Certificates with which agents serve TLS on their own machine, and the authorities that issue nothing else. */
package org.countersign.ds.certificates;
