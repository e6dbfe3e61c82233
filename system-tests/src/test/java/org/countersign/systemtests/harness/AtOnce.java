package org.countersign.systemtests.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Calls that begin together. */
public final class AtOnce {

    private AtOnce() {}

    /** @param call is told which it is, from 0 */
    public static List<Answer> call(int number, IntFunction<Answer> call) throws InterruptedException {
        var threads = Executors.newFixedThreadPool(number);
        try {
            var barrier = new CyclicBarrier(number);
            var calls = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < number; i++) {
                int which = i;
                calls.add(() -> {
                    barrier.await();
                    return call.apply(which);
                });
            }
            var answers = new ArrayList<Answer>();
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException failure) {
            throw new AssertionError("A call failed", failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
