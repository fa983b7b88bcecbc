using System.Globalization;

namespace Kehrwerk.Link;

/// <summary>
/// What a sweeper tells in the <c>actionResult</c> of a sweep, e.g. <c>hopperFull;sweptM=12.50</c>: how far it swept, and why it
/// did not reach the end.
/// </summary>
/// <param name="SweptM">Metres swept with this action, from where it began; finite and not negative.</param>
/// <param name="Reason">One word; null if the end was reached.</param>
public readonly record struct SweepResult(double SweptM, string? Reason = null)
{
    public const string HopperFull = "hopperFull";
    public const string WaterEmpty = "waterEmpty";
    public const string BatteryLow = "batteryLow";

    private const string SweptKey = "sweptM=";
    private static readonly char[] Separators = [' ', ';', ','];

    /// <summary>Reads what any vehicle may have written; what it does not say is 0 metres and no reason.</summary>
    public static SweepResult Parse(string? text)
    {
        var sweptM = 0.0;
        string? reason = null;
        foreach (var word in (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.StartsWith(SweptKey, StringComparison.Ordinal))
            {
                reason ??= word;
            }
            else if (double.TryParse(word.AsSpan(SweptKey.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var m) && double.IsFinite(m) && m > 0)
            {
                sweptM = m;
            }
        }

        return new(sweptM, reason);
    }

    public override string ToString()
    {
        var swept = string.Create(CultureInfo.InvariantCulture, $"{SweptKey}{SweptM:F2}");
        return Reason is null ? swept : $"{Reason};{swept}";
    }
}
