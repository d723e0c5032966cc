# Serves a WSGI application: serve.py PORT SCRIPT, where the script is one that the packages put below /usr/bin.
import runpy
import socketserver
import sys
import time
import wsgiref.simple_server


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    # Nova and Glance have eventlet make threads green, and the loop of this server polls in earnest: without a rest
    # those threads would never have their turn.
    def service_actions(self):
        time.sleep(0.005)


port, script = int(sys.argv[1]), sys.argv[2]
sys.argv = [script]
application = runpy.run_path(script, run_name="served")["application"]
server = wsgiref.simple_server.make_server("127.0.0.1", port, application, server_class=Server)
server.serve_forever(poll_interval=0.001)
