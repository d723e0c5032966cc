package dev.formwork.agent.facts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;

/// The addresses that the system's interfaces have now.
public final class SystemNicAddresses implements FactsReader.NicAddresses {
    @Override
    public List<String> of(String nic) {
        try {
            NetworkInterface found = NetworkInterface.getByName(nic);
            return found == null
                    ? List.of()
                    : found.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress())
                            .sorted(Comparator.comparing(one -> !(one instanceof Inet4Address)))
                            .map(InetAddress::getHostAddress)
                            .map(text -> text.replaceAll("%.*$", ""))
                            .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
