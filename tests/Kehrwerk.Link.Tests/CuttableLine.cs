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

    public CuttableLine(int brokerPort)
    {
        listener.Start();
        accepting = AcceptAsync(brokerPort);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

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

    private static async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException)
        {
            // The line was cut: that is what it is for.
            from.Dispose();
        }
    }
}
