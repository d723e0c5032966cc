package dev.formwork.provider.openstack.cloud;

/// A request that a service does not carry out. In which words, differs from service to service.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final String type;
    final String said;

    Refusal(int status, String type, String said) {
        super(said);
        this.status = status;
        this.type = type;
        this.said = said;
    }

    static Refusal badRequest(String said) {
        return new Refusal(400, "badRequest", said);
    }

    static Refusal notFound(String said) {
        return new Refusal(404, "itemNotFound", said);
    }

    static Refusal conflict(String type, String said) {
        return new Refusal(409, type, said);
    }
}
