using System.Net;
using System.Net.Sockets;

namespace Kehrwerk;

/// <summary>Passes one program's connections on to a broker on this machine, and can break them as a broken network does.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> ends = [];
    private readonly Lock door = new();
    private readonly int target;
    private bool isCut;

    public Relay(int target)
    {
        this.target = target;
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Cut()
    {
        lock (door)
        {
            isCut = true;
            Break();
        }
    }

    public void Mend()
    {
        lock (door)
        {
            isCut = false;
        }
    }

    public void Dispose()
    {
        Cut();
        listener.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                lock (door)
                {
                    ends.AddRange([near, far]);
                    if (isCut)
                    {
                        Break();
                        continue;
                    }
                }

                await far.ConnectAsync(IPAddress.Loopback, target);
                _ = Pass(near, far);
                _ = Pass(far, near);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener has ended, or the broker has.
        }
    }

    private static async Task Pass(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Close();
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            to.Close();
        }
    }

    private void Break()
    {
        foreach (var end in ends)
        {
            // Reset, not closed: the broker must see a client that vanished.
            if (end.Client is { } socket)
            {
                socket.LingerState = new(enable: true, seconds: 0);
            }

            end.Close();
        }

        ends.Clear();
    }
}
