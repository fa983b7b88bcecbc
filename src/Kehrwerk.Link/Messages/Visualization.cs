namespace Kehrwerk.Link.Messages;

/// <summary>Position and path, sent more often than the state, for screens only (VDA 5050 3.0.0, 6.7 and 7.9).</summary>
public sealed record Visualization : VdaMessage
{
    /// <summary>The header id of the last state sent before.</summary>
    public required uint ReferenceStateHeaderId { get; init; }

    public MobileRobotPosition? MobileRobotPosition { get; init; }

    public Velocity? Velocity { get; init; }

    public PlannedPath? PlannedPath { get; init; }

    public IntermediatePath? IntermediatePath { get; init; }
}
