package dev.longshore.bench.stack;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// Looks into the memory of another Java process.
public final class HeapWatch implements AutoCloseable {
    private static final double MIB = 1024.0 * 1024.0;

    private final long pid;
    private final JMXConnector connector;
    private final List<MemoryPoolMXBean> pools;
    private final List<GarbageCollectorMXBean> collectors;
    private final MemoryMXBean memory;
    private long gcMillis;

    private HeapWatch(long pid, JMXConnector connector, MBeanServerConnection beans) throws IOException {
        this.pid = pid;
        this.connector = connector;
        pools = ManagementFactory.getPlatformMXBeans(beans, MemoryPoolMXBean.class).stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        collectors = ManagementFactory.getPlatformMXBeans(beans, GarbageCollectorMXBean.class);
        memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
    }

    /// Begins to watch.
    ///
    /// @throws BenchFailed when the process cannot be looked into
    // Nobody but a process that we started ourselves is spoken to.
    @SuppressWarnings("BanJNDI")
    static HeapWatch of(Servant servant) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(servant.pid()));
            JMXServiceURL address = new JMXServiceURL(machine.startLocalManagementAgent());
            machine.detach();
            JMXConnector connector = JMXConnectorFactory.connect(address);
            HeapWatch watch = new HeapWatch(servant.pid(), connector, connector.getMBeanServerConnection());
            watch.reset();
            return watch;
        } catch (AttachNotSupportedException | IOException e) {
            throw new BenchFailed("the memory of " + servant.name() + " cannot be looked into", e);
        }
    }

    /// Forgets the peaks and the collections so far.
    public void reset() {
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
        gcMillis = collected();
    }

    /// The most heap that was used at once since the last reset, at most: the peaks of its parts added
    /// up. MiB.
    public double peakMib() {
        return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MIB;
    }

    /// What is still needed after a full collection, which is made now. MiB.
    public double liveMib() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / MIB;
    }

    /// Time spent collecting since the last reset, milliseconds.
    public double gcMillis() {
        return collected() - gcMillis;
    }

    /// The memory of the machine that the process holds now, MiB; 0 where the system does not say.
    public double residentMib() {
        return status("VmRSS:");
    }

    /// The most that it ever held.
    public double peakResidentMib() {
        return status("VmHWM:");
    }

    private double status(String field) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            return !Files.exists(status)
                    ? 0
                    : Files.readAllLines(status).stream()
                                    .filter(line -> line.startsWith(field))
                                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                                    .sum()
                            / 1024.0;
        } catch (IOException e) {
            throw new BenchFailed("the memory of process " + pid + " cannot be read", e);
        }
    }

    private long collected() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException _) {
            // The process has ended, and with it the connection.
        }
    }
}
