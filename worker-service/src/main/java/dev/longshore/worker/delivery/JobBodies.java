package dev.longshore.worker.delivery;

import dev.longshore.job.JobId;
import dev.longshore.view.JobJson;
import dev.longshore.view.JobTale;
import dev.longshore.view.JobTales;
import dev.longshore.view.JobView;
import dev.longshore.view.Owned;
import dev.longshore.worker.delivery.Notice.Moved;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/// Bodies that carry the job as its owner would have seen it when the event happened.
public final class JobBodies implements Bodies {
    /// A larger job goes without its result: receivers and what lies before them have limits of their own.
    static final int LARGEST_JOB = 256 * 1024;

    /// Results may be long; so many of them are held at once.
    private static final int AT_ONCE = 16;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JobTales tales;

    public JobBodies(JobTales tales) {
        this.tales = tales;
    }

    @Override
    public Map<UUID, String> compose(List<Notice> notices) throws SQLException {
        Map<UUID, String> bodies = HashMap.newHashMap(notices.size());
        for (int start = 0; start < notices.size(); start += AT_ONCE) {
            List<Notice> some = notices.subList(start, Math.min(start + AT_ONCE, notices.size()));
            Map<JobId, JobTale> told =
                    tales.read(some.stream().flatMap(JobBodies::job).distinct().toList());
            for (Notice notice : some) {
                job(notice)
                        .map(job -> told.get(job.job()))
                        .filter(Objects::nonNull)
                        .forEach(tale -> bodies.put(notice.id(), envelope(notice, spelled(at(tale, notice)))));
            }
        }
        return bodies;
    }

    private static Stream<Owned> job(Notice notice) {
        return Stream.ofNullable(notice.jobId()).map(job -> new Owned(new JobId(job), notice.tenantId()));
    }

    /// As it is now, should the step have left no trace.
    private static JobView at(JobTale tale, Notice notice) {
        Moved moved = notice.moved();
        return tale.steps().stream()
                .filter(step -> step.number() == notice.seq())
                .findFirst()
                .map(step -> moved == null ? tale.at(step) : tale.at(step, moved.share(), moved.message()))
                .orElseGet(() -> tale.now().view());
    }

    private static String spelled(JobView job) {
        String whole = JobJson.whole(job);
        if (whole.length() <= LARGEST_JOB && whole.getBytes(StandardCharsets.UTF_8).length <= LARGEST_JOB) {
            return whole;
        }
        String rest = JobJson.withoutResult(job);
        return rest.substring(0, rest.length() - 1) + ",\"result_omitted\":true}";
    }

    private static String envelope(Notice notice, String job) {
        return "{\"id\":\"" + notice.webhookId() + "\",\"type\":\"" + notice.type() + "\",\"timestamp\":\""
                + TIME.format(notice.happenedAt()) + "\",\"data\":" + job + "}";
    }
}
