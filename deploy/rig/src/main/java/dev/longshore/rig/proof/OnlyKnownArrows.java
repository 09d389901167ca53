package dev.longshore.rig.proof;

import dev.longshore.job.JobStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I3: at most one end, and no arrow that the contract's table does not draw.
///
/// What the client saw is a path with gaps: between two looks, of which the second was begun after the
/// first was answered, a job may have gone several arrows, so the later status must be reachable from
/// the earlier. Leaving `failed` takes a replay that was asked for by then. What the database wrote down
/// has no gaps: every claim has one exit, and the notes of a job must be a walk through the table.
final class OnlyKnownArrows implements Check {
    private static final Map<JobStatus, Set<JobStatus>> ARROWS = new EnumMap<>(Map.of(
            JobStatus.WAITING, EnumSet.of(JobStatus.QUEUED, JobStatus.CANCELLED, JobStatus.FAILED),
            JobStatus.QUEUED, EnumSet.of(JobStatus.PROCESSING, JobStatus.CANCELLED, JobStatus.FAILED),
            JobStatus.PROCESSING,
                    EnumSet.of(
                            JobStatus.WAITING,
                            JobStatus.QUEUED,
                            JobStatus.COMPLETE,
                            JobStatus.FAILED,
                            JobStatus.CANCELLED),
            JobStatus.COMPLETE, EnumSet.noneOf(JobStatus.class),
            JobStatus.FAILED, EnumSet.of(JobStatus.QUEUED),
            JobStatus.CANCELLED, EnumSet.noneOf(JobStatus.class)));

    @Override
    public String name() {
        return "I3";
    }

    @Override
    public String promise() {
        return "one end, no arrow outside the table";
    }

    @Override
    public String extent(Evidence evidence) {
        return evidence.told().stream().filter(told -> told.status() != null).count() + " looks, "
                + evidence.ledger().notes().size() + " notes";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<Told>> looks = new HashMap<>();
        Map<String, Long> firstReplay = new HashMap<>();
        for (Told told : evidence.told()) {
            String job = told.job();
            if (job == null) {
                continue;
            }
            if (told.status() != null) {
                looks.computeIfAbsent(job, _ -> new ArrayList<>()).add(told);
            }
            if (told.deed() == Deed.REPLAY) {
                firstReplay.merge(job, told.asked(), Math::min);
            }
        }
        looks.forEach((job, path) -> judgePath(job, path, firstReplay.getOrDefault(job, Long.MAX_VALUE), found));
        judgeNotes(evidence.ledger(), found);
        for (Ledger.Run run : evidence.ledger().runs()) {
            if (evidence.ledger().ends().containsKey(run.job())) {
                found.add(Violation.of(this, "open and over at once: " + run, run.job()));
            }
        }
        return found;
    }

    private void judgePath(String job, List<Told> path, long firstReplay, List<Violation> found) {
        path.sort(Comparator.comparingLong(Told::answered));
        for (int later = 0; later < path.size(); later++) {
            JobStatus to =
                    JobStatus.of(String.valueOf(path.get(later).status())).orElse(null);
            if (to == null || to == JobStatus.AWAITING_REVIEW) {
                found.add(Violation.of(this, "a status that nothing leads to: " + path.get(later), job));
                return;
            }
            // The last look that was answered before this one was begun; those in between may have
            // happened in any order.
            for (int earlier = later - 1; earlier >= 0; earlier--) {
                Told before = path.get(earlier);
                if (before.answered() >= path.get(later).asked()) {
                    continue;
                }
                JobStatus from = JobStatus.of(String.valueOf(before.status())).orElse(JobStatus.QUEUED);
                boolean replayed = firstReplay <= path.get(later).answered();
                if (!reachable(from, to, replayed)) {
                    found.add(Violation.of(
                            this,
                            job + " went from " + from.word() + " to " + to.word() + ": " + path.get(later),
                            job));
                    return;
                }
                // Ends are what cannot be left again; they are held against all that follows.
                if (from.terminal()) {
                    break;
                }
            }
        }
    }

    /// Whether a job may go from the one to the other at once.
    static boolean isArrow(JobStatus from, JobStatus to) {
        return ARROWS.getOrDefault(from, Set.of()).contains(to);
    }

    private static boolean reachable(JobStatus from, JobStatus to, boolean replayed) {
        Set<JobStatus> reached = EnumSet.of(from);
        List<JobStatus> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            JobStatus next = open.removeLast();
            if (next == JobStatus.FAILED && !replayed) {
                continue;
            }
            for (JobStatus further : ARROWS.getOrDefault(next, Set.of())) {
                if (reached.add(further)) {
                    open.add(further);
                }
            }
        }
        return reached.contains(to);
    }

    private void judgeNotes(Ledger ledger, List<Violation> found) {
        Map<String, List<Ledger.Note>> notes = ledger.notesByJob();
        Map<String, Ledger.Outcome> ends = ledger.ends();
        for (Ledger.Job job : ledger.jobs()) {
            List<Ledger.Note> story = notes.getOrDefault(job.id(), List.of());
            Ledger.Outcome end = ends.get(job.id());
            // One whose time had come before it was committed was queued at once: its first note tells.
            boolean waits = job.scheduled()
                    && !story.isEmpty()
                    && story.getFirst().kind().equals("woken");
            boolean cancelled = false;
            int claims = 0;
            int lives = 1;
            for (Ledger.Note note : story) {
                boolean wrong = cancelled && !note.kind().equals("cancel_requested");
                switch (note.kind()) {
                    case "woken" -> {
                        wrong |= !waits;
                        waits = false;
                    }
                    case "waiting" -> {
                        wrong |= waits;
                        waits = true;
                        claims++;
                    }
                    case "rescued", "handed_back", "fell_back" -> {
                        wrong |= waits;
                        claims++;
                    }
                    case "replayed" -> {
                        waits = false;
                        lives++;
                    }
                    case "cancel_requested" -> cancelled = true;
                    default -> {
                        // What is said of a job that is over moves nothing.
                    }
                }
                if (wrong) {
                    found.add(Violation.of(
                            this,
                            job.id() + ": '" + note.kind() + "' at " + note.at() + " does not follow from "
                                    + story.stream().map(Ledger.Note::kind).toList(),
                            job.id()));
                    break;
                }
            }
            // Each replay takes an epoch of its own.
            int taken = end == null ? 0 : end.epoch() - (lives - 1);
            if (end != null && (taken < claims || taken > claims + lives)) {
                found.add(Violation.of(
                        this,
                        job.id() + " was claimed " + taken + " times and left again " + claims
                                + " times before its end, in " + lives + " lives",
                        job.id()));
            }
        }
    }
}
