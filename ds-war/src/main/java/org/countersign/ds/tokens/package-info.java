/** Short-lived JWTs for applications, which the agents on the users' machines check. */
package org.countersign.ds.tokens;
