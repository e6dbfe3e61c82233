/**
 * How a request is refused: {@link org.countersign.core.error.ProtocolException} with a sealed
 * {@link org.countersign.core.error.ErrorCode}. Thrown anywhere, answered by one mapper of the server's web package.
 */
package org.countersign.core.error;
