"""A life of an instance, as Apache Libcloud asks for it.

Arguments: the port of the server on 127.0.0.1, a file with a token, the project.
"""
import sys

from libcloud.compute.drivers.gce import GCEConnection, GCENodeDriver
from libcloud.common.google import ResourceNotFoundError

port, token_file, project = int(sys.argv[1]), sys.argv[2], sys.argv[3]
zone = 'europe-west3-b'
GCEConnection.host = '127.0.0.1'
GCEConnection.poll_interval = 0.01


class PlainConnection(GCEConnection):
    """To another port, and without TLS: the driver has no options for that."""

    def __init__(self, user_id, key, secure, **kwargs):
        super().__init__(user_id, key, secure=False, port=port, **kwargs)


GCENodeDriver.connectionCls = PlainConnection
driver = GCENodeDriver(
    'client', 'secret', datacenter=zone, project=project, auth_type='IA',
    credential_file=token_file)


def names():
    return sorted(node.name for node in driver.list_nodes(ex_zone='all'))


before = names()
node = driver.create_node(
    'libcloud-1', 'e2-small', image=None, location=zone, ex_labels={'who': 'libcloud'},
    ex_metadata={'items': [{'key': 'odd', 'value': 'é "'}]},
    ex_disks_gce_struct=[{
        'boot': True, 'autoDelete': True,
        'initializeParams': {
            'sourceImage': 'projects/debian-cloud/global/images/family/debian-12'}}])
assert names() == sorted(before + ['libcloud-1']), names()
assert node.private_ips and node.extra['status'] == 'RUNNING', node.extra
assert node.extra['labels'] == {'who': 'libcloud'}, node.extra['labels']
try:
    driver.create_node(
        'libcloud-1', 'e2-small', image=None, location=zone,
        ex_disks_gce_struct=[{
            'boot': True,
            'initializeParams': {
                'sourceImage': 'projects/debian-cloud/global/images/family/debian-12'}}])
    raise AssertionError('made twice')
except Exception as refused:
    assert 'already exists' in str(refused), refused
assert driver.ex_get_serial_output(node) == ''
assert driver.reboot_node(node)
assert driver.stop_node(node)
assert driver.ex_get_node('libcloud-1', zone).extra['status'] == 'TERMINATED'
assert driver.start_node(node)
assert driver.ex_get_node('libcloud-1', zone).extra['status'] == 'RUNNING'
assert driver.destroy_node(node)
try:
    driver.ex_get_node('libcloud-1', zone)
    raise AssertionError('still there')
except ResourceNotFoundError:
    pass
assert names() == before, names()
print('lived')
