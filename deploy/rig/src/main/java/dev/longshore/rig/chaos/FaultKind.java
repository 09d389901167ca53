package dev.longshore.rig.chaos;

import dev.longshore.rig.receiver.Receivers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Everything that can be broken, how long it stays so, and what it needs for itself meanwhile.
enum FaultKind {
    /// `kill -9`; started again at the end.
    WORKER_KILLED(FaultGroup.PROCESS, Aim.WORKER, 1, 8),
    API_KILLED(FaultGroup.PROCESS, Aim.API, 1, 8),
    /// `SIGSTOP` for longer than the lease, then `SIGCONT`.
    WORKER_FROZEN(FaultGroup.PROCESS, Aim.WORKER, 7, 12),
    API_FROZEN(FaultGroup.PROCESS, Aim.API, 3, 8),
    /// `SIGTERM`; it drains, and is started again at the end.
    WORKER_DRAINED(FaultGroup.PROCESS, Aim.WORKER, 2, 8),
    API_STOPPED(FaultGroup.PROCESS, Aim.API, 1, 6),
    /// Each service in turn is told to stop and started again.
    ROLLING_RESTART(FaultGroup.PROCESS, Aim.ALL_SERVICES, 10, 20),
    ALL_WORKERS_KILLED(FaultGroup.PROCESS, Aim.ALL_WORKERS, 1, 5),

    BROKER_KILLED(FaultGroup.KAFKA, Aim.BROKER, 3, 10),
    BROKER_FROZEN(FaultGroup.KAFKA, Aim.BROKER, 3, 10),
    /// All three: the road is gone.
    BROKERS_KILLED(FaultGroup.KAFKA, Aim.KAFKA, 3, 8),
    /// Every lane is emptied, several times.
    TICKETS_DELETED(FaultGroup.KAFKA, Aim.KAFKA, 2, 6),
    /// Tickets come twice, in another order, for jobs that are long over or never were; records that are
    /// no tickets.
    TICKETS_FORGED(FaultGroup.KAFKA, Aim.KAFKA, 2, 8),
    /// A stranger joins the workers' groups and leaves them, again and again.
    REBALANCE_STORM(FaultGroup.KAFKA, Aim.KAFKA, 5, 12),

    POSTGRES_RESTARTED(FaultGroup.POSTGRES, Aim.POSTGRES, 1, 3),
    POSTMASTER_KILLED(FaultGroup.POSTGRES, Aim.POSTGRES, 1, 5),
    /// Every session of the services is ended, in mid-transaction, again and again.
    SESSIONS_ENDED(FaultGroup.POSTGRES, Aim.POSTGRES, 1, 5),
    POSTGRES_FROZEN(FaultGroup.POSTGRES, Aim.POSTGRES, 3, 9),
    /// No session is left for anybody, and those of the services are ended.
    SESSIONS_TAKEN(FaultGroup.POSTGRES, Aim.POSTGRES, 3, 8),
    /// A transaction that holds back vacuum.
    LONG_TRANSACTION(FaultGroup.POSTGRES, Aim.POSTGRES, 8, 20),
    /// A transaction that holds the rows of some live jobs.
    ROWS_LOCKED(FaultGroup.POSTGRES, Aim.POSTGRES, 2, 8),
    /// What is committed is reported as failed: some answers of the database are lost, and the
    /// connection with them.
    COMMITS_UNREPORTED(FaultGroup.POSTGRES, Aim.POSTGRES, 3, 10),

    PROVIDER_REFUSES(FaultGroup.PROVIDER, Aim.PROVIDER, 2, 6),
    PROVIDER_RESETS(FaultGroup.PROVIDER, Aim.PROVIDER, 2, 8),
    PROVIDER_FROZEN(FaultGroup.PROVIDER, Aim.PROVIDER, 3, 8),
    PROVIDER_SLOW(FaultGroup.PROVIDER, Aim.PROVIDER, 4, 10),
    STORM_OF_429(FaultGroup.PROVIDER, Aim.SCRIPT, 3, 10),
    STORM_OF_429_WITHOUT_ADVICE(FaultGroup.PROVIDER, Aim.SCRIPT, 3, 10),
    STORM_OF_500(FaultGroup.PROVIDER, Aim.SCRIPT, 4, 12),
    STORM_OF_SILENCE(FaultGroup.PROVIDER, Aim.SCRIPT, 3, 8),
    STORM_OF_NONSENSE(FaultGroup.PROVIDER, Aim.SCRIPT, 4, 10),
    STORM_OF_BROKEN_ANSWERS(FaultGroup.PROVIDER, Aim.SCRIPT, 4, 10),
    STORM_OF_HUGE_ANSWERS(FaultGroup.PROVIDER, Aim.SCRIPT, 3, 6),

    /// One key, many callers, again and again.
    CLIENTS_RACE(FaultGroup.CLIENT, Aim.CLIENTS, 2, 6),
    /// Callers who hang up at any byte.
    CLIENTS_HANG_UP(FaultGroup.CLIENT, Aim.CLIENTS, 2, 6),
    /// Everything that is under way is cancelled.
    CLIENTS_CANCEL(FaultGroup.CLIENT, Aim.CLIENTS, 1, 4),
    /// One tenant sends a great many jobs at once.
    CLIENTS_RUSH(FaultGroup.CLIENT, Aim.CLIENTS, 1, 4),
    /// Bodies that are too large, too deep, not JSON, not UTF-8.
    CLIENTS_RAVE(FaultGroup.CLIENT, Aim.CLIENTS, 2, 6),

    /// Nothing passes between one service and PostgreSQL, and nobody is told.
    POSTGRES_UNREACHABLE(FaultGroup.NETWORK, Aim.WIRE_TO_POSTGRES, 3, 9),
    /// What the service says arrives, and the answers do not.
    POSTGRES_UNHEARD(FaultGroup.NETWORK, Aim.WIRE_TO_POSTGRES, 3, 9),
    POSTGRES_FAR_AWAY(FaultGroup.NETWORK, Aim.WIRE_TO_POSTGRES, 4, 12),
    POSTGRES_RESETS(FaultGroup.NETWORK, Aim.WIRE_TO_POSTGRES, 1, 5),
    POSTGRES_REFUSES(FaultGroup.NETWORK, Aim.WIRE_TO_POSTGRES, 2, 7),
    KAFKA_UNREACHABLE(FaultGroup.NETWORK, Aim.WIRE_TO_KAFKA, 3, 10),
    KAFKA_UNHEARD(FaultGroup.NETWORK, Aim.WIRE_TO_KAFKA, 3, 10),
    KAFKA_FAR_AWAY(FaultGroup.NETWORK, Aim.WIRE_TO_KAFKA, 4, 12),
    KAFKA_RESETS(FaultGroup.NETWORK, Aim.WIRE_TO_KAFKA, 1, 5),
    /// One worker cannot reach the provider.
    PROVIDER_UNREACHABLE(FaultGroup.NETWORK, Aim.WIRE_TO_PROVIDER, 3, 9),

    /// It hears everything and never answers; calls to it are given up after 20 s.
    RECEIVER_SILENT(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 12),
    /// It sends the head of an answer and nothing more.
    RECEIVER_HANGS_AFTER_HEAD(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 10),
    RECEIVER_SLOW(FaultGroup.RECEIVER, Aim.RECEIVER, 4, 10),
    RECEIVER_ANSWERS_500(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 12),
    RECEIVER_ANSWERS_429(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 10),
    RECEIVER_ANSWERS_503(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 10),
    /// Each of the redirects in turn, to a receiver that nobody was told of.
    RECEIVER_REDIRECTS(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 10),
    /// A good answer whose body never ends.
    RECEIVER_ENDLESS(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 8),
    /// It hears everything and breaks the connection.
    RECEIVER_RESETS(FaultGroup.RECEIVER, Aim.RECEIVER, 3, 10),
    /// Its name stands now for it, now for a server that webhooks may not call.
    RECEIVER_REBINDS(FaultGroup.RECEIVER, Aim.MOVING_RECEIVER, 3, 12),
    /// Its name stands for nothing.
    RECEIVER_HAS_NO_NAME(FaultGroup.RECEIVER, Aim.MOVING_RECEIVER, 3, 10),
    /// 410, from now on and for ever.
    RECEIVER_GONE(FaultGroup.RECEIVER, Aim.PARTING_RECEIVER, 2, 5);

    private static final int APIS = 2;
    private static final int WORKERS = 3;
    private static final int BROKERS = 3;

    private final FaultGroup group;
    private final Aim aim;
    private final int leastSeconds;
    private final int mostSeconds;

    FaultKind(FaultGroup group, Aim aim, int leastSeconds, int mostSeconds) {
        this.group = group;
        this.aim = aim;
        this.leastSeconds = leastSeconds;
        this.mostSeconds = mostSeconds;
    }

    FaultGroup group() {
        return group;
    }

    int leastSeconds() {
        return leastSeconds;
    }

    int mostSeconds() {
        return mostSeconds;
    }

    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// What it may strike, by name.
    List<String> targets() {
        return switch (aim) {
            case WORKER -> numbered("worker-", WORKERS);
            case API -> numbered("api-", APIS);
            case BROKER -> numbered("broker-", BROKERS);
            case WIRE_TO_POSTGRES, WIRE_TO_KAFKA -> {
                List<String> all = numbered("api-", APIS);
                all.addAll(numbered("worker-", WORKERS));
                yield all;
            }
            case WIRE_TO_PROVIDER -> numbered("worker-", WORKERS);
            case ALL_SERVICES -> List.of("all services");
            case ALL_WORKERS -> List.of("all workers");
            case KAFKA -> List.of("kafka");
            case POSTGRES -> List.of("postgres");
            case PROVIDER, SCRIPT -> List.of("provider");
            case CLIENTS -> List.of("clients");
            case RECEIVER -> Receivers.FICKLE;
            case MOVING_RECEIVER -> List.of(Receivers.MOVING);
            case PARTING_RECEIVER -> List.of(Receivers.PARTING);
        };
    }

    /// What nothing else may touch while it strikes this target.
    Set<String> needs(String target) {
        Set<String> needs = new TreeSet<>();
        switch (aim) {
            case WORKER, API, RECEIVER, MOVING_RECEIVER, PARTING_RECEIVER -> needs.add(target);
            case ALL_WORKERS -> needs.addAll(numbered("worker-", WORKERS));
            case ALL_SERVICES -> {
                needs.addAll(numbered("api-", APIS));
                needs.addAll(numbered("worker-", WORKERS));
            }
            case BROKER, KAFKA -> needs.add("kafka");
            case POSTGRES -> {
                needs.add("postgres");
                needs.add("wires to postgres");
            }
            case WIRE_TO_POSTGRES -> needs.add("wires to postgres");
            case WIRE_TO_KAFKA -> needs.add("wires to kafka");
            case PROVIDER, WIRE_TO_PROVIDER -> needs.add("wires to provider");
            case SCRIPT -> needs.add("script");
            case CLIENTS -> needs.add("clients");
        }
        return needs;
    }

    private static List<String> numbered(String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(prefix + i);
        }
        return names;
    }

    private enum Aim {
        WORKER,
        API,
        ALL_SERVICES,
        ALL_WORKERS,
        BROKER,
        KAFKA,
        POSTGRES,
        PROVIDER,
        SCRIPT,
        CLIENTS,
        WIRE_TO_POSTGRES,
        WIRE_TO_KAFKA,
        WIRE_TO_PROVIDER,
        RECEIVER,
        MOVING_RECEIVER,
        PARTING_RECEIVER
    }
}
