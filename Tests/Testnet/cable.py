#!/usr/bin/env python3
"""A cable that is slow and loses frames: passes them from one interface to another and back, each after a while, in their
order, and some never. For kernels without netem; as root.

`cable.py LEFT RIGHT --delay 80 --jitter 20 --loss 0.01` runs until it is killed. `cable.py --plain INTERFACE` makes an
interface send nothing but whole frames with their checksums, as a real one does: a virtual one leaves that undone."""
import argparse
import collections
import ctypes
import fcntl
import random
import select
import socket
import struct
import time

SIOCETHTOOL = 0x8946
# Of ethtool: transmit checksums, scatter and gather, and cutting long frames on the card.
OFFLOADS = (0x17, 0x19, 0x1f, 0x24)
ETH_P_ALL, SOL_PACKET, PACKET_IGNORE_OUTGOING = 3, 263, 23
FRAME_BYTES = 65_536


def make_plain(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            fcntl.ioctl(control, SIOCETHTOOL, struct.pack("16sP", name.encode(), ctypes.addressof(value)))


def interface(name):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    end.bind((name, 0))
    end.setblocking(False)
    return end


def carry(ends, delay, jitter, loss):
    """Each direction keeps its order."""
    under_way = {end: collections.deque() for end in ends}
    while True:
        first = min((queue[0][0] for queue in under_way.values() if queue), default=None)
        wait = None if first is None else max(0, first - time.monotonic())
        for end in select.select(ends, [], [], wait)[0]:
            other = ends[1] if end is ends[0] else ends[0]
            try:
                while True:
                    frame = end.recv(FRAME_BYTES)
                    if random.random() < loss:
                        continue
                    due = time.monotonic() + delay + random.uniform(0, jitter)
                    if under_way[other]:
                        due = max(due, under_way[other][-1][0])
                    under_way[other].append((due, frame))
            except BlockingIOError:
                pass
        now = time.monotonic()
        for end, queue in under_way.items():
            while queue and queue[0][0] <= now:
                try:
                    end.send(queue.popleft()[1])
                except OSError:
                    # No room, or longer than the cable takes: as good as lost.
                    pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("interfaces", nargs="+")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--delay", type=float, default=0, help="milliseconds, each way")
    parser.add_argument("--jitter", type=float, default=0, help="at most so many milliseconds more")
    parser.add_argument("--loss", type=float, default=0, help="of the frames, from 0 to 1")
    options = parser.parse_args()
    if options.plain:
        for name in options.interfaces:
            make_plain(name)
        return
    left, right = options.interfaces
    carry([interface(left), interface(right)], options.delay / 1000, options.jitter / 1000, options.loss)


if __name__ == "__main__":
    main()
