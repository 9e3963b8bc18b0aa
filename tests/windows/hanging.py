"""hanging.py COMMAND...: runs COMMAND with {} replaced by the URL of a loopback port where connections hang: its
queue is full, so Linux neither accepts nor refuses them."""
import socket
import subprocess
import sys

with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    address = listener.getsockname()
    queued = []
    for _ in range(3):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(address)
        queued.append(client)
    url = f"http://127.0.0.1:{address[1]}"
    sys.exit(subprocess.run([url if argument == "{}" else argument for argument in sys.argv[1:]]).returncode)
