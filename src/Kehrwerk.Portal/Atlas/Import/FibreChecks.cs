using System.Globalization;
using Kehrwerk.Portal.Tables;

namespace Kehrwerk.Portal.Atlas.Import;

/// <summary>Reads the fields that statements and projects share, each by the source's mapping.</summary>
internal abstract class FibreChecks(string file, FibreMapping mapping, DateOnly fileDay) : TableChecks(file, mapping)
{
    private const int MaxRows = 5_000_000;
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    private static readonly Dictionary<string, FibreStage> Stages = Names<FibreStage>();
    private static readonly Dictionary<string, AccessTechnology> Technologies = Names<AccessTechnology>();
    private static readonly Dictionary<string, Funding> Fundings = Names<Funding>();
    private static readonly Dictionary<string, FibreServices> ServiceNames = Names<FibreServices>();

    protected int Rows { get; private set; }

    /// <summary>Counts a row; false where there are more than are read.</summary>
    protected bool Counts(long line)
    {
        if (++Rows > MaxRows)
        {
            Wrong(line, "", "", "The source has more than five million rows; give that of one city");
            return false;
        }

        return true;
    }

    /// <summary>A field in the words of the atlas; empty where the row says nothing.</summary>
    protected string Field(long line, string field, Func<string, string> value)
    {
        var text = Text(line, mapping.Fields.GetValueOrDefault(field), value);
        if (mapping.Values.TryGetValue(field, out var words) && words.TryGetValue(text, out var word))
        {
            text = word;
        }

        return text.Length > 0 ? text : mapping.Fixed.GetValueOrDefault(field, "");
    }

    protected FibreStage Stage(long line, Func<string, string> value) => One(line, "stage", value, Stages, null) ?? default;

    protected AccessTechnology Technology(long line, Func<string, string> value) => One(line, "technology", value, Technologies, AccessTechnology.Unknown) ?? default;

    protected Funding FundingOf(long line, Func<string, string> value) => One(line, "funding", value, Fundings, Funding.Unknown) ?? default;

    protected FibreServices Services(long line, Func<string, string> value)
    {
        var services = FibreServices.None;
        var text = Field(line, "services", value);
        foreach (var name in text.Split([',', ' ', '|', '/', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!ServiceNames.TryGetValue(name, out var service))
            {
                Wrong(line, ColumnOf("services"), text, $"'{name}' is none of {string.Join(", ", ServiceNames.Keys)}; say under 'values' what it means");
                return services;
            }

            services |= service;
        }

        return services;
    }

    protected decimal? Cost(long line, Func<string, string> value)
    {
        var text = Field(line, "cost", value).Replace("€", "", StringComparison.Ordinal).Replace("EUR", "", StringComparison.OrdinalIgnoreCase).Trim();
        if (text.Length == 0)
        {
            return null;
        }

        // A comma is a decimal comma, as in German lists; nothing parts thousands there.
        if (decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost) && cost <= 1_000_000)
        {
            return cost;
        }

        Wrong(line, ColumnOf("cost"), text, "The cost is expected here, in euros from 0 to 1,000,000, without points between thousands");
        return null;
    }

    protected RoughDate? Expected(long line, Func<string, string> value)
    {
        var text = Field(line, "expected", value);
        if (text.Length == 0)
        {
            return null;
        }

        if (RoughDate.TryParse(text, out var date) || (IsGermanDay(text, out var day) && RoughDate.TryParse(day, out date)))
        {
            return date;
        }

        Wrong(line, ColumnOf("expected"), text, "A date is expected here: 2027, 2027-Q3, 2027-09, 2027-09-30 or 30.09.2027");
        return null;
    }

    protected DateOnly AsOf(long line, Func<string, string> value)
    {
        var text = Field(line, "asOf", value);
        if (text.Length == 0)
        {
            return fileDay;
        }

        if (IsGermanDay(text, out var iso) || text.Length >= 10)
        {
            iso = iso.Length > 0 ? iso : text[..10];
            if (DateOnly.TryParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= FirstDay)
            {
                return day;
            }
        }

        Wrong(line, ColumnOf("asOf"), text, "The day of the statement is expected here: 2027-09-30 or 30.09.2027");
        return fileDay;
    }

    protected string ColumnOf(string field) => mapping.Fields.GetValueOrDefault(field, field);

    private T? One<T>(long line, string field, Func<string, string> value, Dictionary<string, T> names, T? otherwise)
        where T : struct
    {
        var text = Field(line, field, value);
        if (text.Length == 0 && otherwise is not null)
        {
            return otherwise;
        }

        if (names.TryGetValue(text, out var one))
        {
            return one;
        }

        Wrong(line, ColumnOf(field), text, $"The {field} is none of {string.Join(", ", names.Keys)}; say under 'values' what the source's word means, or check whether the columns are shifted");
        return null;
    }

    private static bool IsGermanDay(string text, out string iso)
    {
        var isDay = DateOnly.TryParseExact(text, ["d.M.yyyy", "dd.MM.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        iso = isDay ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        return isDay;
    }

    private static Dictionary<string, T> Names<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(v => char.ToLowerInvariant(v.ToString()[0]) + v.ToString()[1..], v => v, StringComparer.OrdinalIgnoreCase);
}
