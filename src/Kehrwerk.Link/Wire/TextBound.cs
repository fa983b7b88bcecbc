using System.Collections.Immutable;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link.Wire;

/// <summary>The bound of names that the receiver keeps and tells again: ids, types and keys.</summary>
public static class TextBound
{
    /// <summary>The longest id, type or key, in characters (UTF-16).</summary>
    public const int MaxName = 200;

    /// <summary>Says of a name that it is too long, as <c>field: reason</c>; null if it is not.</summary>
    internal static string? Fault(string field, string? name) =>
        name is { Length: > MaxName } ? $"{field}: {name.Length} characters are more than {MaxName}" : null;

    internal static string? Fault(string field, ImmutableArray<RobotAction> actions)
    {
        for (var i = 0; i < actions.Length; i++)
        {
            var at = $"{field}[{i}]";
            var fault = Fault(at + ".actionType", actions[i].ActionType) ?? Fault(at + ".actionId", actions[i].ActionId);
            for (var k = 0; k < actions[i].ActionParameters.Length && fault is null; k++)
            {
                fault = Fault($"{at}.actionParameters[{k}].key", actions[i].ActionParameters[k].Key);
            }

            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }
}
