package dev.longshore.api.errors;

import io.quarkus.arc.Arc;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which methods a path takes, for the `Allow` header that the framework leaves out.
@Singleton
final class AllowedMethods {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^/:}]+(?::([^}]+))?}");

    private volatile @Nullable List<Route> routes;

    String of(String path) {
        Set<String> methods = new TreeSet<>();
        List<Route> known = routes;
        if (known == null) {
            // Read when first asked for: most processes never are.
            known = read();
            routes = known;
        }
        for (Route route : known) {
            if (route.path().matcher(path).matches()) {
                methods.add(route.method());
            }
        }
        return String.join(", ", methods);
    }

    private static List<Route> read() {
        List<Route> routes = new ArrayList<>();
        for (Bean<?> bean : Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE)) {
            Path root = bean.getBeanClass().getAnnotation(Path.class);
            if (root != null) {
                for (Method method : bean.getBeanClass().getDeclaredMethods()) {
                    add(routes, root.value(), method);
                }
            }
        }
        return List.copyOf(routes);
    }

    private static void add(List<Route> routes, String root, Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                Path path = method.getAnnotation(Path.class);
                String template = path == null ? root : root + path.value();
                routes.add(new Route(verb.value(), pattern(template)));
            }
        }
    }

    /// A parameter is one segment, unless it says otherwise: `{id: .+}`.
    private static Pattern pattern(String template) {
        String segments = PARAMETER
                .matcher(template)
                .replaceAll(parameter -> Matcher.quoteReplacement(
                        parameter.group(1) == null
                                ? "[^/]+"
                                : parameter.group(1).strip()));
        return Pattern.compile(segments + "/?");
    }

    private record Route(String method, Pattern path) {}
}
