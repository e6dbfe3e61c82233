package org.countersign.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium without a window, with a profile of its own, used as a person does: by what is written on the page. */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MOST_TABS = 60;

    /** Its remarks on versions of the browser's own protocol, which is not used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    /** What a script throws may be no error: the driver would say nothing of it. */
    private static final String WITH_REASON = """
            return (async function () { %s }).apply(null, arguments).catch(thrown => {
              throw thrown instanceof Error ? thrown : new Error('Thrown: ' + JSON.stringify(thrown));
            });
            """;

    private final Path folder;
    private final ChromeDriver driver;
    private final WebDriverWait wait;

    /** @param more arguments of the program's */
    public Browser(String... more) {
        this(Map.of(), more);
    }

    /**
     * With a window, where the environment has a screen for it.
     *
     * @param environment of the program, beside this one's
     * @param more arguments of the program's
     */
    public Browser(Map<String, String> environment, String... more) {
        try {
            folder = Files.createTempDirectory("countersign-browser");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var options = new ChromeOptions();
        options.setBinary(command("chromium"));
        // As root there is no sandbox; the pages are our own.
        if (!environment.containsKey("DISPLAY")) {
            options.addArguments("--headless=new");
        }
        options.addArguments(
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--lang=en",
                "--window-size=1200,860",
                "--user-data-dir=" + folder.resolve("profile"));
        options.addArguments(more);
        options.setExperimentalOption(
                "prefs",
                Map.of(
                        "download.default_directory",
                        downloads().toString(),
                        "credentials_enable_service",
                        false,
                        "intl.accept_languages",
                        "en"));
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(command("chromedriver"))
                .usingAnyFreePort()
                .withEnvironment(environment)
                .withSilent(true)
                .build();
        driver = new ChromeDriver(service, options);
        wait = new WebDriverWait(driver, PATIENCE, LOOK);
        wait.ignoring(StaleElementReferenceException.class);
    }

    private static File command(String name) {
        for (var place : List.of("/usr/bin/", "/usr/local/bin/")) {
            var file = new File(place + name);
            if (file.canExecute()) {
                return file;
            }
        }
        throw new AssertionError("The tests need " + name + "; on Debian: apt-get install chromium chromium-driver");
    }

    public Path downloads() {
        return folder.resolve("downloads");
    }

    public void open(String address) {
        driver.get(address);
    }

    public String address() {
        return driver.getCurrentUrl();
    }

    /** Waits for an element that can be seen. */
    public WebElement find(By where) {
        return wait.until(ignored -> driver.findElements(where).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
    }

    /** Those that are there now. */
    public List<WebElement> all(By where) {
        return driver.findElements(where);
    }

    public int count(By where) {
        return driver.findElements(where).size();
    }

    /** Waits until so many are there. */
    public void await(By where, int count) {
        wait.until(ignored -> driver.findElements(where).size() == count);
    }

    /** Waits for the page of this title. */
    public void awaitPage(String title) {
        find(By.xpath("//h1[normalize-space()='" + title + "']"));
    }

    /** Waits until the page's text has it. */
    public void awaitText(String text) {
        wait.until(ignored -> text().contains(text));
    }

    public String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    public void press(String label) {
        press("", label);
    }

    /** @param within a CSS selector */
    public void press(String within, String label) {
        wait.until(ignored -> {
            driver.findElements(By.cssSelector(within + " button, " + within + " a")).stream()
                    .filter(element ->
                            element.isDisplayed() && element.getText().strip().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new StaleElementReferenceException("Not there yet: " + label))
                    .click();
            return true;
        });
        settle();
    }

    /** Waits until the page has loaded what it is to show. */
    private void settle() {
        wait.until(ignored ->
                driver.findElements(By.cssSelector("[aria-busy=true]")).isEmpty());
    }

    /** Types into the field of this name. */
    public void type(String field, String text) {
        var element = find(By.name(field));
        element.clear();
        element.sendKeys(text);
    }

    /** Types where the focus is. */
    public void key(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        settle();
    }

    /** What has the focus. */
    public WebElement active() {
        return driver.switchTo().activeElement();
    }

    /** Goes on with the Tab key until the focus is where it is wanted. */
    public void tabTo(By where) {
        for (int i = 0; i < MOST_TABS; i++) {
            // Not to the element: a field for a file would take it for a path.
            new Actions(driver).sendKeys(Keys.TAB).perform();
            var active = driver.switchTo().activeElement();
            if (driver.findElements(where).contains(active)) {
                return;
            }
        }
        throw new AssertionError("The Tab key does not lead to " + where);
    }

    public void choose(By where, String value) {
        new Select(find(where)).selectByValue(value);
        settle();
    }

    /** Runs a script's body, as nobody at the page could. */
    public Object run(String script, Object... arguments) {
        return driver.executeScript(WITH_REASON.formatted(script), arguments);
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** What the browser complained of since it was asked last: scripts that failed, what the page's policy forbids. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Waits for a file that was downloaded whole. */
    public Path downloaded(String name) {
        var file = downloads().resolve(name);
        wait.until(ignored -> Files.exists(file));
        assertThat(file).isRegularFile();
        return file;
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
