package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.rig.Client;
import dev.longshore.rig.Cluster;
import dev.longshore.rig.Layout;
import dev.longshore.rig.Service;
import dev.longshore.rig.proof.Bounds;
import dev.longshore.rig.proof.Check;
import dev.longshore.rig.proof.Event;
import dev.longshore.rig.proof.Evidence;
import dev.longshore.rig.proof.Followed;
import dev.longshore.rig.proof.Ledger;
import dev.longshore.rig.proof.Mail;
import dev.longshore.rig.proof.Outage;
import dev.longshore.rig.proof.Rest;
import dev.longshore.rig.proof.Told;
import dev.longshore.rig.proof.Violation;
import dev.longshore.rig.receiver.Receivers;
import dev.longshore.simulator.Call;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One run from the start of a system to the verdict on it.
final class ChaosRun {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(30);

    /// How long a worker's claim of a notice outlives it.
    private static final Duration CLAIM_OF_A_NOTICE = Duration.ofSeconds(60);

    /// How long all readers together take to read on when all is over.
    private static final Duration LONGEST_READING = Duration.ofSeconds(60);

    private static final double LEAST_SHARE = 0.2;
    private static final int VIOLATIONS_SHOWN = 40;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Options options;
    private final Path folder;
    private final InstantSource clock;
    private final PrintStream out;

    /// @param folder where the run leaves what may be looked at later
    /// @param out told what happens
    ChaosRun(Options options, Path folder, InstantSource clock, PrintStream out) {
        this.options = options;
        this.folder = folder;
        this.clock = clock;
        this.out = out;
    }

    /// What came of a run.
    ///
    /// @param jobs how many the client was promised
    /// @param completedDuringFaults how many were completed while something was broken
    record Result(int jobs, int faults, int completedDuringFaults, List<Violation> violations) {
        String lastLine() {
            return "chaos: " + jobs + " jobs, " + faults + " faults, " + violations.size() + " violations";
        }
    }

    /// Runs it and says what it finds. The last line that it says is [Result#lastLine].
    Result run() throws IOException, InterruptedException, SQLException {
        Schedule schedule = Schedule.draw(options.seed(), options.length(), options.faults());
        say("seed %d, %.1f minutes, %d jobs a second, %d faults planned"
                .formatted(
                        options.seed(),
                        options.length().toMillis() / 60_000.0,
                        options.rate(),
                        schedule.faults().size()));
        schedule.faults().forEach(fault -> say("  #" + fault.number() + " " + fault));
        Files.createDirectories(folder);
        long starting = System.nanoTime();
        try (Cluster cluster = Cluster.start(Layout.SEVERAL_OF_EACH, folder.resolve("logs"));
                History history = new History(folder.resolve("history.jsonl"))) {
            say("the system is up after %.0f s".formatted((System.nanoTime() - starting) / 1e9));
            List<String> keys = keys(cluster);
            try (Caller caller = new Caller(apis(cluster), keys, history, clock);
                    Receivers receivers = new Receivers(clock, cluster.names());
                    EventTap tap = new EventTap(cluster.bootstrapServers())) {
                List<Client> clients = keys.stream().map(cluster::client).toList();
                Subscriptions subscriptions = Subscriptions.make(receivers, clients, cluster.api(1));
                return judged(inflict(cluster, schedule, history, caller, receivers, subscriptions, tap), history);
            }
        }
    }

    private Evidence inflict(
            Cluster cluster,
            Schedule schedule,
            History history,
            Caller caller,
            Receivers receivers,
            Subscriptions subscriptions,
            EventTap tap)
            throws InterruptedException, SQLException {
        cluster.simulator().script(Scripts.CALM);
        Workload workload = new Workload(options.seed(), caller, subscriptions);
        Bookkeeper books = new Bookkeeper(cluster.database());
        NoticeBook notices = new NoticeBook(cluster.database());
        Fleet fleet = new Fleet(cluster, clock);
        Hands hands = new Hands();
        Faults faults = new Faults(cluster, fleet, workload, books, receivers, options.seed());
        Nemesis nemesis = new Nemesis(faults, hands, clock, this::say);
        try (Patrol patrol = new Patrol(books, fleet, hands, this::say);
                Standstill standstill = new Standstill(cluster, books, notices, workload, this::say)) {
            long end = System.nanoTime() + options.length().toNanos();
            nemesis.follow(schedule);
            workload.order(options.rate(), end);
            nemesis.await();
            say("no more orders and no more faults: %d jobs promised, %d orders open"
                    .formatted(history.promised(), workload.open()));
            String stuck = standstill.drained();
            new Redelivery(notices, caller, clock, this::say).untilAllHasArrived();
            Rest rest = standstill.rest(stuck);
            standstill.sendHome();
            List<Followed> followed = workload.readOn(System.nanoTime() + LONGEST_READING.toNanos());
            List<String> slips = new ArrayList<>(nemesis.slips());
            if (patrol.rounds() == 0) {
                slips.add("the database was never looked at during the run");
            }
            List<Event> events = tap.everything();
            slips.addAll(tap.slips());
            List<Violation> seen = new ArrayList<>(patrol.seen());
            seen.addAll(books.contradictions());
            return new Evidence(
                    history.told(),
                    books.read(),
                    cluster.simulator().calls(),
                    new Mail(
                            receivers.roles(),
                            subscriptions.keys(),
                            notices.now(subscriptions.endpoints()),
                            subscriptions.wishes(),
                            notices.all(),
                            receivers.heard()),
                    events,
                    followed,
                    nemesis.outages(),
                    fleet.stays(),
                    rest,
                    new Bounds(
                            cluster.layout().slots(),
                            cluster.layout().workers(),
                            LONGEST_WAIT,
                            LEAST_SHARE,
                            LONGEST_DELIVERY,
                            CLAIM_OF_A_NOTICE),
                    seen,
                    slips);
        }
    }

    private Result judged(Evidence evidence, History history) throws IOException {
        List<Violation> all = new ArrayList<>();
        say("");
        for (Check check : Check.all()) {
            List<Violation> found = check.find(evidence);
            all.addAll(found);
            say("%-8s %-58s %-10s %s"
                    .formatted(
                            check.name(),
                            check.promise(),
                            found.isEmpty() ? "held" : found.size() + " broken",
                            check.extent(evidence)));
        }
        summary(evidence);
        if (!all.isEmpty()) {
            say("");
            all.stream().limit(VIOLATIONS_SHOWN).forEach(violation -> say(violation.check() + ": " + violation.what()));
            if (all.size() > VIOLATIONS_SHOWN) {
                say("and " + (all.size() - VIOLATIONS_SHOWN) + " more");
            }
            keep(evidence, history, all);
            say("kept in " + folder);
        }
        Result result = new Result(
                history.promised(), evidence.outages().size(), completedDuringFaults(evidence), List.copyOf(all));
        say(result.lastLine());
        return result;
    }

    private void summary(Evidence evidence) {
        Map<String, Long> ends = new TreeMap<>();
        evidence.ledger().outcomes().forEach(end -> ends.merge(end.status(), 1L, Long::sum));
        Map<String, Long> attempts = new TreeMap<>();
        evidence.ledger().attempts().forEach(attempt -> attempts.merge(attempt.outcome(), 1L, Long::sum));
        long replays = evidence.ledger().replays().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        say("");
        say("jobs %s, %d replays; attempts %s".formatted(ends, replays, attempts));
    }

    private static int completedDuringFaults(Evidence evidence) {
        return (int) evidence.ledger().outcomes().stream()
                .filter(end -> end.status().equals("complete"))
                .filter(end -> {
                    long at = end.finishedAt().toEpochMilli();
                    return evidence.outages().stream().anyMatch(outage -> isDuring(outage, at));
                })
                .count();
    }

    private static boolean isDuring(Outage outage, long at) {
        return outage.from() <= at && at <= outage.to();
    }

    /// Everything about the jobs of the violations, as the client, the database and the provider have it.
    private void keep(Evidence evidence, History history, List<Violation> all) throws IOException {
        Set<String> jobs = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        for (Violation violation : all) {
            jobs.addAll(violation.jobs());
            lines.add(violation.check() + ": " + violation.what());
        }
        Ledger ledger = evidence.ledger().of(jobs);
        Map<String, List<Told>> told = new TreeMap<>();
        history.of(jobs)
                .forEach(one -> told.computeIfAbsent(String.valueOf(one.job()), _ -> new ArrayList<>())
                        .add(one));
        Map<String, List<Event>> events = evidence.events().stream().collect(Collectors.groupingBy(Event::job));
        for (String job : jobs) {
            lines.add("");
            lines.add("--- " + job);
            Ledger its = ledger.of(Set.of(job));
            its.jobs().forEach(row -> lines.add(row.toString()));
            its.keys().forEach(row -> lines.add(row.toString()));
            its.attempts().forEach(row -> lines.add(row.toString()));
            its.notes().forEach(row -> lines.add(row.toString()));
            its.runs().forEach(row -> lines.add(row.toString()));
            its.outcomes().forEach(row -> lines.add(row.toString()));
            evidence.calls().stream()
                    .filter(call -> job.equals(call.jobId()))
                    .map(Call::toString)
                    .forEach(lines::add);
            told.getOrDefault(job, List.of()).forEach(one -> lines.add(one.toString()));
            its.steps().forEach(row -> lines.add(row.toString()));
            events.getOrDefault(job, List.of()).forEach(event -> lines.add(event.toString()));
            Mail mail = evidence.mail().of(Set.of(job));
            mail.notices().forEach(notice -> lines.add(notice.toString()));
            mail.heard().forEach(heard -> lines.add(heard.toString()));
            evidence.followed().stream()
                    .filter(one -> one.job().equals(job))
                    .forEach(one -> lines.add("told live: " + one.told()));
        }
        lines.add("");
        evidence.outages().forEach(outage -> lines.add(outage.toString()));
        evidence.stays().forEach(stay -> lines.add(stay.toString()));
        lines.add(evidence.rest().toString());
        Files.write(folder.resolve("violations.txt"), lines);
    }

    private static List<Service> apis(Cluster cluster) {
        return cluster.standing().stream()
                .filter(service -> service.process().name().startsWith("api-"))
                .toList();
    }

    /// Makes the tenants.
    ///
    /// @return a key of each
    private static List<String> keys(Cluster cluster) throws IOException {
        List<String> keys = new ArrayList<>();
        for (int tenant = 0; tenant < Order.TENANTS; tenant++) {
            String name = Bookkeeper.tenantName(tenant);
            JsonNode made = created(
                    cluster, "/v1/admin/tenants", JSON.createObjectNode().put("name", name));
            keys.add(created(
                            cluster,
                            "/v1/admin/tenants/" + made.path("id").asText() + "/api-keys",
                            JSON.createObjectNode().put("name", "chaos"))
                    .path("key")
                    .asText());
        }
        return keys;
    }

    private static JsonNode created(Cluster cluster, String path, JsonNode body) throws IOException {
        Client.Answer answer = cluster.client().post(cluster.api(1), path, body.toString());
        if (answer.status() != 201) {
            throw new IOException(path + " was answered " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    private synchronized void say(String line) {
        out.println(line);
    }
}
