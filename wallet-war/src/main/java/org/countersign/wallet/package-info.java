/** The wallet provider: a package per feature, put together in {@code wiring}. */
package org.countersign.wallet;
