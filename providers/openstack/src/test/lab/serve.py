# Serves a WSGI application: serve.py PORT SCRIPT, where the script is one that the packages put below /usr/bin.
import runpy
import socketserver
import sys
import wsgiref.simple_server


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 128


port, script = int(sys.argv[1]), sys.argv[2]
sys.argv = [script]
application = runpy.run_path(script, run_name="served")["application"]
wsgiref.simple_server.make_server("127.0.0.1", port, application, server_class=Server).serve_forever()
