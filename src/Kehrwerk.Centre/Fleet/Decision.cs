using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Record;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>
/// A decision in the making: the twin as it is so far and the effects so far. Lives within one call of
/// <see cref="TwinRules.Decide"/>, which is pure to the outside.
/// </summary>
internal sealed class Decision(Twin twin, DateTimeOffset now, CityContext city)
{
    private readonly List<TwinEffect> effects = [];

    public Twin Twin { get; set; } = twin;
    public DateTimeOffset Now { get; } = now;
    public CityContext City { get; } = city;
    public CentreRules Rules => City.Rules;
    public IReadOnlyList<TwinEffect> Effects => effects;

    public void Do(TwinEffect effect)
    {
        if (effect is not TwinEffect.ViewChanged || !effects.Contains(effect))
        {
            effects.Add(effect);
        }
    }

    public void Note(string kind, string text, string who = TwinRules.Centre) => Do(new TwinEffect.Note(kind, who, ForeignText.Of(text)));

    public void ShowChange() => Do(TwinEffect.ViewChanged.Instance);

    public string NewId(char prefix)
    {
        var number = Twin.NextNumber;
        Twin = Twin with { NextNumber = number + 1 };
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{number}");
    }

    public void SetStep(MissionStep step) => Twin = Twin with { Mission = Twin.Mission!.With(step) };

    /// <summary>Gives a step up; a kerb is reported missed.</summary>
    public void Skip(MissionStep step, string reason)
    {
        SetStep(step with { Status = new StepStatus.Skipped(reason, Now) });
        if (step.Work is StepWork.Sweep { IsAgain: true } again)
        {
            Note("sweepAgainGivenUp", $"{City.City.Kerbs[again.Kerb].Key}: {reason}");
        }
        else if (step.Work is StepWork.Sweep sweep)
        {
            Do(new TwinEffect.KerbMissed(Twin.Mission!.Id, sweep.Kerb, reason, Now));
            Note("kerbMissed", $"{City.City.Kerbs[sweep.Kerb].Key}: {reason}");
        }
    }

    /// <summary>Nothing more is ordered until a person has looked.</summary>
    public void Fail(string fault)
    {
        if (Twin.Fault is null)
        {
            Twin = Twin with { Fault = fault };
            Note("fault", fault);
            ShowChange();
        }
    }

    /// <param name="orderId">For a cancellation: the order that is to go.</param>
    /// <param name="about">For a zone set: its id.</param>
    /// <param name="investigation">For the end of a minimal risk condition.</param>
    public void Command(string actionType, string by, string? orderId = null, string? about = null, MrcInvestigation? investigation = null)
    {
        if (PendingCommand.Holds(actionType))
        {
            // A stop must not wait until a report has shown the release before it.
            Twin = Twin with
            {
                Commands = Twin.Commands.RemoveAll(c => c.Lane == PendingCommand.LaneOf(actionType) && c.ActionType != actionType),
                Release = actionType == SweeperActions.Deactivate ? null : Twin.Release,
            };
        }

        var command = new PendingCommand(NewId('c'), actionType, by, DateTimeOffset.MinValue, orderId, about) { Investigation = investigation, GivenAt = Now };
        Twin = Twin with { Commands = Twin.Commands.Add(command) };
        SendDueCommands();
    }

    /// <summary>Sends the oldest command of each lane whose time has come.</summary>
    public void SendDueCommands()
    {
        Supervising.DropExpired(this);
        for (var i = 0; i < Twin.Commands.Length; i++)
        {
            var command = Twin.Commands[i];
            if (Now - command.SentAt < Rules.RepeatAfter || IsBehindAnother(i) || !MaySend(command.ActionType) || Supervising.MustWait(Twin, command))
            {
                continue;
            }

            if (command.Sends == Rules.UnansweredSends)
            {
                // It goes on being sent: it may be a stop.
                Note("commandUnanswered", $"{command.ActionType}: sent {command.Sends} times, and no report shows it", command.By);
                ShowChange();
            }

            var (sent, action) = Supervising.Sent(Twin, command, Now, Rules.CommandValidFor);
            Twin = Twin with
            {
                Commands = Twin.Commands.SetItem(i, sent),
                CommandHeader = Twin.CommandHeader + 1,
            };
            Do(new TwinEffect.Send(LinkTopic.InstantActions, new InstantActions
            {
                HeaderId = Twin.CommandHeader,
                Timestamp = Now,
                Vehicle = Twin.Id,
                Actions = [action],
            }));
        }
    }

    /// <summary>Not every operating mode lets the Centre act (6.6.6, table 10); what makes a vehicle stand, or only asks it, is sent in all.</summary>
    private bool MaySend(string actionType) => PendingCommand.Holds(actionType) || actionType == SweeperActions.StateRequest || Twin.Facts is not { } facts || facts.MayAct
        || (facts.Mode == OperatingMode.Intervened && actionType == SweeperActions.CancelOrder);

    private bool IsBehindAnother(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (Twin.Commands[i].Lane == Twin.Commands[index].Lane)
            {
                return true;
            }
        }

        return false;
    }
}
