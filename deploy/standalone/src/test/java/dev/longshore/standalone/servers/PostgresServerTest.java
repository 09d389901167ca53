package dev.longshore.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    private static final PostgresSettings DURABLE = PostgresSettings.durable("32MB");

    @TempDir
    Path temporary;

    @AfterEach
    void leaveNothingRunning() throws IOException {
        folder("").stop(PostgresFolder.StopMode.IMMEDIATE);
    }

    @Test
    void dataIsKeptWhenTheServerIsStoppedAndStartedOnAnotherPort() throws Exception {
        try (var first = start("")) {
            write(first, "kept");
        }
        try (var second = start("")) {
            assertThat(read(second)).isEqualTo("kept");
        }
    }

    @Test
    void dataIsKeptWhenThePostmasterIsKilled() throws Exception {
        var first = start("");
        write(first, "survived");
        // A session that is open at that moment keeps the dead server's memory for a while.
        try (var open = DriverManager.getConnection(first.address().jdbcUrl(), "postgres", "")) {
            assertThat(open.isValid(1)).isTrue();
            first.kill();
            try (var second = start("")) {
                assertThat(read(second)).isEqualTo("survived");
            }
        }
    }

    @Test
    void aServerThatNobodyOwnsAnyMoreIsStoppedBeforeANewOneStarts() throws Exception {
        var abandoned = start("");
        write(abandoned, "handed over");
        try (var second = start("")) {
            assertThat(ProcessHandle.of(abandoned.pid()).filter(ProcessHandle::isAlive))
                    .isEmpty();
            assertThat(read(second)).isEqualTo("handed over");
        }
    }

    @Test
    void aLockThatNamesSomebodyElsesProcessIsRemoved() throws Exception {
        var first = start("");
        Path lock = temporary.resolve("data/postmaster.pid");
        String ours = Files.readString(lock);
        write(first, "after a reboot");
        first.close();
        // As after a restart of the machine, when the number of the old server belongs to another program.
        String holder = ours.lines().findFirst().orElseThrow();
        Files.writeString(
                lock,
                ours.replaceFirst(holder, Long.toString(ProcessHandle.current().pid())));
        try (var second = start("")) {
            assertThat(read(second)).isEqualTo("after a reboot");
        }
    }

    @Test
    void anInitialisationThatWasCutShortIsDoneAgain() throws Exception {
        Files.createDirectories(temporary.resolve("data.new/base"));
        Files.writeString(temporary.resolve("data.new/PG_VERSION"), "18\n");
        try (var server = start("")) {
            write(server, "made anew");
            assertThat(read(server)).isEqualTo("made anew");
        }
    }

    @Test
    void commitsReachTheDiskAndOnlyThisMachineMayConnect() throws Exception {
        try (var server = start("")) {
            assertThat(setting(server, "fsync")).isEqualTo("on");
            assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(server, "full_page_writes")).isEqualTo("on");
            assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aPasswordOpensTheDatabaseAndNothingElseDoes() throws Exception {
        try (var server = start("correct horse")) {
            write(server, "secret");
            assertThat(read(server)).isEqualTo("secret");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(server.address().jdbcUrl(), "postgres", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    private PostgresFolder folder(String password) {
        return new PostgresFolder(temporary.resolve("data"), PostgresBinaries.unpacked(), password);
    }

    private PostgresServer start(String password) throws IOException {
        return PostgresServer.start(folder(password), FreePorts.take(), DURABLE, temporary.resolve("log"));
    }

    private static void write(PostgresServer server, String text) throws SQLException {
        try (var connection = connect(server);
                var statement = connection.createStatement()) {
            statement.execute("create table note (text text)");
            statement.execute("insert into note values ('" + text + "')");
        }
    }

    private static String read(PostgresServer server) throws SQLException {
        return ask(server, "select text from note");
    }

    private static String setting(PostgresServer server, String name) throws SQLException {
        return ask(server, "show " + name);
    }

    private static String ask(PostgresServer server, String question) throws SQLException {
        try (var connection = connect(server);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        var address = server.address();
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }
}
