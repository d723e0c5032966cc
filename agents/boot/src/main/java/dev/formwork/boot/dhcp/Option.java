package dev.formwork.boot.dhcp;

/// The numbers of the DHCP options that we know (IANA, "BOOTP Vendor Extensions and DHCP Options").
public final class Option {
    public static final int PAD = 0;
    public static final int SUBNET_MASK = 1;
    public static final int ROUTERS = 3;
    public static final int DNS_SERVERS = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int BROADCAST_ADDRESS = 28;
    public static final int NTP_SERVERS = 42;
    public static final int VENDOR_SPECIFIC = 43;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int OVERLOAD = 52;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_ID = 54;
    public static final int PARAMETER_REQUEST = 55;
    public static final int MESSAGE = 56;
    public static final int MAX_MESSAGE_SIZE = 57;
    public static final int RENEWAL_TIME = 58;
    public static final int REBINDING_TIME = 59;
    public static final int VENDOR_CLASS = 60;
    public static final int CLIENT_ID = 61;
    public static final int TFTP_SERVER_NAME = 66;
    public static final int BOOT_FILE = 67;
    public static final int USER_CLASS = 77;
    public static final int RELAY_AGENT = 82;

    /// Architecture of the client's system (RFC 4578).
    public static final int CLIENT_ARCHITECTURE = 93;

    /// Version of the client's network interface (RFC 4578).
    public static final int CLIENT_INTERFACE = 94;

    /// The machine's UUID, a zero before it (RFC 4578).
    public static final int CLIENT_UUID = 97;

    public static final int SUBNET_SELECTION = 118;

    /// iPXE's own, encapsulated ("Etherboot").
    public static final int IPXE = 175;

    public static final int END = 255;

    private Option() {}
}
