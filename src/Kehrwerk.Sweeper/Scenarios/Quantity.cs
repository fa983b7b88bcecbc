using System.Globalization;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>A range from which a run of a scenario takes one value.</summary>
/// <param name="Choices">Exactly these values; empty: anything from <paramref name="From"/> to <paramref name="To"/>.</param>
internal sealed record Parameter(string Name, string Unit, double From, double To, IReadOnlyList<double> Choices)
{
    /// <param name="share">0–1, evenly distributed.</param>
    public double At(double share) => Choices.Count > 0 ? Choices[Math.Min(Choices.Count - 1, (int)(share * Choices.Count))] : From + (share * (To - From));
}

/// <summary>
/// A number of a scenario: fixed, or a parameter times a factor plus an offset, as <c>3</c>, <c>"$gapM"</c> or <c>{ "of": "$gapM", "times": -1, "plus": 20 }</c>.
/// </summary>
internal readonly record struct Quantity(int Parameter, double Times, double Plus)
{
    public static Quantity Fixed(double value) => new(-1, 0, value);

    /// <param name="drawn">The values of this run, in the order of the scenario's parameters.</param>
    public double In(IReadOnlyList<double> drawn) => Parameter < 0 ? Plus : (Times * drawn[Parameter]) + Plus;
}

/// <summary>Reads the quantities of one file, checks that they stay in range whatever is drawn, and sees to it that every parameter is used.</summary>
internal sealed class QuantityReader(IReadOnlyList<Parameter> parameters)
{
    private readonly HashSet<int> used = [];

    public bool IsUsed(int parameter) => used.Contains(parameter);

    public Quantity Read(JsonNode parent, string field, double minimum, double maximum, double? otherwise = null) =>
        parent.Find(field) is { } node ? Read(node, minimum, maximum)
        : otherwise is { } value ? Quantity.Fixed(value)
        : Read(parent.Take(field), minimum, maximum);

    public Quantity Read(JsonNode node, double minimum, double maximum)
    {
        if (node.Kind is not (System.Text.Json.JsonTokenType.String or System.Text.Json.JsonTokenType.StartObject))
        {
            return Quantity.Fixed(node.TakeNumber(minimum, maximum));
        }

        var (name, times, plus) = (node, 1.0, 0.0);
        if (node.Kind == System.Text.Json.JsonTokenType.StartObject)
        {
            name = node.Take("of");
            times = node.Find("times")?.TakeNumber(-1e6, 1e6) ?? 1;
            plus = node.Find("plus")?.TakeNumber(-1e6, 1e6) ?? 0;
            node.RefuseUnknown();
        }

        var index = Index(name);
        used.Add(index);
        var quantity = new Quantity(index, times, plus);
        foreach (var end in parameters[index].Choices.Count > 0 ? parameters[index].Choices : [parameters[index].From, parameters[index].To])
        {
            var value = (times * end) + plus;
            if (!(value >= minimum && value <= maximum))
            {
                throw node.Fault(
                    string.Create(CultureInfo.InvariantCulture, $"With {parameters[index].Name} = {end} '{node.Path}' becomes {value}, which is not from {minimum} to {maximum}"),
                    "Narrow the parameter's range");
            }
        }

        return quantity;
    }

    private int Index(JsonNode node)
    {
        var text = node.TakeText();
        for (var i = 0; i < parameters.Count; i++)
        {
            if (text == "$" + parameters[i].Name)
            {
                return i;
            }
        }

        throw node.Fault(
            $"'{text}' is neither a number nor a parameter of this scenario",
            $"Give a number or one of: {string.Join(", ", parameters.Select(parameter => "$" + parameter.Name))}");
    }
}
