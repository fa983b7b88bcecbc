using System.Net;
using System.Net.Sockets;

namespace Kehrwerk.Link.Tests;

/// <summary>A TCP line to the broker that can be cut like a broken radio link: without any farewell.</summary>
internal sealed class CuttableLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<TcpClient> ends = [];
    private readonly Task accepting;
    private volatile bool isSilent;

    public CuttableLine(int brokerPort)
    {
        listener.Start();
        accepting = AcceptAsync(brokerPort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Takes nothing more from either end, without a word: bytes pile up in their buffers.</summary>
    public void FallSilent() => isSilent = true;

    /// <summary>Breaks all connections; new ones are possible.</summary>
    public void Cut()
    {
        lock (gate)
        {
            ends.ForEach(end => end.Dispose());
            ends.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        Cut();
        stopping.Dispose();
    }

    private async Task AcceptAsync(int brokerPort)
    {
        var pumps = new List<Task>();
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync(stopping.Token);
                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, brokerPort, stopping.Token);
                lock (gate)
                {
                    ends.AddRange([near, far]);
                }

                pumps.Add(PumpAsync(near.GetStream(), far.GetStream()));
                pumps.Add(PumpAsync(far.GetStream(), near.GetStream()));
            }
        }
        catch (OperationCanceledException)
        {
            Cut();
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[8192];
        try
        {
            while (await from.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
                if (isSilent)
                {
                    await Task.Delay(Timeout.Infinite, stopping.Token);
                }
            }

            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The line was cut: that is what it is for.
            from.Dispose();
        }
    }
}
