"""slow.py PORT RATE: forwards to a local port at RATE bytes per second; prints its own port."""
import socket
import sys
import threading
import time

to, rate = int(sys.argv[1]), int(sys.argv[2])
listener = socket.socket()
# Small, because otherwise the system's buffers take a large upload at once.
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)


def pump(source, sink, pause):
    while data := source.recv(8192):
        sink.sendall(data)
        time.sleep(len(data) * pause)
    sink.shutdown(socket.SHUT_WR)


while True:
    client, _ = listener.accept()
    service = socket.create_connection(("127.0.0.1", to))
    threading.Thread(target=pump, args=(client, service, 1 / rate), daemon=True).start()
    threading.Thread(target=pump, args=(service, client, 0), daemon=True).start()
