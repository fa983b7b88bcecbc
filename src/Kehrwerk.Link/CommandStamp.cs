using Kehrwerk.Link.Messages;

namespace Kehrwerk.Link;

/// <summary>
/// What the safety profile adds to an instant action (SP-CMD): which Centre gives it, for whom, and how long it may be carried out.
/// It travels as parameters of the action.
/// </summary>
/// <param name="Epoch">The Centre's epoch.</param>
/// <param name="LeaseId">The newest lease that it had given when the command was made: the vehicle counts the command's age from there.</param>
/// <param name="ValidForS">Older than this the vehicle refuses it, seconds.</param>
/// <param name="By">The person or the part of the Centre that gives it.</param>
public sealed record CommandStamp(uint Epoch, uint LeaseId, double ValidForS, string By)
{
    /// <summary>The longest that a command may be valid, seconds.</summary>
    public const double MaxValidForS = 60;

    /// <summary>The longest name of who gives a command.</summary>
    public const int MaxByLength = 200;

    /// <summary>Who gives a command that no person gave.</summary>
    public const string Centre = "centre";

    private const string EpochKey = "epoch";
    private const string LeaseKey = "leaseId";
    private const string ValidForKey = "validForS";
    private const string ByKey = "by";

    /// <summary>The action with this stamp.</summary>
    public RobotAction On(RobotAction action) => action with
    {
        ActionParameters = [.. action.ActionParameters, new(EpochKey, Epoch), new(LeaseKey, LeaseId), new(ValidForKey, ValidForS), new(ByKey, By)],
    };

    /// <summary>The stamp of an action; null with a reason if it has none or a wrong one.</summary>
    public static CommandStamp? Of(RobotAction action, out string? fault)
    {
        fault = null;
        if (Number(action, EpochKey) is { } epoch && Number(action, LeaseKey) is { } lease
            && action[ValidForKey]?.AsNumber is > 0 and <= MaxValidForS and var validForS && action[ByKey]?.AsText is { Length: > 0 and <= MaxByLength } by)
        {
            return new(epoch, lease, validForS, by);
        }

        fault = $"it needs the parameters {EpochKey}, {LeaseKey} (whole numbers), {ValidForKey} (above 0 to {MaxValidForS}) and {ByKey} (text of 1 to {MaxByLength} characters)";
        return null;
    }

    private static uint? Number(RobotAction action, string key) =>
        action[key]?.AsNumber is >= 0 and <= uint.MaxValue and var value && value == Math.Floor(value) ? (uint)value : null;
}

/// <summary>What a supervisor found before a minimal risk condition is ended (AFGBV § 14 (3)).</summary>
/// <param name="MrcId">The condition that was investigated.</param>
/// <param name="Finding">One word or short phrase: what triggered it, and whether it was needed.</param>
/// <param name="Text">What was looked at and why the vehicle may go on.</param>
/// <param name="CancelsOrder">The order is given up; else the vehicle goes on with it.</param>
public sealed record MrcInvestigation(string MrcId, string Finding, string Text, bool CancelsOrder = false)
{
    public const int MaxTextLength = 1_000;

    private const string MrcKey = "mrcId";
    private const string FindingKey = "finding";
    private const string TextKey = "text";
    private const string ThenKey = "then";
    private const string Continue = "continue";
    private const string Cancel = "cancel";

    public RobotAction ToAction(string actionId) => SweeperActions.Instant(
        SweeperActions.EndMrc,
        actionId,
        new ActionParameter(MrcKey, MrcId),
        new ActionParameter(FindingKey, Finding),
        new ActionParameter(TextKey, Text),
        new ActionParameter(ThenKey, CancelsOrder ? Cancel : Continue));

    /// <summary>The investigation in an action; null with a reason if something is missing.</summary>
    public static MrcInvestigation? Of(RobotAction action, out string? fault)
    {
        string? Text(string key) => action[key]?.AsText is { Length: > 0 and <= MaxTextLength } text ? text : null;
        var then = Text(ThenKey);
        if (Text(MrcKey) is { } id && Text(FindingKey) is { } finding && Text(TextKey) is { } text && then is (Continue or Cancel))
        {
            fault = null;
            return new(id, finding, text, then == Cancel);
        }

        fault = $"it needs the parameters {MrcKey}, {FindingKey}, {TextKey} (texts of 1 to {MaxTextLength} characters) and {ThenKey} ({Continue} or {Cancel})";
        return null;
    }
}
