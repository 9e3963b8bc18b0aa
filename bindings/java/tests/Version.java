import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.stream.Stream;
import wotrus.Client;

/** Prints the version of the library, and how many copies of it are left in the folder of JNA's temporary files. */
public final class Version {
    public static void main(String[] arguments) throws IOException {
        String version = Client.libraryVersion();
        long left = 0;
        try (Stream<String> mapped = Files.lines(Paths.get("/proc/self/maps"))) {
            left = mapped.filter(line -> line.contains("/jna") && !line.endsWith("(deleted)"))
                .map(line -> Paths.get(line.substring(line.indexOf('/')))).distinct()
                .filter(Version::isLibwotrus).count();
        }
        System.out.println(version + " " + left);
    }

    private static boolean isLibwotrus(Path file) {
        try {
            return new String(Files.readAllBytes(file), "ISO-8859-1").contains("wotrus_client_new");
        } catch (IOException e) {
            return false;
        }
    }
}
