package org.countersign.server.keys;

import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;

/**
 * The memory of one derivation, wiped and used again: several megabytes, which the garbage collector would otherwise clear
 * for each PIN and, when it comes in between, copy. There is one for each core, and context of the server: more
 * derivations at once would be no faster, and push each other out of the caches. Who comes first has the first turn.
 */
final class Argon2Memory implements BlockPool {

    private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();
    /** In KiB: four times the default cost. A costlier derivation's is left to the garbage collector. */
    private static final int MOST_KEPT = 4 * Argon2Cost.DEFAULT.memoryKib();

    private static final Semaphore TURNS = new Semaphore(AT_ONCE, true);
    private static final Deque<Argon2Memory> IDLE = new ConcurrentLinkedDeque<>();

    private final ArrayList<Block> blocks = new ArrayList<>();

    private Argon2Memory() {}

    /** Waits until there is one; it is to be given back, whatever happens. */
    static Argon2Memory take() {
        var fresh = new Argon2Memory();
        TURNS.acquireUninterruptibly();
        var memory = IDLE.poll();
        return memory == null ? fresh : memory;
    }

    void giveBack() {
        try {
            if (blocks.size() <= MOST_KEPT) {
                IDLE.push(this);
            }
        } finally {
            TURNS.release();
        }
    }

    @Override
    public Block allocate() {
        return blocks.isEmpty() ? new Block() : blocks.remove(blocks.size() - 1);
    }

    @Override
    public void deallocate(Block block) {
        blocks.add(block.clear());
    }
}
