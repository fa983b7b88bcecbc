using System.Collections.Immutable;
using System.Globalization;
using Kehrwerk.Planning.ArcRouting;
using Kehrwerk.Streets;

namespace Kehrwerk.Planning.Benchmarks;

/// <summary>
/// A solution in terms of its instance's file: required links by their number there, nodes by theirs.
/// The text format is described in <c>docs/reference/arc-solution-format.md</c>. Immutable.
/// </summary>
public sealed record ArcSolutionFile
{
    private const long MaxFileBytes = 32 << 20;

    /// <summary>The file as the person knows it, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>What the solution claims to cost, and the line in which it does.</summary>
    public required long Cost { get; init; }
    public required int CostLine { get; init; }

    public required ImmutableArray<ListedTour> Tours { get; init; }

    /// <summary>A solution of <see cref="ArcInstance.ToProblem"/> in terms of the file, with the lines that <see cref="Write"/> gives it.</summary>
    public static ArcSolutionFile From(ArcInstance instance, ArcSolution solution, string source) => new()
    {
        Source = source,
        Cost = solution.Cost,
        CostLine = 1,
        Tours =
        [
            .. solution.Tours.Select((tour, index) => new ListedTour(
                index + 2,
                [.. tour.Stops.Select(stop => stop.IsSite ? ListedStop.Tip(instance.DumpingSites[stop.Index]) : ListedStop.Serve(stop.Index + 1, stop.Mode == 1))])),
        ],
    };

    /// <exception cref="InputException">The file cannot be read or is no solution; the message names the line and what to do.</exception>
    public static ArcSolutionFile Read(string path)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            if (bytes > MaxFileBytes)
            {
                throw new InputException(path, $"{bytes:N0} bytes are too many for a solution", $"Give a file of at most {MaxFileBytes >> 20} MiB");
            }

            using var text = new StreamReader(path);
            return Read(text, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the file cannot be read: {e.Message.TrimEnd('.')}", "Check the path and its permissions", e);
        }
    }

    /// <param name="source">The file as the person knows it.</param>
    public static ArcSolutionFile Read(TextReader text, string source)
    {
        (long Cost, int Line)? cost = null;
        var tours = ImmutableArray.CreateBuilder<ListedTour>();
        for (var line = 1; text.ReadLine() is { } content; line++)
        {
            var place = $"{source}, line {line}";
            switch (content.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                case []:
                    break;
                case ["cost", var value]:
                    cost = cost is null
                        ? long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                            ? (whole, line)
                            : throw new InputException(place, $"the cost '{Shown(value)}' is not a whole number", "Write digits only, such as: cost 316")
                        : throw new InputException(place, $"the cost stands in line {cost.Value.Line} already", "Keep one of them");
                    break;
                case ["tour", _, ..] words:
                    tours.Add(new(line, [.. words.Skip(1).Select(word => ReadStop(word, place))]));
                    break;
                case ["tour"]:
                    throw new InputException(place, "the tour has no stop", "Remove the line, or list what the tour serves");
                default:
                    throw new InputException(place, $"'{Shown(content.Trim())}' is neither a tour nor the cost", "Begin the line with 'tour', 'cost' or '#'");
            }
        }

        return cost is { } stated
            ? new() { Source = source, Cost = stated.Cost, CostLine = stated.Line, Tours = tours.ToImmutable() }
            : throw new InputException(source, "the line with the cost is missing", "Add it, such as: cost 316");
    }

    public void Write(TextWriter text)
    {
        text.Write(string.Create(CultureInfo.InvariantCulture, $"cost {Cost}\n"));
        foreach (var tour in Tours)
        {
            text.Write($"tour {string.Join(' ', tour.Stops)}\n");
        }
    }

    private static ListedStop ReadStop(string word, string place)
    {
        var isTip = word.StartsWith("tip:", StringComparison.Ordinal);
        if (!int.TryParse(isTip ? word[4..] : word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || (!isTip && number is 0 or int.MinValue))
        {
            throw new InputException(
                place, $"'{Shown(word)}' is not a stop", "Write the number of a required link, from 1 and with a minus where it is served backwards, or tip:NODE");
        }

        return isTip ? ListedStop.Tip(number) : ListedStop.Serve(Math.Abs(number), number < 0);
    }

    private static string Shown(string text) =>
        new([.. (text.Length > 60 ? text[..60] + "…" : text).Select(c => char.IsControl(c) ? '?' : c)]);
}

/// <summary>A tour as its line in the file lists it; the ways from and to the depot go without saying.</summary>
public sealed record ListedTour(int Line, ImmutableArray<ListedStop> Stops);

/// <summary>A required link to be served, or a dumping site.</summary>
/// <param name="Number">Of the required link in the order of the instance file, from 1; or the site's node.</param>
/// <param name="IsBackward">Served from the link's second node to its first.</param>
public readonly record struct ListedStop(bool IsTip, int Number, bool IsBackward)
{
    public static ListedStop Serve(int number, bool isBackward) => new(false, number, isBackward);

    public static ListedStop Tip(int node) => new(true, node, false);

    /// <summary>As it stands in the file.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsTip ? "tip:" : IsBackward ? "-" : "")}{Number}");
}
