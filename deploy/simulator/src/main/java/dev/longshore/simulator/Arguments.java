package dev.longshore.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The command line: `--port N`, `--host ADDRESS`, `--script FILE`.
record Arguments(String host, int port, Script script) {

    static final String USAGE = "usage: simulator [--port N] [--host ADDRESS] [--script FILE.json]";

    static Arguments parse(String... words) {
        String host = Simulator.LOOPBACK;
        int port = 0;
        Script script = Script.EMPTY;
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException("a value is missing after " + words[i]);
            }
            String value = words[i + 1];
            switch (words[i]) {
                case "--host" -> host = value;
                case "--port" -> port = port(value);
                case "--script" -> script = Script.parse(read(Path.of(value)));
                default -> throw new IllegalArgumentException("there is no option " + words[i]);
            }
        }
        return new Arguments(host, port, script);
    }

    private static int port(String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + digits);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("the script " + file + " cannot be read: " + e, e);
        }
    }
}
