using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.History;

/// <summary>A vehicle at a moment, as the live page showed it. Resolution as it is stored: about 1 cm, 0.01°, 1 cm/s, 0.5 %, 0.1 s.</summary>
/// <param name="At">By the Centre's clock.</param>
/// <param name="Position">Null where it was not known.</param>
/// <param name="AgeS">How old what was shown was then.</param>
internal readonly record struct HistorySample(
    DateTimeOffset At, GeoPoint? Position, double HeadingDeg, double SpeedMps, VehicleActivity Activity, LinkState Link, Attention Attention,
    double Battery, double Hopper, double Water, double AgeS, int KerbsSwept)
{
    public static HistorySample Of(VehicleView view, DateTimeOffset now) => new(
        now, view.Position, view.HeadingDeg, view.SpeedMps, view.Activity, view.Link, Attentions.Of(view), view.BatteryPercent, view.HopperPercent, view.WaterPercent,
        view.ReportedAt is { } at ? Math.Max(0, (now - at).TotalSeconds) : double.PositiveInfinity, view.KerbsSwept);

    /// <summary>A further sample that tells nothing new so soon need not be kept.</summary>
    public bool IsWorthKeepingAfter(HistorySample before) =>
        At - before.At >= HistoryStore.Step || At < before.At || (Activity, Link, Attention) != (before.Activity, before.Link, before.Attention);
}

/// <summary>
/// The samples of one vehicle and minute as bytes: a version, then 24 bytes for each, compressed by Brotli (about 8 bytes a sample are left).
/// </summary>
internal static class HistoryBytes
{
    private const byte Version = 1;
    private const int Size = 24;
    private const double Degree = 1e7;

    public static byte[] Pack(long minute, IReadOnlyList<HistorySample> samples)
    {
        var plain = new byte[samples.Count * Size];
        for (var i = 0; i < samples.Count; i++)
        {
            Write(plain.AsSpan(i * Size, Size), samples[i], minute);
        }

        using var packed = new MemoryStream();
        packed.WriteByte(Version);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(plain);
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">They are of no version that this program knows, or damaged.</exception>
    public static ImmutableArray<HistorySample> Unpack(long minute, byte[] packed)
    {
        if (packed is not [Version, ..])
        {
            throw new InvalidDataException($"a minute of the history is of version {(packed is [var version, ..] ? version : "none")}, this program knows {Version}");
        }

        using var brotli = new BrotliStream(new MemoryStream(packed, 1, packed.Length - 1), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        brotli.CopyTo(plain);
        var bytes = plain.ToArray();
        var samples = ImmutableArray.CreateBuilder<HistorySample>(bytes.Length / Size);
        for (var at = 0; at + Size <= bytes.Length; at += Size)
        {
            samples.Add(Read(bytes.AsSpan(at, Size), minute));
        }

        return samples.ToImmutable();
    }

    private static void Write(Span<byte> to, HistorySample sample, long minute)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)Math.Clamp(sample.At.ToUnixTimeMilliseconds() - (minute * 60_000), 0, 59_999));
        BinaryPrimitives.WriteInt32LittleEndian(to[2..], sample.Position is { } place ? (int)Math.Round(place.Lon * Degree) : int.MinValue);
        BinaryPrimitives.WriteInt32LittleEndian(to[6..], sample.Position is { } there ? (int)Math.Round(there.Lat * Degree) : int.MinValue);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], Scaled(sample.HeadingDeg, 100));
        BinaryPrimitives.WriteUInt16LittleEndian(to[12..], Scaled(sample.SpeedMps, 100));
        (to[14], to[15], to[16]) = ((byte)sample.Activity, (byte)sample.Link, (byte)sample.Attention);
        (to[17], to[18], to[19]) = (Percent(sample.Battery), Percent(sample.Hopper), Percent(sample.Water));
        BinaryPrimitives.WriteUInt16LittleEndian(to[20..], Scaled(sample.AgeS, 10));
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], Scaled(sample.KerbsSwept, 1));
    }

    private static HistorySample Read(ReadOnlySpan<byte> from, long minute)
    {
        var (lon, lat) = (BinaryPrimitives.ReadInt32LittleEndian(from[2..]), BinaryPrimitives.ReadInt32LittleEndian(from[6..]));
        var age = BinaryPrimitives.ReadUInt16LittleEndian(from[20..]);
        return new(
            DateTimeOffset.FromUnixTimeMilliseconds((minute * 60_000) + BinaryPrimitives.ReadUInt16LittleEndian(from)),
            lon == int.MinValue ? null : new GeoPoint(lat / Degree, lon / Degree),
            BinaryPrimitives.ReadUInt16LittleEndian(from[10..]) / 100.0,
            BinaryPrimitives.ReadUInt16LittleEndian(from[12..]) / 100.0,
            (VehicleActivity)from[14], (LinkState)from[15], (Attention)from[16],
            from[17] / 2.0, from[18] / 2.0, from[19] / 2.0,
            age == ushort.MaxValue ? double.PositiveInfinity : age / 10.0,
            BinaryPrimitives.ReadUInt16LittleEndian(from[22..]));
    }

    private static ushort Scaled(double value, double factor) => double.IsNaN(value) ? (ushort)0 : (ushort)Math.Clamp(Math.Round(value * factor), 0, ushort.MaxValue);

    private static byte Percent(double value) => double.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(Math.Round(value * 2), 0, 200);
}
