/** One final class per document this product follows: its names, limits and address. No behaviour. */
package org.countersign.core.specification;
