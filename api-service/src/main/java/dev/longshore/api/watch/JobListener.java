package dev.longshore.api.watch;

import dev.longshore.job.JobId;
import dev.longshore.road.EventFeed;
import dev.longshore.road.EventTopic;
import dev.longshore.road.JobNews;
import dev.longshore.road.JobNews.Changed;
import dev.longshore.road.JobNews.Said;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Takes what is told on the event topic to those whom it concerns. Most of it concerns nobody here, and is not even
/// read: its key is enough.
public final class JobListener implements EventFeed.Listener {
    private final JobWatch watch;
    private final Speeches speeches;

    public JobListener(JobWatch watch, Speeches speeches) {
        this.watch = watch;
        this.speeches = speeches;
    }

    @Override
    public boolean isListening() {
        return watch.isWatching();
    }

    @Override
    public void hear(ConsumerRecord<byte[], byte[]> event) {
        Optional<JobId> job = EventTopic.job(event);
        if (job.isPresent() && (EventTopic.isSaid(event) || watch.isWatched(job.get()) || speeches.has(job.get()))) {
            EventTopic.read(event).ifPresent(this::pass);
        }
    }

    private void pass(JobNews news) {
        switch (news) {
            case Changed changed -> {
                speeches.over(changed.job(), changed.number());
                watch.changed(changed);
            }
            case Said said -> {
                // Kept first: a reader who begins to listen meanwhile finds it either there or here.
                speeches.add(said);
                watch.said(said);
            }
        }
    }
}
