using System.Collections.Immutable;
using System.Text.Json;

namespace Kehrwerk.Sweeper;

/// <summary>One point of a charge curve: at this share of charge (0–1) the battery takes so many kW.</summary>
public readonly record struct ChargePoint(double Share, double Kw);

/// <summary>
/// How fast a battery charges by its state of charge; linear between the points. The first point is at share 0, the last at 1,
/// and the power is above 0 everywhere, so that a full battery is reached.
/// </summary>
public sealed class ChargeCurve
{
    private readonly ImmutableArray<ChargePoint> points;

    /// <exception cref="ArgumentException">The points do not rise from share 0 to 1, or a power is not above 0.</exception>
    public ChargeCurve(ImmutableArray<ChargePoint> points)
    {
        if (Fault(points) is { } fault)
        {
            throw new ArgumentException(fault, nameof(points));
        }

        this.points = points;
    }

    public ImmutableArray<ChargePoint> Points => points;

    /// <summary>The highest power on the curve: what a charger must be able to give, kW.</summary>
    public double PeakKw => points.Max(point => point.Kw);

    /// <summary>Power into the battery at a share of charge (0–1), kW.</summary>
    public double Kw(double share)
    {
        var i = 1;
        while (i < points.Length - 1 && share > points[i].Share)
        {
            i++;
        }

        var (low, high) = (points[i - 1], points[i]);
        return low.Kw + ((high.Kw - low.Kw) * Math.Clamp((share - low.Share) / (high.Share - low.Share), 0, 1));
    }

    /// <summary>Seconds to charge a battery of <paramref name="batteryWh"/> from one share (0–1) to a higher one; exact, 0 if it is not higher.</summary>
    public double Seconds(double batteryWh, double fromShare, double toShare)
    {
        var hours = 0.0;
        for (var i = 1; i < points.Length; i++)
        {
            var from = Math.Max(fromShare, points[i - 1].Share);
            var to = Math.Min(toShare, points[i].Share);
            if (to > from)
            {
                // dE/dt is linear in E between two points, so the time is a logarithm of the powers.
                var (first, last) = (Kw(from), Kw(to));
                var meanKw = Math.Abs(last - first) < 1e-9 * first ? first : (last - first) / Math.Log(last / first);
                hours += batteryWh / 1000 * (to - from) / meanKw;
            }
        }

        return hours * 3600;
    }

    internal static ChargeCurve Read(ModelFields fields, string field)
    {
        var array = fields.Take(field);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is < 2 or > 100)
        {
            throw fields.Fault(field, "This must be a list of 2 to 100 points", "Give each as { \"share\": 0.8, \"kw\": 22 }");
        }

        var points = ImmutableArray.CreateBuilder<ChargePoint>();
        foreach (var item in array.EnumerateArray())
        {
            var name = $"{field}[{points.Count}]";
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("share", out var share) || !item.TryGetProperty("kw", out var kw))
            {
                throw fields.Fault(name, "This is not a point of share and kw", "Write it as { \"share\": 0.8, \"kw\": 22 }");
            }

            points.Add(new(fields.InRange(share, name + ".share", 0, 1), fields.InRange(kw, name + ".kw", 0.1, 1_000)));
        }

        return Fault(points.ToImmutable()) is { } fault
            ? throw fields.Fault(field, fault, "Let the shares rise from 0 to 1")
            : new(points.ToImmutable());
    }

    private static string? Fault(ImmutableArray<ChargePoint> points)
    {
        if (points.Length < 2 || points[0].Share != 0 || points[^1].Share != 1)
        {
            return "The first point must be at share 0 and the last at share 1";
        }

        for (var i = 0; i < points.Length; i++)
        {
            if (!(points[i].Kw > 0) || (i > 0 && points[i].Share <= points[i - 1].Share))
            {
                return $"Point {i} does not rise above the one before it, or its power is not above 0";
            }
        }

        return null;
    }
}
