"""The memory of this process, on Linux and Windows."""
import ctypes
import gc
import os
import pathlib


def resident():
    """The memory of this process in KiB."""
    gc.collect()
    if os.name == "nt":
        return windows_memory()
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def windows_memory():
    """The private memory of this process in KiB."""
    class Counters(ctypes.Structure):
        _fields_ = [("size", ctypes.c_ulong), ("faults", ctypes.c_ulong)] + [
            (f"member{number}", ctypes.c_size_t) for number in range(9)]

    counters = Counters(ctypes.sizeof(Counters))
    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    read = kernel.K32GetProcessMemoryInfo
    read.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong]
    if not read(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size):
        raise OSError("GetProcessMemoryInfo failed")
    return counters.member8 // 1024
