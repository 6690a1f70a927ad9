/** Counts what was made on a device and what is alive: tests and the page read it, nothing else does. */
export class ResourceCounts {
  buffersCreated = 0;
  buffersAlive = 0;
  bytesAlive = 0;
  bindGroupsCreated = 0;
  pipelinesCreated = 0;
}

/** A GPUBuffer that knows its size and is counted. */
export class DeviceBuffer {
  readonly raw: GPUBuffer;
  readonly label: string;
  readonly bytes: number;
  private readonly counts: ResourceCounts;
  private alive = true;

  constructor(device: GPUDevice, counts: ResourceCounts, label: string, bytes: number, usage: GPUBufferUsageFlags) {
    this.label = label;
    this.bytes = Math.max(16, Math.ceil(bytes / 4) * 4);
    this.raw = device.createBuffer({ label, size: this.bytes, usage });
    this.counts = counts;
    counts.buffersCreated++;
    counts.buffersAlive++;
    counts.bytesAlive += this.bytes;
  }

  destroy(): void {
    if (!this.alive) return;
    this.alive = false;
    this.raw.destroy();
    this.counts.buffersAlive--;
    this.counts.bytesAlive -= this.bytes;
  }
}
