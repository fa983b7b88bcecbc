using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>What may happen beside an action (VDA 5050 3.0.0, table 3).</summary>
[JsonConverter(typeof(WireEnumConverter<BlockingType>))]
[SuppressMessage("Naming", "CA1720", Justification = "The words of the standard.")]
public enum BlockingType
{
    /// <summary>Driving and other actions may go on.</summary>
    None,

    /// <summary>Other actions may go on, driving may not.</summary>
    Soft,

    /// <summary>Driving may go on, other actions may not.</summary>
    Single,

    /// <summary>Nothing else may happen.</summary>
    Hard,
}

/// <summary>
/// One thing to do on a node, an edge or at once (VDA 5050 3.0.0, 7.3 <c>action</c>).
/// <paramref name="ActionId"/> is unique and maps the action to its <see cref="ActionState"/>.
/// </summary>
public sealed record RobotAction(
    string ActionType,
    string ActionId,
    BlockingType BlockingType,
    string? ActionDescriptor = null,
    bool? Retriable = null)
{
    public ImmutableArray<ActionParameter> ActionParameters { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The value of a parameter, or null if the action has none of that key.</summary>
    public ParameterValue? this[string key]
    {
        get
        {
            foreach (var parameter in ActionParameters)
            {
                if (parameter.Key == key)
                {
                    return parameter.Value;
                }
            }

            return null;
        }
    }
}

public sealed record ActionParameter(string Key, ParameterValue Value);
