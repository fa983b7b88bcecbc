using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kehrwerk.Bench.Sweeper;

/// <summary>
/// Processor time of the calling thread, where the system tells it (Linux: CLOCK_THREAD_CPUTIME_ID of POSIX), else time on the wall: a machine that is busy with
/// other work then counts too. The garbage collector's own threads are not in it.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static string Name => OperatingSystem.IsLinux() ? "processor time of the thread" : "wall time";

    public static double Milliseconds()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;
        }

        _ = ClockGetTime(ThreadCpuTime, out var time);
        return (time.Seconds * 1e3) + (time.Nanoseconds * 1e-6);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
