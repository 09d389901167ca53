package dev.longshore.rig.proof;

import dev.longshore.webhook.VerifyingKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What receivers were promised, what they were owed, and what they heard.
///
/// @param roles of the receivers, by their origin: `http://127.0.0.1:8123`
/// @param keys what each tenant was given to verify calls with that go to URLs of single jobs
/// @param wishes the webhooks that came with orders, by the number of the order
/// @param heard in the order in which they came
public record Mail(
        Map<String, Role> roles,
        Map<Integer, List<VerifyingKey>> keys,
        List<Endpoint> endpoints,
        Map<Integer, Wish> wishes,
        List<Notice> notices,
        List<Heard> heard) {
    /// Nobody wants to hear anything.
    static final Mail NONE = new Mail(Map.of(), Map.of(), List.of(), Map.of(), List.of(), List.of());

    /// What is at an address.
    ///
    /// @throws IllegalArgumentException when it is none of the run's
    Role role(String address) {
        Role role = roles.get(origin(address));
        if (role == null) {
            throw new IllegalArgumentException("nobody was told of " + address);
        }
        return role;
    }

    Map<String, Endpoint> endpointsById() {
        return endpoints.stream().collect(Collectors.toMap(Endpoint::id, endpoint -> endpoint));
    }

    Map<String, Notice> noticesById() {
        return notices.stream().collect(Collectors.toMap(Notice::id, notice -> notice));
    }

    /// Of these jobs alone, to look at.
    public Mail of(Set<String> jobs) {
        List<Notice> theirs =
                notices.stream().filter(notice -> jobs.contains(notice.job())).toList();
        Set<String> ids = theirs.stream().map(Notice::id).collect(Collectors.toSet());
        return new Mail(
                roles,
                keys,
                endpoints,
                wishes,
                theirs,
                heard.stream().filter(one -> ids.contains(one.id())).toList());
    }

    private static String origin(String address) {
        int path = address.indexOf('/', "http://".length());
        return path < 0 ? address : address.substring(0, path);
    }
}
