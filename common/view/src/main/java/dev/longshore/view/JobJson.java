package dev.longshore.view;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/// Spells jobs as answers do, for whoever writes them elsewhere than into an answer.
public final class JobJson {
    private static final ObjectWriter WHOLE = mapper().writerFor(JobView.class);
    private static final ObjectWriter WITHOUT_RESULT =
            mapper().addMixIn(JobView.class, ResultLeftOut.class).writerFor(JobView.class);

    private JobJson() {}

    /// Takes the field `result` out of a job.
    @JsonIgnoreProperties("result")
    private interface ResultLeftOut {}

    private static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper();
        AnswerModule.into(mapper);
        return mapper;
    }

    /// The whole job.
    public static String whole(JobView job) {
        return write(WHOLE, job);
    }

    /// The job but for the field `result`.
    public static String withoutResult(JobView job) {
        return write(WITHOUT_RESULT, job);
    }

    private static String write(ObjectWriter writer, JobView job) {
        try {
            return writer.writeValueAsString(job);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a job cannot be written", e);
        }
    }
}
