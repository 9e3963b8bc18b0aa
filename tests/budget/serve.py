"""serve.py CERTIFICATE KEY: serves the example responses of the service's document over TLS; prints its port."""
import pathlib
import socketserver
import ssl
import sys

HERE = pathlib.Path(__file__).parent
QUERIED = (HERE / "../fixtures/query_response.json").read_bytes()
CREATED = (HERE / "../fixtures/create_response.json").read_bytes()
# Certificates of a test CA, in the order of the document: 12 KB.
RETRIEVED = (HERE / "certificates.json").read_bytes()


class Service(socketserver.StreamRequestHandler):
    def handle(self):
        while request := self.rfile.readline():
            length = 0
            while (header := self.rfile.readline().strip().lower()) != b"":
                if header.startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                elif header == b"expect: 100-continue":
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            while length > 0:
                length -= len(self.rfile.read(min(length, 1 << 16)))
            if request.startswith(b"POST "):
                answer = CREATED
            else:
                answer = RETRIEVED if b"RetrievePem" in request else QUERIED
            head = (
                "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Wed, 25 Nov 2026 03:00:00 GMT\r\n"
                "Content-Type: application/json; charset=utf-8\r\n"
                f"Content-Length: {len(answer)}\r\nConnection: keep-alive\r\n\r\n"
            )
            self.wfile.write(head.encode() + answer)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def get_request(self):
        stream, address = self.socket.accept()
        return context.wrap_socket(stream, server_side=True, do_handshake_on_connect=False), address


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*sys.argv[1:3])
with Server(("127.0.0.1", 0), Service) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
