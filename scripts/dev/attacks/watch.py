"""Samples the node's memory, disk and descriptors four times a second."""
from background import Background


class Watch(Background):
    pause = 0.25

    def begin(self):
        self.memory = self.disk = self.wal = self.log = self.descriptors = 0

    def step(self):
        target = self.target
        self.now = target.status_kib("VmRSS") / 1024
        self.memory = max(self.memory, target.status_kib("VmHWM") / 1024)
        self.disk = max(self.disk, target.disk_bytes() / 2**20)
        self.wal = max(self.wal, target.wal_bytes() / 2**20)
        self.log = max(self.log, target.log.stat().st_size / 2**20)
        self.descriptors = max(self.descriptors, target.descriptors())

    def line(self):
        return f"peak memory {self.memory:.0f} MiB, disk {self.disk:.0f} MiB"
