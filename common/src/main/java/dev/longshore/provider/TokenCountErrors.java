package dev.longshore.provider;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/// How far our own counts of input tokens are from the providers', by model. An error is a share of the provider's
/// count: 0.1 where we counted 110 tokens and the provider 100, -0.1 where we counted 90.
public final class TokenCountErrors {
    /// The largest error in each bucket, whatever its sign. The last one holds everything beyond it too.
    private static final double[] BOUNDS = {
        0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10
    };

    /// One absurd count of a provider's must not decide the mean of thousands.
    private static final double LARGEST = BOUNDS[BOUNDS.length - 1];

    private static final double SHARE = 0.95;

    // In the order of the key, so that workers who add at the same time do not deadlock.
    private static final String ADD = """
            INSERT INTO token_count_error AS t (model, bucket, samples, error_sum)
            SELECT model, bucket, count(*), sum(error)
              FROM unnest(?::text[], ?::smallint[], ?::float8[]) AS sample (model, bucket, error)
             GROUP BY model, bucket
             ORDER BY model, bucket
            ON CONFLICT (model, bucket) DO UPDATE
               SET samples = t.samples + excluded.samples,
                   error_sum = t.error_sum + excluded.error_sum
            """;

    private static final String READ = """
            SELECT model, bucket, samples, error_sum
              FROM token_count_error
             ORDER BY model, bucket
            """;

    private final DataSource database;

    public TokenCountErrors(DataSource database) {
        this.database = database;
    }

    /// One call whose input both sides have counted.
    ///
    /// @param model the name that callers use
    /// @param counted what we counted
    /// @param reported what the provider reported; what is not above 0 tells nothing and is left out
    public record Sample(String model, int counted, int reported) {}

    /// What is known of a model's errors.
    ///
    /// @param mean with signs: whether we rather count too many or too few
    /// @param p95 what 95 of 100 errors are not larger than, whatever their signs; rounded up to a bound
    public record Summary(long samples, double mean, double p95) {}

    /// Adds calls up. Call it with many at once, and not for each.
    public void add(List<Sample> samples) throws SQLException {
        List<Sample> telling =
                samples.stream().filter(sample -> sample.reported() > 0).toList();
        if (telling.isEmpty()) {
            return;
        }
        double[] errors = telling.stream().mapToDouble(TokenCountErrors::error).toArray();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", telling.stream().map(Sample::model).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int2",
                            Arrays.stream(errors)
                                    .mapToObj(TokenCountErrors::bucket)
                                    .toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "float8", Arrays.stream(errors).boxed().toArray()));
            statement.executeUpdate();
        }
    }

    /// What is known of each model that has been counted.
    public Map<String, Summary> read() throws SQLException {
        Map<String, long[]> samples = new TreeMap<>();
        Map<String, Double> sums = new TreeMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String model = row.getString("model");
                int bucket = Math.min(row.getInt("bucket"), BOUNDS.length - 1);
                samples.computeIfAbsent(model, _ -> new long[BOUNDS.length])[bucket] += row.getLong("samples");
                sums.merge(model, row.getDouble("error_sum"), Double::sum);
            }
        }
        Map<String, Summary> summaries = new TreeMap<>();
        samples.forEach((model, counts) -> {
            long all = Arrays.stream(counts).sum();
            summaries.put(model, new Summary(all, sums.getOrDefault(model, 0.0) / all, p95(counts, all)));
        });
        return summaries;
    }

    private static double error(Sample sample) {
        double error = (sample.counted() - (double) sample.reported()) / sample.reported();
        return Math.min(LARGEST, error);
    }

    private static int bucket(double error) {
        int bucket = 0;
        while (bucket < BOUNDS.length - 1 && Math.abs(error) > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    private static double p95(long[] counts, long all) {
        long rank = (long) Math.ceil(all * SHARE);
        long seen = 0;
        int bucket = 0;
        while (bucket < counts.length - 1 && seen + counts[bucket] < rank) {
            seen += counts[bucket];
            bucket++;
        }
        return BOUNDS[bucket];
    }
}
