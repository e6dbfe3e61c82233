package org.countersign.wallet.users;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.countersign.core.error.ProtocolException;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;

/**
 * Users to be added, one on each line of a file (CSV, RFC 4180) without quotes: its first line names the columns, {@code
 * login,walletFor}.
 *
 * @param users those of lines without an error
 * @param errors one for each other line
 */
record UserFile(List<Line> users, List<LineError> errors) {

    static final String BAD_LOGIN = "login must have the form of an e-mail address";
    static final String BAD_WALLET_FOR = "walletFor must be np or lp";
    static final String BAD_GUEST = "A guest is a natural person";

    static final int LONGEST = 65_536;
    static final int MOST_USERS = 1_000;

    private static final String HEADER = "login,walletFor";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    UserFile {
        users = List.copyOf(users);
        errors = List.copyOf(errors);
    }

    /** @param number of the line, from 1, which is that of the columns' names */
    record Line(int number, Login login, WalletFor walletFor) {}

    /**
     * @param line its number, from 1, which is that of the columns' names
     * @param error what is wrong, without a value of the file
     */
    public record LineError(int line, String error) {}

    /** @throws ProtocolException {@code invalid_request} for what is no such file at all */
    static UserFile parse(byte[] bytes) {
        if (bytes.length == 0) {
            throw ProtocolException.invalidRequest("Payload is required");
        }
        if (bytes.length > LONGEST) {
            throw ProtocolException.invalidRequest("A file has at most 64 KiB");
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        var lines = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).split("\r?\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw ProtocolException.invalidRequest("The first line must be " + HEADER);
        }
        // The last line may have its end or not.
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        if (count < 2 || count - 1 > MOST_USERS) {
            throw ProtocolException.invalidRequest("A file has 1 to " + MOST_USERS + " users");
        }
        var users = new ArrayList<Line>();
        var errors = new ArrayList<LineError>();
        var seen = new HashSet<Login>();
        for (int i = 1; i < count; i++) {
            var columns = lines[i].split(",", -1);
            var error = error(columns, seen);
            if (error.isPresent()) {
                errors.add(new LineError(i + 1, error.get()));
            } else {
                users.add(new Line(
                        i + 1,
                        Login.parse(columns[0]).orElseThrow(),
                        WalletFor.parse(columns[1]).orElseThrow()));
            }
        }
        return new UserFile(users, errors);
    }

    private static Optional<String> error(String[] columns, HashSet<Login> seen) {
        if (columns.length != 2) {
            return Optional.of("A line has two columns");
        }
        var login = Login.parse(columns[0]);
        var walletFor = WalletFor.parse(columns[1]);
        if (login.isEmpty()) {
            return Optional.of(BAD_LOGIN);
        }
        if (!seen.add(login.get())) {
            return Optional.of("The login is on a line before");
        }
        if (walletFor.isEmpty()) {
            return Optional.of(BAD_WALLET_FOR);
        }
        return login.get().isGuest() && walletFor.get() == WalletFor.LP ? Optional.of(BAD_GUEST) : Optional.empty();
    }
}
