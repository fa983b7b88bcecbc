using System.Globalization;
using Kehrwerk.Portal.Tables;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>A row whose address no list knows.</summary>
public sealed record UnmatchedRow(long Line, string Address);

/// <summary>Reads the statements of a source.</summary>
internal sealed class StatementChecks(string file, FibreMapping mapping, DateOnly fileDay, AddressMatcher matcher, AddressPaths paths) : FibreChecks(file, mapping, fileDay)
{
    /// <summary>So many of them are named.</summary>
    private const int MaxUnmatched = 1000;

    private readonly List<FibreStatement> statements = [];
    private readonly List<UnmatchedRow> unmatched = [];
    private readonly Dictionary<(int Address, string Project), long> lines = [];

    public IReadOnlyList<FibreStatement> Statements => statements;

    /// <summary>The first thousand.</summary>
    public IReadOnlyList<UnmatchedRow> Unmatched => unmatched;

    public int UnmatchedCount { get; private set; }
    public int RowCount => Rows;

    public override void Take(long line, Func<string, string> value, ReadOnlySpan<byte> geometry)
    {
        if (!Counts(line))
        {
            return;
        }

        var before = ProblemCount;
        var street = Field(line, "street", value);
        var number = Field(line, "houseNumber", value) + Field(line, "suffix", value);
        var postcode = Field(line, "postcode", value);
        if (!street.Any(char.IsLetter))
        {
            Wrong(line, ColumnOf("street"), street, "A street's name is expected here; perhaps the columns are shifted");
        }

        if (postcode.Length > 0 && (postcode.Length != 5 || !postcode.All(char.IsAsciiDigit)))
        {
            Wrong(line, ColumnOf("postcode"), postcode, "A postcode has five digits; perhaps the columns are shifted, or leading zeros are lost");
        }

        var statement = new FibreStatement(
            "",
            Field(line, "project", value),
            Field(line, "provider", value),
            Stage(line, value),
            Technology(line, value),
            Services(line, value),
            FundingOf(line, value),
            Cost(line, value),
            Expected(line, value),
            Field(line, "reason", value),
            AsOf(line, value));
        if (ProblemCount > before)
        {
            return;
        }

        var address = matcher.Find(street, number, postcode);
        if (address < 0)
        {
            UnmatchedCount++;
            if (unmatched.Count < MaxUnmatched)
            {
                unmatched.Add(new(line, $"{street} {number}{(postcode.Length > 0 ? $", {postcode}" : "")}"));
            }
        }
        else if (!lines.TryAdd((address, statement.Project), line))
        {
            Wrong(line, ColumnOf("houseNumber"), $"{street} {number}", string.Create(CultureInfo.InvariantCulture, $"Line {lines[(address, statement.Project)]} has the same address and project; take one of them out"));
        }
        else
        {
            statements.Add(statement with { Address = paths.Of(address) });
        }
    }
}
