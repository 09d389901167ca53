package dev.longshore.rig;

import dev.longshore.rig.wire.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The wires of a system: from each service one to PostgreSQL, one to each broker, and from each worker
/// one to the provider.
public final class Wires implements AutoCloseable {
    private final Map<String, Wire> database = new TreeMap<>();
    private final Map<String, Wire> provider = new TreeMap<>();
    private final Map<String, List<Wire>> brokers = new LinkedHashMap<>();
    private final Map<String, List<Integer>> doors = new LinkedHashMap<>();

    /// @param services in the order of the brokers' doors
    /// @param brokerCount how many brokers there are
    Wires(List<String> services, int databasePort, int brokerCount, int providerPort) {
        for (String service : services) {
            database.put(service, Wire.between(Ports.steady(), databasePort));
            if (service.startsWith("worker-")) {
                provider.put(service, Wire.between(Ports.steady(), providerPort));
            }
            List<Wire> toBrokers = new ArrayList<>();
            List<Integer> behind = new ArrayList<>();
            for (int i = 0; i < brokerCount; i++) {
                int door = Ports.steady();
                behind.add(door);
                toBrokers.add(Wire.between(Ports.steady(), door));
            }
            brokers.put(service, toBrokers);
            doors.put(service, behind);
        }
    }

    /// The services that have wires: `api-1`, `worker-2`.
    public List<String> services() {
        return List.copyOf(brokers.keySet());
    }

    /// From a service to PostgreSQL.
    public Wire database(String service) {
        return Objects.requireNonNull(database.get(service), service);
    }

    /// From all services to PostgreSQL.
    public List<Wire> database() {
        return List.copyOf(database.values());
    }

    /// From a worker to the provider.
    public Wire provider(String worker) {
        return Objects.requireNonNull(provider.get(worker), worker);
    }

    /// From all workers to the provider.
    public List<Wire> provider() {
        return List.copyOf(provider.values());
    }

    /// From a service to each broker.
    public List<Wire> brokers(String service) {
        return List.copyOf(Objects.requireNonNull(brokers.get(service), service));
    }

    /// The doors of a broker, from 1, as its command line has them.
    String doors(int broker) {
        List<String> words = new ArrayList<>();
        for (String service : brokers.keySet()) {
            int behind = Objects.requireNonNull(doors.get(service)).get(broker - 1);
            words.add(behind + "@" + brokers(service).get(broker - 1).port());
        }
        return String.join(",", words);
    }

    /// Mends everything.
    public void heal() {
        all().forEach(Wire::heal);
    }

    @Override
    public void close() {
        all().forEach(Wire::close);
    }

    private List<Wire> all() {
        List<Wire> all = new ArrayList<>(database.values());
        all.addAll(provider.values());
        brokers.values().forEach(all::addAll);
        return all;
    }
}
