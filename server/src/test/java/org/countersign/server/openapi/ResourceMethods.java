package org.countersign.server.openapi;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.countersign.server.console.ConsoleResource;
import org.countersign.server.wiring.ConsoleParts;

/** The resource methods of a WAR, as annotations tell them. */
final class ResourceMethods {

    private ResourceMethods() {}

    /** Every one of the product, by {@code METHOD address}. */
    static Map<String, Method> all() {
        var methods = new TreeMap<String, Method>();
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("org.countersign");
        var console = hasConsole(classes);
        for (var found : classes) {
            if (!found.isAnnotatedWith(Path.class) || isOfConsole(found) && !console) {
                continue;
            }
            var resource = found.reflect();
            for (var method : resource.getMethods()) {
                for (var annotation : method.getAnnotations()) {
                    var verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (verb != null) {
                        methods.put(verb.value() + " " + address(resource, method), method);
                    }
                }
            }
        }
        return methods;
    }

    /** Whether the product puts the common console's parts together. */
    private static boolean hasConsole(JavaClasses classes) {
        return classes.get(ConsoleParts.class).getDirectDependenciesToSelf().stream()
                .anyMatch(use -> !use.getOriginClass().isEquivalentTo(ConsoleParts.class));
    }

    private static boolean isOfConsole(JavaClass found) {
        return found.getPackageName().equals(ConsoleResource.class.getPackageName());
    }

    private static String address(Class<?> resource, Method method) {
        var own = method.getAnnotation(Path.class);
        var address = "/" + resource.getAnnotation(Path.class).value() + (own == null ? "" : "/" + own.value());
        return address.replaceAll("/{2,}", "/");
    }

    /** The parameter that the request's body becomes. */
    static Optional<Parameter> body(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> Stream.of(Context.class, PathParam.class, QueryParam.class, HeaderParam.class)
                        .noneMatch(parameter::isAnnotationPresent))
                .findFirst();
    }

    /** The method's own, else its class's. */
    static <A extends Annotation> A annotation(Method method, Class<A> type) {
        var own = method.getAnnotation(type);
        return own != null ? own : method.getDeclaringClass().getAnnotation(type);
    }
}
