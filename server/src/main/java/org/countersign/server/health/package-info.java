/** Liveness and readiness over HTTP; what readiness depends on is handed in by wiring. */
package org.countersign.server.health;
