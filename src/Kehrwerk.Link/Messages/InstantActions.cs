using System.Collections.Immutable;
using Kehrwerk.Link.Wire;

namespace Kehrwerk.Link.Messages;

/// <summary>Actions to be done at once, apart from the order (VDA 5050 3.0.0, 6.2.1 and 7.4). Their blocking type is always NONE.</summary>
public sealed record InstantActions : VdaMessage
{
    public required ImmutableArray<RobotAction> Actions { get; init; }

    internal override string? Fault()
    {
        for (var i = 0; i < Actions.Length; i++)
        {
            if (Actions[i].BlockingType != BlockingType.None)
            {
                return $"actions[{i}].blockingType: must be NONE for an instant action";
            }
        }

        return TextBound.Fault("actions", Actions) ?? base.Fault();
    }
}
