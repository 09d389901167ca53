package dev.longshore.cli.commands;

import dev.longshore.cli.job.Standing;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the program's end tells to scripts.
public enum ExitStatus {
    DONE(0, "done; where the end of a job was waited for, it is complete"),
    JOB_FAILED(1, "the job that was waited for has failed"),
    USAGE(2, "the command line is wrong"),
    REFUSED(3, "the server has refused (4xx)"),
    NOT_REACHED(4, "the server was not reached, or could not do it now (5xx)"),
    STILL_RUNNING(5, "the time to wait was over before the job was"),
    CANCELLED(6, "the job that was waited for was cancelled"),
    BROKEN(70, "a mistake of this program"),
    INTERRUPTED(130, "Ctrl-C; the job goes on"),
    OUTPUT_CLOSED(141, "nobody reads the output any more");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /// What a job's end means to whoever waited for it.
    static ExitStatus of(Standing standing) {
        return switch (standing) {
            case COMPLETE -> DONE;
            case FAILED -> JOB_FAILED;
            case CANCELLED -> CANCELLED;
            case OPEN -> STILL_RUNNING;
        };
    }

    /// All of them for the help, but those that no command ends with by itself.
    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        for (ExitStatus status : values()) {
            if (status != OUTPUT_CLOSED) {
                all.put(" " + status.code, status.meaning);
            }
        }
        return all;
    }
}
