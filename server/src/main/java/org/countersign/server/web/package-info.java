/**
 * What every resource of every WAR shares at the HTTP boundary: JSON, forms, limits, headers and the one exception mapper.
 * With {@code oauth} the only package here that knows {@code jakarta.ws.rs}.
 */
package org.countersign.server.web;
