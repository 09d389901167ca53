package dev.longshore.testing;

import java.util.regex.Pattern;

/// Where the servers of one run are.
///
/// @param jdbcUrl of the database `longshore`, without credentials
/// @param kafka the bootstrap servers, `host:port`
record ServerAddresses(String jdbcUrl, String user, String password, String kafka) {
    /// Reads the line that the embedded servers print when they are ready.
    static ServerAddresses parse(String line) {
        return new ServerAddresses(
                field(line, "jdbc"), field(line, "user"), field(line, "password"), field(line, "kafka"));
    }

    String line() {
        return "{\"jdbc\":\"" + jdbcUrl + "\",\"user\":\"" + user + "\",\"password\":\"" + password + "\",\"kafka\":\""
                + kafka + "\"}";
    }

    private static String field(String line, String name) {
        var field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(line);
        if (!field.find()) throw new IllegalArgumentException("no field " + name + " in: " + line);
        return field.group(1);
    }
}
