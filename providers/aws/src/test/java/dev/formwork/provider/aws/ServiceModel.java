package dev.formwork.provider.aws;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/// What Amazon says a service's requests and answers look like: the model that its Python SDK is
/// made of (`service-2.json` of botocore). Says what in a message is not as the model has it.
final class ServiceModel {
    /// Where Debian's python3-botocore has the models.
    static final Path FOLDER = Path.of("/usr/lib/python3/dist-packages/botocore/data");

    private final JsonNode model;
    private final List<String> faults = new ArrayList<>();

    private ServiceModel(JsonNode model) {
        this.model = model;
    }

    static ServiceModel read(Path file) throws IOException {
        return new ServiceModel(new JsonMapper().readTree(Files.readAllBytes(file)));
    }

    /// What was found so far.
    List<String> faults() {
        return List.copyOf(faults);
    }

    /// A form of the EC2 protocol, without `Action` and `Version`.
    void checkForm(String action, Map<String, String> form) {
        Form root = new Form();
        form.forEach((name, value) -> root.put(List.of(name.split("\\.", -1)), value));
        checkForm(action, inputOf(action), root);
    }

    private String inputOf(String action) {
        return operation(action).path("input").path("shape").asString("");
    }

    private JsonNode operation(String action) {
        JsonNode operation = model.path("operations").path(action);
        if (operation.isMissingNode()) {
            faults.add("no operation " + action);
        }
        return operation;
    }

    private static final class Form {
        private final Map<String, Form> below = new TreeMap<>();
        private Optional<String> value = Optional.empty();

        void put(List<String> path, String text) {
            if (path.isEmpty()) {
                value = Optional.of(text);
            } else {
                below.computeIfAbsent(path.getFirst(), _ -> new Form())
                        .put(path.subList(1, path.size()), text);
            }
        }
    }

    private void checkForm(String where, String shapeName, Form form) {
        JsonNode shape = model.path("shapes").path(shapeName);
        switch (shape.path("type").asString("")) {
            case "structure" -> {
                Map<String, String> members = new TreeMap<>();
                Map<String, String> names = new TreeMap<>();
                shape.path("members")
                        .properties()
                        .forEach(member -> {
                            String name = requestName(member.getKey(), member.getValue());
                            members.put(name, member.getValue().path("shape").asString(""));
                            names.put(member.getKey(), name);
                        });
                form.below.forEach((name, part) -> {
                    if (members.containsKey(name)) {
                        checkForm(where + "." + name, members.getOrDefault(name, ""), part);
                    } else {
                        faults.add(where + ": no member " + name);
                    }
                });
                shape.path("required")
                        .forEach(each -> {
                            if (!form.below.containsKey(names.getOrDefault(each.asString(), ""))) {
                                faults.add(where + ": lacks " + each.asString());
                            }
                        });
            }
            case "list" -> {
                String member = shape.path("member").path("shape").asString("");
                form.below.forEach((index, part) -> checkForm(where + "." + index, member, part));
                for (int i = 1; i <= form.below.size(); i++) {
                    if (!form.below.containsKey(String.valueOf(i))) {
                        faults.add(where + ": not numbered from 1 on");
                    }
                }
            }
            default -> checkScalar(where, shape, form.value.orElse("nothing at all"));
        }
    }

    /// As "the ec2 protocol" of the SDKs derives it.
    private static String requestName(String key, JsonNode member) {
        if (member.has("queryName")) {
            return member.path("queryName").asString("");
        }
        String name = member.path("locationName").asString(key);
        return name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
    }

    private void checkScalar(String where, JsonNode shape, String value) {
        boolean fits =
                switch (shape.path("type").asString("")) {
                    case "string", "blob" -> true;
                    case "integer", "long" -> value.matches("-?\\d{1,18}");
                    case "boolean" -> value.matches("true|false");
                    case "double", "float" -> value.matches("-?\\d+(\\.\\d+)?");
                    case "timestamp" ->
                            value.matches("\\d{4}-\\d\\d-\\d\\dT.*Z|\\d+(\\.\\d+)?(E\\d)?");
                    default -> false;
                };
        if (!fits) {
            faults.add("%s: %s is no %s".formatted(where, value, shape.path("type")));
        }
        Set<String> allowed = new HashSet<>();
        shape.path("enum").forEach(each -> allowed.add(each.asString()));
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            faults.add("%s: %s is none of %s".formatted(where, value, allowed));
        }
    }

    /// A document of the EC2 protocol.
    void checkDocument(String action, String xml)
            throws IOException, SAXException, ParserConfigurationException {
        Element root =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(xml)))
                        .getDocumentElement();
        if (!root.getTagName().equals(action + "Response")) {
            faults.add(action + ": answered by " + root.getTagName());
        }
        String shape = operation(action).path("output").path("shape").asString("");
        for (Element child : children(root)) {
            boolean numbers = child.getTagName().equals("requestId");
            boolean says = shape.isEmpty() && child.getTagName().equals("return");
            if (!numbers && !says) {
                checkMember(action, model.path("shapes").path(shape), child);
            }
        }
    }

    private void checkMember(String where, JsonNode structure, Element element) {
        String name = element.getTagName();
        String shape =
                structure.path("members").properties().stream()
                        .filter(member ->
                                member.getValue()
                                        .path("locationName")
                                        .asString(member.getKey())
                                        .equals(name))
                        .map(member -> member.getValue().path("shape").asString(""))
                        .findFirst()
                        .orElse("");
        if (shape.isEmpty()) {
            faults.add(where + ": answers with unknown " + name);
        } else {
            checkElement(where + "." + name, shape, element);
        }
    }

    private void checkElement(String where, String shapeName, Element element) {
        JsonNode shape = model.path("shapes").path(shapeName);
        switch (shape.path("type").asString("")) {
            case "structure" ->
                    children(element).forEach(child -> checkMember(where, shape, child));
            case "list" -> {
                String item = shape.path("member").path("locationName").asString("member");
                for (Element child : children(element)) {
                    if (!child.getTagName().equals(item)) {
                        faults.add(where + ": has no " + child.getTagName());
                    }
                    checkElement(
                            where + "[]", shape.path("member").path("shape").asString(""), child);
                }
            }
            default -> checkScalar(where, shape, element.getTextContent());
        }
    }

    private static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        for (Node each = element.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }

    /// A request of the JSON protocol, and its answer.
    void checkJson(String action, String asked, String answered) {
        JsonMapper json = new JsonMapper();
        checkJson(action, inputOf(action), json.readTree(asked));
        checkJson(
                action,
                operation(action).path("output").path("shape").asString(""),
                json.readTree(answered));
    }

    private void checkJson(String where, String shapeName, JsonNode value) {
        JsonNode shape = model.path("shapes").path(shapeName);
        if (!shape.path("type").asString("").equals("structure")) {
            checkScalar(where, shape, value.asString(""));
            return;
        }
        value.properties()
                .forEach(each -> {
                    JsonNode member = shape.path("members").path(each.getKey());
                    if (member.isMissingNode()) {
                        faults.add(where + ": no member " + each.getKey());
                    } else {
                        checkJson(
                                where + "." + each.getKey(),
                                member.path("shape").asString(""),
                                each.getValue());
                    }
                });
        shape.path("required")
                .forEach(each -> {
                    if (!value.has(each.asString())) {
                        faults.add(where + ": lacks " + each.asString());
                    }
                });
    }
}
