package dev.longshore.standalone.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// The PostgreSQL programs, unpacked once a version and user into the user's cache folder.
///
/// @param home the folder that holds `bin`, `lib` and `share`
public record PostgresBinaries(Path home) {
    private static final Pattern JAR = Pattern.compile("/([^/]+)\\.jar!/");

    /// The programs for this machine, unpacked if they are not yet.
    ///
    /// @throws IllegalStateException when the build brought none for this operating system and processor
    public static PostgresBinaries unpacked() {
        return unpacked(cacheFolder());
    }

    static PostgresBinaries unpacked(Path cache) {
        URL archive = archive();
        var jar = JAR.matcher(archive.toString());
        Path home = cache.resolve(jar.find() ? jar.group(1) : "postgresql");
        try {
            if (!Files.isDirectory(home)) unpack(archive, home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL into " + home, e);
        }
        return new PostgresBinaries(home);
    }

    /// The path of one program, such as `postgres`, `initdb` or `pg_ctl`.
    public Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    boolean hasLibrary(String name) {
        return Files.exists(home.resolve("lib/postgresql/" + name + ".so"))
                || Files.exists(home.resolve("lib/postgresql/" + name + ".dylib"));
    }

    private static URL archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = switch (System.getProperty("os.arch")) {
            case "aarch64", "arm64" -> "arm_64";
            default -> "x86_64";
        };
        String name = "postgres-" + system + "-" + processor + ".txz";
        return Optional.ofNullable(PostgresBinaries.class.getResource("/" + name))
                .orElseThrow(() -> new IllegalStateException(name
                        + " is not on the class path: PostgreSQL is packaged for Linux and macOS on x86-64 and ARM"));
    }

    private static Path cacheFolder() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        Path folder = base.resolve("longshore");
        try {
            return Files.createDirectories(folder);
        } catch (IOException _) {
            // Some containers run without a home that can be written to.
            return Path.of(System.getProperty("java.io.tmpdir"), "longshore-" + System.getProperty("user.name"));
        }
    }

    private static void unpack(URL archive, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path fresh = Files.createTempDirectory(home.getParent(), "unpacking-");
        try (InputStream packed = archive.openStream();
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(fresh, tar, entry);
            }
        }
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another process was faster; whatever it unpacked is the same.
            Folders.delete(fresh);
            if (!Files.isDirectory(home)) throw e;
        }
    }

    private static void write(Path folder, TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) throw new IOException("archive entry outside its folder: " + entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(target.getParent());
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(target.getParent());
            Files.copy(tar, target);
            Files.setPosixFilePermissions(target, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        permissions.add(PosixFilePermission.OWNER_WRITE);
        return permissions;
    }
}
