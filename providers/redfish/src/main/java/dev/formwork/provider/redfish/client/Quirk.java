package dev.formwork.provider.redfish.client;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// In what services differ from the standard, or from each other where it leaves that open: one
/// line each, with where it is known from. The same table is in docs/providers.md.
///
/// Some show by themselves, and hold for whoever shows them; some have to be known by the
/// `Manufacturer` of the system.
public enum Quirk {
    /// A change of the boot override is refused, or half of it is lost, unless target, how often
    /// and mode are sent together. (OpenStack Ironic, `redfish/management.py`: storyboard 2008547,
    /// 2008712 and its list of vendors.)
    WHOLE_BOOT_OVERRIDE("supermicro", "american megatrends", "ami", "asrockrack"),

    /// Virtual media is a USB drive to the firmware: the target is `UsbCd`, not `Cd`, where both
    /// are on offer. (OpenStack sushy, `system.py`, for X11 and X12; [#CD_IS_CD] is the exception.)
    CD_IS_USB("supermicro"),

    /// The models of whom [#CD_IS_USB] does not hold, by the system's `Model`. (sushy,
    /// `system.py`.)
    CD_IS_CD("ars-111gl-nhr"),

    /// The override is in the resource that `@Redfish.Settings` names and not in the system.
    /// (sushy, `system.py`.) Shows by itself.
    BOOT_IN_SETTINGS,

    /// Media is inserted by a PATCH of the drive, with `Inserted` and `WriteProtected`, where there
    /// is no action; with the action those two are refused by some, so they are left out. (sushy,
    /// `virtual_media.py`, for Lenovo SD530 and Supermicro X11.) Shows by itself.
    MEDIA_BY_PATCH,

    /// `InsertMedia` wants `TransferProtocolType`, which the standard leaves open. (sushy,
    /// `virtual_media.py`.) Shows by itself.
    MEDIA_WANTS_PROTOCOL,

    /// `InsertMedia` wants `TransferMethod` `Stream`. (sushy, `virtual_media.py`.) Shows by itself.
    MEDIA_WANTS_METHOD,

    /// A drive for CDs says that it takes DVDs only; a drive without action is for the remote
    /// console only. (Ironic, `redfish/boot.py`, for Cisco UCS and C845A.) Shows by itself.
    CD_IS_DVD,

    /// `EjectMedia` wants a body, and be it an empty object. (sushy, `virtual_media.py`, for HPE
    /// iLO.) One is sent to all.
    EJECT_WANTS_BODY,

    /// A weak ETag, as the service itself gave it, is refused; the strong form of it is right.
    /// (sushy, `connector.py`.) Shows by itself.
    WEAK_ETAG,

    /// Switching on is refused with 409 for a while after switching off. (Ironic,
    /// `redfish/power.py`, for Dell iDRAC 10.) Shows by itself; asked again later.
    ON_TOO_EARLY,

    /// It is busy with what it was told before, or the system with its self-test, and says so with
    /// a message of this id and a status of 400, 409 or 500; asked again later. (sushy,
    /// `connector.py`: SYS518 of Dell, InvalidOperationForSystemState of HPE; Ironic,
    /// `redfish/management.py`: UnableToModifyDuringSystemPOST of HPE.)
    BUSY("SYS518", "InvalidOperationForSystemState", "UnableToModifyDuringSystemPOST");

    /// With commas between them: an enum is immutable.
    private final String words;

    Quirk(String... words) {
        this.words = String.join(",", words);
    }

    /// The words by which it is known: of manufacturers, models or messages; none where it shows by
    /// itself.
    public List<String> words() {
        return words.isEmpty() ? List.of() : List.of(words.split(",", -1));
    }

    /// Whether a message with this id says that the service is busy.
    static boolean isBusy(String messageId) {
        return BUSY.words().contains(messageId);
    }

    /// Those of a system that have to be known.
    ///
    /// @param manufacturer as the system says it
    /// @param model as the system says it
    public static Set<Quirk> of(String manufacturer, String model) {
        Set<String> maker =
                Arrays.stream(manufacturer.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
                        .collect(Collectors.toSet());
        return Arrays.stream(values())
                .filter(quirk -> quirk == WHOLE_BOOT_OVERRIDE || quirk == CD_IS_USB)
                .filter(quirk ->
                        quirk.words().stream()
                                .anyMatch(word -> maker.containsAll(List.of(word.split(" ", -1)))))
                .filter(quirk ->
                        quirk != CD_IS_USB
                                || !CD_IS_CD.words().contains(model.toLowerCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
