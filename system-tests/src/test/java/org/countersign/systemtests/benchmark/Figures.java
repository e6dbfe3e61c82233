package org.countersign.systemtests.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that was measured: per thing one measurement a repeat. */
final class Figures {

    /** @param provider of the JCA */
    record Raw(String provider, BenchmarkKey key, int threads) {}

    enum Http {
        SIGN("sign"),
        AUTHORIZE_AND_SIGN("authorize+sign"),
        /** Of EU DSS's service, not of ours. */
        DSS("DSS sign-digest");

        private final String label;

        Http(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** @param hashes of each call */
    record Call(Http what, BenchmarkKey key, int hashes, int clients) {

        @Override
        public String toString() {
            return what.label() + ", " + key.label() + ", hashes " + hashes + ", clients " + clients;
        }
    }

    private final Map<Raw, List<Measurement>> raws = new LinkedHashMap<>();
    private final Map<Call, List<Measurement>> calls = new LinkedHashMap<>();
    private final List<Double> pinCheck = new ArrayList<>();

    void add(Raw raw, Measurement measurement) {
        raws.computeIfAbsent(raw, ignored -> new ArrayList<>()).add(measurement);
    }

    void add(Call call, Measurement measurement) {
        calls.computeIfAbsent(call, ignored -> new ArrayList<>()).add(measurement);
    }

    Map<Raw, List<Measurement>> raws() {
        return raws;
    }

    Map<Call, List<Measurement>> calls() {
        return calls;
    }

    /** Milliseconds of processor time of one check, per repeat. */
    List<Double> pinCheck() {
        return pinCheck;
    }

    /** A repeat's call and the raw signatures that were measured just before it. */
    record Compared(Measurement call, Measurement rawOneThread, Measurement rawAllCores, double pinCheck) {

        /** Signatures a second by the clock: with one client against one core, with more against all of them. */
        double wallRatio(int clients) {
            return call.signaturesPerSecond() / (clients == 1 ? rawOneThread : rawAllCores).signaturesPerSecond();
        }

        /** Of the processor time the server's process took, the share a raw signature needs. */
        double processorRatio(int clients) {
            return (clients == 1 ? rawOneThread : rawAllCores).processorPerSignature() / call.processorPerSignature();
        }

        /** Likewise, PostgreSQL's processes included. */
        double processorRatioWithDatabase(int clients) {
            return (clients == 1 ? rawOneThread : rawAllCores).processorPerSignature()
                    / (call.processorPerSignature() + call.databasePerSignature());
        }

        /** Milliseconds of the server's processor time for one call beyond its raw signatures and PIN check. */
        double aboveRaw(Call what) {
            var raw = what.clients() == 1 ? rawOneThread : rawAllCores;
            return call.processorPerCall()
                    - what.hashes() * raw.processorPerSignature()
                    - (what.what() == Http.AUTHORIZE_AND_SIGN ? pinCheck : 0);
        }
    }

    /**
     * Per repeat, what a call of one hash costs the server beside what EU DSS's call costs it, by the same number of clients.
     *
     * @return milliseconds above it, the PIN check taken off; and the share
     */
    List<BesideDss> besideDss(Call call) {
        var own = calls.get(call);
        var dss = calls.get(new Call(Http.DSS, call.key(), 1, call.clients()));
        var beside = new ArrayList<BesideDss>();
        for (int repeat = 0; repeat < own.size(); repeat++) {
            beside.add(new BesideDss(
                    own.get(repeat).processorPerCall(),
                    dss.get(repeat).processorPerCall(),
                    call.what() == Http.AUTHORIZE_AND_SIGN ? pinCheck.get(repeat) : 0));
        }
        return beside;
    }

    /** In milliseconds of processor time a call. */
    record BesideDss(double own, double dss, double pinCheck) {

        double share() {
            return own / dss;
        }

        double above() {
            return own - pinCheck - dss;
        }
    }

    /** @param provider whose raw signatures to compare with */
    List<Compared> compared(Call call, String provider, int cores) {
        var own = calls.get(call);
        var one = raws.get(new Raw(provider, call.key(), 1));
        var all = raws.get(new Raw(provider, call.key(), cores));
        var compared = new ArrayList<Compared>();
        for (int repeat = 0; repeat < own.size(); repeat++) {
            compared.add(new Compared(own.get(repeat), one.get(repeat), all.get(repeat), pinCheck.get(repeat)));
        }
        return compared;
    }
}
