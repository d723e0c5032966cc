package dev.formwork.provider.aws.server;

import dev.formwork.provider.tck.HttpService.Response;

/// Answers as EC2 gives them.
public final class Answers {
    private Answers() {}

    static Response xml(int status, String body) {
        return Response.of(
                status,
                "text/xml;charset=UTF-8",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + body);
    }

    /// A refusal.
    public static Response refusal(int status, String code, String message) {
        Xml xml = new Xml("Response", null);
        xml.open("Errors").open("Error").text("Code", code).text("Message", message);
        xml.close().close().text("RequestID", Xml.REQUEST_ID);
        return xml(status, xml.end());
    }
}
