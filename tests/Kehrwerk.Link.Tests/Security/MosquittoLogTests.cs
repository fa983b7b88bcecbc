using System.Threading.Channels;
using CsCheck;
using Kehrwerk.Link.Broker;
using Microsoft.Extensions.Logging.Abstractions;
using static Kehrwerk.Link.Tests.Security.Wire;

namespace Kehrwerk.Link.Tests.Security;

public sealed class MosquittoLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kehrwerk-log-").FullName;

    private string LogFile => Path.Combine(folder, "mosquitto.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("t: Denied PUBLISH from kehrwerk/KW-01 (d0, q1, r0, m1, 'vda5050/v3/kehrwerk/KW-02/state', ... (3 bytes))", RefusalKind.Publish, "kehrwerk/KW-01")]
    [InlineData("t: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed", RefusalKind.Certificate, "")]
    [InlineData("t: OpenSSL Error[0]: error:1417C086:SSL routines:tls_process_client_certificate:certificate verify failed", RefusalKind.Certificate, "")]
    [InlineData("t: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate", RefusalKind.Certificate, "")]
    [InlineData("t: OpenSSL Error[0]: error:0A000102:SSL routines::unsupported protocol", RefusalKind.Handshake, "")]
    [InlineData("t: Client kehrwerk/KW-01 disconnected due to oversize packet.", RefusalKind.TooLarge, "kehrwerk/KW-01")]
    [InlineData("t: Dropped too large PUBLISH from kehrwerk/KW-01 (d0, q1, r0, m1, 'a', ... (300000 bytes))", RefusalKind.TooLarge, "kehrwerk/KW-01")]
    [InlineData("t: Client connection from 10.0.0.7 denied: max_connections exceeded.", RefusalKind.TooManyConnections, "")]
    public void Lines_that_tell_a_refusal_are_understood(string line, RefusalKind kind, string who)
    {
        var refusal = MosquittoLog.Read(line);
        Assert.Equal((kind, who), (refusal!.Kind, refusal.Who));
    }

    [Fact]
    public void Any_other_line_says_nothing_and_harms_nothing()
    {
        Assert.Null(MosquittoLog.Read("t: Received PUBLISH from kehrwerk/KW-01 (d0, q1, r0, m1, 'vda5050/v3/kehrwerk/KW-01/state', ... (2 bytes))"));
        Gen.String.Sample(line => MosquittoLog.Read(line) is null or { Text.Length: > 0 });
    }

    [Fact]
    public async Task It_tells_what_comes_after_its_beginning_also_after_a_rotation_and_in_pieces()
    {
        var told = Channel.CreateUnbounded<BrokerRefusal>();
        await File.WriteAllTextAsync(LogFile, Line("before"), Ct);
        await using var log = MosquittoLog.Follow(LogFile, refusal => told.Writer.TryWrite(refusal), NullLogger<MosquittoLog>.Instance);
        await File.AppendAllTextAsync(LogFile, new string('x', 100_000) + "\n" + Line("first")[..30], Ct);
        await File.AppendAllTextAsync(LogFile, Line("first")[30..], Ct);
        Assert.Equal("first", (await Next(told.Reader)).Who);
        File.Move(LogFile, LogFile + ".1");
        await File.WriteAllTextAsync(LogFile, Line("second"), Ct);
        Assert.Equal("second", (await Next(told.Reader)).Who);
    }

    private static string Line(string who) => $"2026-05-04T12:00:00: Denied PUBLISH from {who} (d0, q0, r0, m0, 'a/b', ... (1 bytes))\n";
}
