package org.countersign.cli.sign;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.bouncycastle.cert.X509CertificateHolder;
import org.countersign.cli.terminal.Terminal;

/** Signs one file for the seat: enrols it when needed, authorizes with both factors, has the hash signed. */
final class Signing {

    private final SignerApi api;
    private final DemonstrationSeat seat;
    private final Enrolment enrolment;
    private final OneTimePasswords passwords;
    private final Clock clock;
    private final Terminal terminal;

    Signing(
            SignerApi api,
            DemonstrationSeat seat,
            Enrolment enrolment,
            OneTimePasswords passwords,
            Clock clock,
            Terminal terminal) {
        this.api = api;
        this.seat = seat;
        this.enrolment = enrolment;
        this.passwords = passwords;
        this.clock = clock;
        this.terminal = terminal;
    }

    /** @param folder the holder's. @return the detached signature in DER */
    byte[] sign(Path file, Path folder) throws IOException {
        var holder = holder(folder);
        terminal.say("Signing for " + seat + " with credential " + holder.credentialId() + ".");
        var certificate = new X509CertificateHolder(holder.certificate());
        return new DetachedSignature(certificate, hash -> remotely(holder, folder, hash)).of(file, clock.instant());
    }

    /** Has the server make the signature in a PDF (PAdES). @param target of the signed PDF */
    void signPdf(Path file, Path folder, Path target) throws IOException {
        var holder = holder(folder);
        terminal.say("Signing for " + seat + " with credential " + holder.credentialId() + ".");
        var wanted = new ObjectNode(JsonNodeFactory.instance)
                .put("credentialId", holder.credentialId())
                .put("format", "PAdES")
                .put("signAlgo", "SHA256WITHRSA");
        var token = token(seat.scope());
        var prepared = api.digestDocument(token, wanted, file);
        var sad = authorize(token, holder, folder, prepared.path("hash").binaryValue());
        ObjectNode parameters = prepared.path("parameters").deepCopy();
        api.signDocument(token, parameters.put("SAD", sad), file, target);
    }

    private Holder holder(Path folder) throws IOException {
        var kept = Holder.load(folder);
        if (kept.isPresent() && serverKnows(kept.get())) {
            return kept.get();
        }
        kept.ifPresent(holder -> terminal.say("The server does not know " + holder + " any more; enrolling anew."));
        return enrolment.enrol(token(""), seat, folder);
    }

    private boolean serverKnows(Holder holder) throws IOException {
        try {
            api.info(token(seat.scope()), holder.credentialId());
            return true;
        } catch (ServerAnswer refusal) {
            // 400, 403 and 404 are what a server says of a credential it does not have; the rest is another trouble.
            if (refusal.status() == 400 || refusal.status() == 403 || refusal.status() == 404) {
                return false;
            }
            throw refusal;
        }
    }

    private byte[] remotely(Holder holder, Path folder, byte[] hash) throws IOException {
        var token = token(seat.scope());
        return api.sign(token, holder.credentialId(), authorize(token, holder, folder, hash), hash);
    }

    private String authorize(String token, Holder holder, Path folder, byte[] hash) throws IOException {
        var otp = passwords.next(holder.otpSecret(), holder.lastOtpStep());
        // Before it is used: a password that was perhaps used is not used again.
        holder.afterOtp(otp.step()).save(folder);
        return api.authorize(token, holder.credentialId(), hash, holder.pin(), otp.value());
    }

    private String token(String scope) throws IOException {
        return api.token(seat.clientId(), seat.clientSecret(), scope);
    }
}
