package org.countersign.agent.dialogs;

import java.awt.AWTError;
import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.awt.Rectangle;
import java.awt.Toolkit;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JPasswordField;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.UIManager;
import org.countersign.core.wiring.Wiring;

/**
 * A Java of its own that shows one window, or reads the clipboard, and ends with the answer as its status. What a user
 * typed, or the clipboard's text, goes to standard output as UTF-8.
 */
final class SwingProgram {

    /** No status that a program ends with by itself, such as when the desktop ends it. */
    static final int YES = 4;

    static final int NO = 1;
    static final int NO_DESKTOP = 3;

    private static final int SPACE = 12;
    private static final int COLUMNS = 44;
    private static final int PIN_COLUMNS = 16;

    private SwingProgram() {}

    /** @param arguments confirm, secret or clipboard */
    @Wiring
    public static void main(String[] arguments) {
        run(arguments, Clock.systemUTC());
    }

    private static void run(String[] arguments, Clock clock) {
        try {
            var kind = arguments[0];
            if ("clipboard".equals(kind)) {
                System.exit(clipboard() ? YES : NO);
            }
            var window = read();
            SwingUtilities.invokeAndWait(() -> show(window, "secret".equals(kind), clock));
        } catch (HeadlessException | AWTError | LinkageError none) {
            System.exit(NO_DESKTOP);
        } catch (IOException | InterruptedException | ReflectiveOperationException failed) {
            System.exit(
                    failed.getCause() instanceof HeadlessException || failed.getCause() instanceof Error
                            ? NO_DESKTOP
                            : NO);
        }
    }

    private static Window read() throws IOException {
        var data = new DataInputStream(System.in);
        return new Window(
                Window.Level.valueOf(data.readUTF()),
                Window.Position.valueOf(data.readUTF()),
                data.readUTF(),
                data.readUTF(),
                data.readUTF(),
                data.readUTF(),
                Duration.ofMillis(data.readLong()));
    }

    private static boolean clipboard() throws IOException {
        try {
            var content = Toolkit.getDefaultToolkit().getSystemClipboard().getData(DataFlavor.stringFlavor);
            write(content.toString().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (UnsupportedFlavorException noText) {
            return false;
        }
    }

    private static void write(byte[] bytes) throws IOException {
        try (var output = new FileOutputStream(FileDescriptor.out)) {
            output.write(bytes);
        }
    }

    private static void show(Window window, boolean secret, Clock clock) {
        var frame = new JFrame(window.title());
        var pin = secret ? Optional.of(new JPasswordField(PIN_COLUMNS)) : Optional.<JPasswordField>empty();
        var yes = new JButton(window.yes());
        var no = new JButton(window.no());
        var moment = new FirstMoment(clock.millis());
        yes.addActionListener(event -> {
            if (moment.isOver(event.getWhen())) {
                agree(pin);
            }
        });
        no.addActionListener(event -> System.exit(NO));

        // Not a label: that would take a text that begins like HTML for it.
        var text = new JTextArea(window.text());
        text.setColumns(COLUMNS);
        text.setLineWrap(true);
        text.setWrapStyleWord(true);
        text.setEditable(false);
        text.setFocusable(false);
        text.setOpaque(false);
        text.setFont(UIManager.getFont("Label.font"));

        var middle = new JPanel(new BorderLayout(SPACE, SPACE));
        middle.add(text, BorderLayout.CENTER);
        pin.ifPresent(field -> middle.add(field, BorderLayout.SOUTH));
        var buttons = new JPanel(new FlowLayout(FlowLayout.TRAILING));
        buttons.add(yes);
        buttons.add(no);
        var all = new JPanel(new BorderLayout(SPACE, SPACE));
        all.setBorder(BorderFactory.createEmptyBorder(SPACE, SPACE, SPACE, SPACE));
        all.add(
                new JLabel(UIManager.getIcon(
                        switch (window.level()) {
                            case INFORMATION -> "OptionPane.informationIcon";
                            case QUESTION -> "OptionPane.questionIcon";
                            case WARNING -> "OptionPane.warningIcon";
                            case ERROR -> "OptionPane.errorIcon";
                        })),
                BorderLayout.WEST);
        all.add(middle, BorderLayout.CENTER);
        all.add(buttons, BorderLayout.SOUTH);

        frame.setContentPane(all);
        frame.setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
        frame.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosing(WindowEvent event) {
                System.exit(NO);
            }
        });
        frame.addWindowFocusListener(new WindowAdapter() {
            @Override
            public void windowGainedFocus(WindowEvent event) {
                moment.begin(clock.millis());
            }
        });
        frame.getRootPane()
                .registerKeyboardAction(
                        event -> System.exit(NO), KeyStroke.getKeyStroke("ESCAPE"), JComponent.WHEN_IN_FOCUSED_WINDOW);
        // Who types on while the window comes up agrees to nothing.
        frame.getRootPane().setDefaultButton(secret ? yes : no);
        // The agent ends this program then; unless it was ended itself.
        new Timer((int) window.patience().toMillis(), event -> System.exit(NO)).start();
        frame.setResizable(false);
        frame.setAlwaysOnTop(true);
        frame.pack();
        place(frame, window.position());
        frame.setVisible(true);
        moment.begin(clock.millis());
        frame.toFront();
        pin.ifPresentOrElse(JComponent::requestFocusInWindow, no::requestFocusInWindow);
    }

    private static void place(JFrame frame, Window.Position position) {
        Rectangle screen = GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
        int right = screen.x + screen.width - frame.getWidth();
        int bottom = screen.y + screen.height - frame.getHeight();
        int middle = (screen.x + right) / 2;
        int half = (screen.y + bottom) / 2;
        switch (position) {
            case STANDARD, CENTER -> frame.setLocation(middle, half);
            case LEFT -> frame.setLocation(screen.x, half);
            case RIGHT -> frame.setLocation(right, half);
            case TOP -> frame.setLocation(middle, screen.y);
            case TOP_LEFT -> frame.setLocation(screen.x, screen.y);
            case TOP_RIGHT -> frame.setLocation(right, screen.y);
            case BOTTOM -> frame.setLocation(middle, bottom);
            case BOTTOM_LEFT -> frame.setLocation(screen.x, bottom);
            case BOTTOM_RIGHT -> frame.setLocation(right, bottom);
        }
    }

    private static void agree(Optional<JPasswordField> pin) {
        if (pin.isPresent()) {
            var typed = pin.get().getPassword();
            var encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
            var bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            try {
                write(bytes);
            } catch (IOException agentGone) {
                System.exit(NO);
            } finally {
                Arrays.fill(typed, '\0');
                Arrays.fill(bytes, (byte) 0);
                Arrays.fill(encoded.array(), (byte) 0);
            }
        }
        System.exit(YES);
    }
}
