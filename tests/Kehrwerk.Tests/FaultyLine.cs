using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Kehrwerk.Tests;

/// <summary>
/// A TCP line to a broker that can be late, cut without a farewell, or silent in one direction while both ends believe in it. Nothing
/// is lost or changes its place while a connection lives, as TCP promises.
/// </summary>
internal sealed class FaultyLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<TcpClient> ends = [];
    private readonly List<Task> pumps = [];
    private readonly Task accepting;
    private TaskCompletionSource upIsFree = Free();
    private TaskCompletionSource downIsFree = Free();

    public FaultyLine(int brokerPort)
    {
        listener.Start();
        accepting = AcceptAsync(brokerPort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How long everything takes in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Breaks all connections; new ones are possible.</summary>
    public void Cut()
    {
        lock (gate)
        {
            ends.ForEach(end => end.Dispose());
            ends.Clear();
        }
    }

    /// <summary>Lets nothing through any more in one direction, also of new connections, and tells nobody.</summary>
    public void Silence(bool up)
    {
        lock (gate)
        {
            ref var free = ref up ? ref upIsFree : ref downIsFree;
            if (free.Task.IsCompleted)
            {
                free = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void Heal()
    {
        lock (gate)
        {
            upIsFree.TrySetResult();
            downIsFree.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Heal();
        Cut();
        await accepting;
        await Task.WhenAll(pumps);
        listener.Dispose();
        stopping.Dispose();
    }

    private static TaskCompletionSource Free()
    {
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        free.SetResult();
        return free;
    }

    private async Task AcceptAsync(int brokerPort)
    {
        while (true)
        {
            TcpClient? near = null;
            var far = new TcpClient();
            try
            {
                near = await listener.AcceptTcpClientAsync(stopping.Token);
                await far.ConnectAsync(IPAddress.Loopback, brokerPort, stopping.Token);
                lock (gate)
                {
                    ends.AddRange([near, far]);
                }

                pumps.Add(PumpAsync(near, far, up: true));
                pumps.Add(PumpAsync(far, near, up: false));
            }
            catch (SocketException)
            {
                // The broker is being restarted: whoever called finds the line dead.
                near?.Dispose();
                far.Dispose();
            }
            catch (OperationCanceledException)
            {
                near?.Dispose();
                far.Dispose();
                return;
            }
        }
    }

    /// <summary>Reads and writes apart, so that a delay holds up nothing behind it.</summary>
    private async Task PumpAsync(TcpClient from, TcpClient to, bool up)
    {
        var pieces = Channel.CreateUnbounded<(byte[] Bytes, DateTime Due)>();
        var reading = ReadAsync(from, pieces.Writer);
        try
        {
            await foreach (var (bytes, due) in pieces.Reader.ReadAllAsync(stopping.Token))
            {
                var wait = due - DateTime.UtcNow;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, stopping.Token);
                }

                await (up ? upIsFree : downIsFree).Task.WaitAsync(stopping.Token);
                await to.GetStream().WriteAsync(bytes, stopping.Token);
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The line was cut: that is what it is for.
        }

        to.Dispose();
        from.Dispose();
        await reading;
    }

    private async Task ReadAsync(TcpClient from, ChannelWriter<(byte[] Bytes, DateTime Due)> pieces)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var stream = from.GetStream();
            while (await stream.ReadAsync(buffer, stopping.Token) is > 0 and var count)
            {
                pieces.TryWrite((buffer[..count], DateTime.UtcNow + Delay));
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
        }

        pieces.Complete();
    }
}
