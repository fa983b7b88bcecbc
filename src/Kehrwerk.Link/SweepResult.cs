using System.Collections.Immutable;
using System.Globalization;

namespace Kehrwerk.Link;

/// <summary>
/// A stretch of a kerb that the broom did not reach: <c>missed=12.0-18.5:parkedVehicle</c> in the result of the sweep.
/// </summary>
/// <param name="FromM">Metres along the arc in the direction of travel, finite, from 0; <paramref name="ToM"/> lies behind it.</param>
/// <param name="Reason">One word, see <see cref="MissedReasons"/>.</param>
public readonly record struct MissedPiece(double FromM, double ToM, string Reason)
{
    public double LengthM => ToM - FromM;
}

/// <summary>Why a stretch is missed; a vehicle may name others.</summary>
public static class MissedReasons
{
    public const string ParkedVehicle = "parkedVehicle";
    public const string Obstacle = "obstacle";
    public const string MadeWay = "madeWay";
    public const string Manoeuvre = "manoeuvre";
    public const string Broom = "broom";
    public const string Frost = "frost";
    public const string Halted = "halted";

    /// <summary>At a corner the broom cannot follow the kerb.</summary>
    public const string Corner = "corner";

    /// <summary>It may be free another time: what stood or moved there goes away.</summary>
    public static bool IsPassing(string reason) => reason is ParkedVehicle or Obstacle or MadeWay or Manoeuvre or Halted;
}

/// <summary>
/// What a sweeper tells in the <c>actionResult</c> of a sweep, e.g. <c>hopperFull;sweptM=12.50</c>: how far it swept, why it
/// did not reach the end, and which stretches it missed on the way.
/// </summary>
/// <param name="SweptM">Metres swept with this action, from where it began; finite and not negative.</param>
/// <param name="Reason">One word; null if the end was reached.</param>
public readonly record struct SweepResult(double SweptM, string? Reason = null)
{
    public const string HopperFull = "hopperFull";
    public const string WaterEmpty = "waterEmpty";
    public const string BatteryLow = "batteryLow";

    /// <summary>So many missed stretches are told and read at most.</summary>
    public const int MostMissed = 20;

    private const string SweptKey = "sweptM=";
    private const string MissedKey = "missed=";

    /// <summary>Stretches that were missed between the begin and where the sweep ended; default: none are told.</summary>
    public ImmutableArray<MissedPiece> Missed { get; init; }

    private static readonly char[] Separators = [' ', ';', ','];

    /// <summary>Reads what any vehicle may have written; what it does not say is 0 metres and no reason.</summary>
    public static SweepResult Parse(string? text)
    {
        var sweptM = 0.0;
        string? reason = null;
        var missed = ImmutableArray.CreateBuilder<MissedPiece>();
        foreach (var word in (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith(MissedKey, StringComparison.Ordinal))
            {
                if (missed.Count < MostMissed && PieceOf(word[MissedKey.Length..]) is { } piece)
                {
                    missed.Add(piece);
                }
            }
            else if (!word.StartsWith(SweptKey, StringComparison.Ordinal))
            {
                reason ??= word;
            }
            else if (double.TryParse(word.AsSpan(SweptKey.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var m) && double.IsFinite(m) && m > 0)
            {
                sweptM = m;
            }
        }

        return new(sweptM, reason) { Missed = missed.Count == 0 ? default : missed.ToImmutable() };
    }

    public override string ToString()
    {
        var swept = string.Create(CultureInfo.InvariantCulture, $"{SweptKey}{SweptM:F2}");
        var missed = Missed.IsDefault ? "" : string.Concat(Missed.Take(MostMissed).Select(piece =>
            string.Create(CultureInfo.InvariantCulture, $";{MissedKey}{piece.FromM:F1}-{piece.ToM:F1}:{piece.Reason}")));
        return (Reason is null ? swept : $"{Reason};{swept}") + missed;
    }

    private static MissedPiece? PieceOf(string text)
    {
        const int longestReason = 40;
        var (dash, colon) = (text.IndexOf('-', StringComparison.Ordinal), text.IndexOf(':', StringComparison.Ordinal));
        return dash > 0 && colon > dash + 1 && colon < text.Length - 1 && text.Length - colon <= longestReason
            && Metres(text.AsSpan(0, dash)) is { } fromM && Metres(text.AsSpan(dash + 1, colon - dash - 1)) is { } toM && fromM < toM
            ? new(fromM, toM, text[(colon + 1)..])
            : null;
    }

    private static double? Metres(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var m) && m <= 1e6 ? m : null;
}
