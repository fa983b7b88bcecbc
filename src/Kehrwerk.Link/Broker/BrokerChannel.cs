using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Kehrwerk.Link.Broker;

/// <summary>The bytes of one connection to the broker; what comes in passes the <see cref="PacketGate"/> first.</summary>
/// <param name="stream">Of the socket, or TLS over it.</param>
/// <param name="certificate">Of the client; null without TLS.</param>
/// <param name="refuse">Told once when the gate closes; then the connection ends.</param>
internal sealed class BrokerChannel(Socket socket, Stream stream, X509Certificate2? certificate, PacketGate gate, Func<RefusalKind, Task> refuse) : IMqttChannel
{
    private bool isClosed;

    public X509Certificate2? ClientCertificate => certificate;

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public bool IsSecureConnection => certificate is not null;

    public Task ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException("A connection of the broker is accepted, not made.");

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>0 at the end of the connection, also when the gate has closed.</summary>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (isClosed)
        {
            return 0;
        }

        try
        {
            var read = await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);
            if (gate.Pass(buffer.AsSpan(offset, read)) is not { } refused)
            {
                return read;
            }

            isClosed = true;
            await refuse(refused).ConfigureAwait(false);
            return 0;
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var segment in buffer)
            {
                await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            throw new MqttCommunicationException("The connection has ended.", ended);
        }
    }

    /// <summary>
    /// Reads and forgets what still comes in, for a moment: closed with unread bytes, a connection is reset, and the client would not
    /// read why it was ended.
    /// </summary>
    public async Task DrainAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        var forgotten = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(forgotten, limit.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or sends on and on: then it is cut.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(forgotten);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }
}
