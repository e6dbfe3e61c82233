/** Versions of the agent: what operators allow, the installers, and which device is offered what. */
package org.countersign.ds.releases;
