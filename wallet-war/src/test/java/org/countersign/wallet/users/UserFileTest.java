package org.countersign.wallet.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.countersign.core.error.ProtocolException;
import org.countersign.wallet.organisations.Login;
import org.countersign.wallet.organisations.WalletFor;
import org.countersign.wallet.users.UserFile.Line;
import org.countersign.wallet.users.UserFile.LineError;
import org.junit.jupiter.api.Test;

class UserFileTest {

    private static UserFile parse(String text) {
        return UserFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(String text) {
        return catchThrowableOfType(ProtocolException.class, () -> parse(text)).description();
    }

    @Test
    void each_line_is_a_user() {
        var users = new Line[] {
            new Line(2, new Login("anna@people.example.com"), WalletFor.NP),
            new Line(3, new Login("acme@companies.example.com"), WalletFor.LP)
        };
        for (var text : new String[] {
            "login,walletFor\nanna@people.example.com,np\nacme@companies.example.com,lp",
            "login,walletFor\r\nAnna@people.example.com,np\r\nacme@companies.example.com,lp\r\n",
            "\uFEFFlogin,walletFor\nanna@people.example.com,np\nacme@companies.example.com,lp\n"
        }) {
            var file = parse(text);
            assertThat(file.users()).as(text).containsExactly(users);
            assertThat(file.errors()).isEmpty();
        }
    }

    @Test
    void each_wrong_line_is_told() {
        var file = parse(String.join(
                "\n",
                "login,walletFor",
                "anna@people.example.com,np",
                "no address,np",
                "ANNA@people.example.com,np",
                "berta@people.example.com",
                "berta@people.example.com,np,",
                "",
                "\"carla@people.example.com\",np",
                "carla@people.example.com,xp",
                "dora@people.example.com,",
                "guest@people.example.com,lp",
                "m\u00fcller@people.example.com,np",
                "emil@people.example.com,lp",
                ""));
        assertThat(file.users().stream().map(Line::number)).containsExactly(2, 13);
        assertThat(file.errors())
                .containsExactly(
                        new LineError(3, UserFile.BAD_LOGIN),
                        new LineError(4, "The login is on a line before"),
                        new LineError(5, "A line has two columns"),
                        new LineError(6, "A line has two columns"),
                        new LineError(7, "A line has two columns"),
                        new LineError(8, UserFile.BAD_LOGIN),
                        new LineError(9, UserFile.BAD_WALLET_FOR),
                        new LineError(10, UserFile.BAD_WALLET_FOR),
                        new LineError(11, UserFile.BAD_GUEST),
                        new LineError(12, UserFile.BAD_LOGIN));
    }

    @Test
    void what_is_no_such_file_is_refused_as_a_whole() {
        var header = "login,walletFor\n";
        assertThat(refusal("")).isEqualTo("Payload is required");
        for (var text :
                new String[] {"anna@people.example.com,np", "login\n", "walletFor,login\n", "\nlogin,walletFor\n"}) {
            assertThat(refusal(text)).as(text).isEqualTo("The first line must be login,walletFor");
        }
        for (var text : new String[] {header.strip(), header}) {
            assertThat(refusal(text)).isEqualTo("A file has 1 to 1000 users");
        }
        assertThat(parse(header + "x\n".repeat(1_000)).errors()).hasSize(1_000);
        assertThat(refusal(header + "x\n".repeat(1_001))).isEqualTo("A file has 1 to 1000 users");
        assertThat(refusal(header + "x".repeat(65_536))).isEqualTo("A file has at most 64 KiB");
    }
}
