"""Drives a service by sushy: other-client.py URL USER PASSWORD"""
import sys

import sushy

url, user, password = sys.argv[1:4]
root = sushy.Sushy(url, auth=sushy.auth.SessionAuth(user, password))

systems = root.get_system_collection().get_members()
assert len(systems) == 3, systems
system = root.get_system("/redfish/v1/Systems/node-2")
assert system.power_state == sushy.POWER_STATE_OFF
assert system.memory_summary.size_gib == 96
assert [nic.mac_address for nic in system.ethernet_interfaces.get_members()] == [
    "52:54:00:12:01:02", "52:54:00:12:02:02"]
assert system.processors.summary.count == 32  # threads
assert system.storage.get_members()[0].drives[0].media_type == "SSD"

system.set_system_boot_options(
    sushy.BOOT_SOURCE_TARGET_PXE, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE,
    mode=sushy.BOOT_SOURCE_MODE_UEFI)
system.reset_system(sushy.RESET_ON)
system.refresh(force=True)
assert system.power_state == sushy.POWER_STATE_ON

manager = system.managers[0]
drive = [each for each in manager.virtual_media.get_members()
         if sushy.VIRTUAL_MEDIA_CD in each.media_types][0]
drive.insert_media("http://images.example/rescue.iso")
drive.refresh(force=True)
assert drive.inserted and drive.image == "http://images.example/rescue.iso"
system.set_system_boot_options(
    sushy.BOOT_SOURCE_TARGET_CD, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE)
system.reset_system(sushy.RESET_FORCE_RESTART)
drive.eject_media()

assert system.bios.attributes["Turbo"] is True
system.bios.set_attribute("Turbo", False)

updates = root.get_update_service()
firmware = [each.identity for each in updates.firmware_inventory.get_members()]
assert "BMC-node-2" in firmware, firmware
updates.simple_update(
    "http://images.example/bmc-9.img",
    targets=["/redfish/v1/UpdateService/FirmwareInventory/BMC-node-2"])
# This version of sushy takes the task for its monitor.
while root._conn.get("/redfish/v1/TaskService/TaskMonitors/1").status_code == 202:
    pass

try:
    system.set_indicator_led(sushy.INDICATOR_LED_LIT)
    raise AssertionError("this service has no such light")
except sushy.exceptions.BadRequestError as refused:
    assert "PropertyUnknown" in refused.code, refused.code

system.reset_system(sushy.RESET_FORCE_OFF)
root._conn._auth.close()
print("done")
