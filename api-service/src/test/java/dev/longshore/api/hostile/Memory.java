package dev.longshore.api.hostile;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/// What the process holds, the service under test included.
final class Memory {
    private static final int COLLECTIONS = 3;

    private Memory() {}

    /// Heap that is in use after a collection, and buffers outside it, in bytes.
    static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            least += pool.getMemoryUsed();
        }
        // The server's own buffers, which Java does not count.
        return least + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
