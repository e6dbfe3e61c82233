/** Cards and tokens as modules of the v3 API: certificates, PINs, signatures. Called by the gate's routes. */
package org.countersign.agent.modules;
