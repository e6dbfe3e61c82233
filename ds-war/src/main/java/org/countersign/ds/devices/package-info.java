/** Devices: how they register, sign their calls, and are administered. */
package org.countersign.ds.devices;
