package dev.longshore.standalone.servers;

import dev.longshore.standalone.arguments.Arguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/// One node of a Kafka cluster, broker and controller at once.
///
/// @param nodeId its number, unique in the cluster
/// @param port where clients connect, on the loopback address
/// @param controllerPort where the nodes vote
/// @param voters every node with its controller's address, as Kafka writes it:
///     `1@127.0.0.1:9093,2@127.0.0.1:9095`
/// @param data where its records live; made when it is absent
/// @param doors further ports where clients connect, in the same order on every node
public record BrokerSettings(int nodeId, int port, int controllerPort, String voters, Path data, List<Door> doors) {
    public BrokerSettings {
        doors = List.copyOf(doors);
    }

    /// A further port where clients connect, and the one that they are told to connect to: whoever
    /// stands between the two sees everything that these clients say, and nothing of what the others
    /// say.
    ///
    /// @param port where the broker listens, on the loopback address
    /// @param advertised what clients that came this way are told
    public record Door(int port, int advertised) {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,5})@([0-9]{1,5})");

        /// Reads doors as they are written on a command line: `15001@16001,15002@16002`.
        static List<Door> read(String text) {
            return Pattern.compile(",")
                    .splitAsStream(text)
                    .filter(door -> !door.isEmpty())
                    .map(Door::one)
                    .toList();
        }

        private static Door one(String text) {
            var form = FORM.matcher(text);
            if (!form.matches()) throw new Arguments.Refused("a door is PORT@ADVERTISED, not '" + text + "'");
            return new Door(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
        }
    }

    /// A cluster of one.
    public static BrokerSettings alone(int port, int controllerPort, Path data) {
        return new BrokerSettings(1, port, controllerPort, "1@127.0.0.1:" + controllerPort, data, List.of());
    }

    Properties properties() {
        int nodes = voters.split(",").length;
        int copies = Math.min(3, nodes);
        int needed = copies == 3 ? 2 : 1;
        var p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(nodeId));
        var listeners =
                new StringBuilder("PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        var advertised = new StringBuilder("PLAINTEXT://127.0.0.1:" + port);
        var protocols = new StringBuilder("CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        for (int i = 0; i < doors.size(); i++) {
            String name = "DOOR" + (i + 1);
            listeners
                    .append(',')
                    .append(name)
                    .append("://127.0.0.1:")
                    .append(doors.get(i).port());
            advertised
                    .append(',')
                    .append(name)
                    .append("://127.0.0.1:")
                    .append(doors.get(i).advertised());
            protocols.append(',').append(name).append(":PLAINTEXT");
        }
        p.setProperty("listeners", listeners.toString());
        p.setProperty("advertised.listeners", advertised.toString());
        p.setProperty("listener.security.protocol.map", protocols.toString());
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        // Each listener has threads of its own; behind a door there are few clients.
        if (!doors.isEmpty()) p.setProperty("num.network.threads", "1");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("controller.quorum.voters", voters);
        p.setProperty("log.dirs", data.toString());
        p.setProperty("default.replication.factor", Integer.toString(copies));
        p.setProperty("min.insync.replicas", Integer.toString(needed));
        for (String log : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.setProperty(log + ".replication.factor", Integer.toString(copies));
            p.setProperty(log + ".num.partitions", "4");
        }
        p.setProperty("transaction.state.log.min.isr", Integer.toString(needed));
        p.setProperty("share.coordinator.state.topic.min.isr", Integer.toString(needed));
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        // A topic that is made by a misspelt name hides the mistake.
        p.setProperty("auto.create.topics.enable", "false");
        // The default is 128 MiB of heap, for compacted topics far larger than ours.
        p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        // With the default of 9 s a broker that was killed would be refused that long when it comes back.
        p.setProperty("broker.session.timeout.ms", "2000");
        p.setProperty("broker.heartbeat.interval.ms", "250");
        p.setProperty("controller.quorum.election.timeout.ms", "200");
        p.setProperty("controller.quorum.election.backoff.max.ms", "200");
        p.setProperty("controller.quorum.fetch.timeout.ms", "1000");
        return p;
    }
}
