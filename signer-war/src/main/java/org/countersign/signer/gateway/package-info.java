/** Questions and messages to holders through a gateway that reaches their devices: what is sent, and in which words. */
package org.countersign.signer.gateway;
