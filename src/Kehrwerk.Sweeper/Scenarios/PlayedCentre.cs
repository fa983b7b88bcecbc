using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>
/// The Centre and its supervisor in a scenario, with the line between them and the vehicle: answers each state with a lease, answers proposals after a while, gives
/// the scenario's commands, and keeps what the vehicle said. Written to the safety profile, not to our Centre. Not thread-safe.
/// </summary>
internal sealed class PlayedCentre
{
    private const uint Epoch = 2;
    private const string Supervisor = "supervisor";
    private static readonly TimeSpan GrantFor = TimeSpan.FromSeconds(30);

    private readonly EventLoop loop;
    private readonly Scenario scenario;
    private readonly IReadOnlyList<double> drawn;
    private readonly SweeperProgram program;
    private readonly MapDeclaration map;
    private readonly DateTimeOffset begin;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly List<string> refusable = [];
    private uint leaseId, header;
    private int nextAction;

    public PlayedCentre(EventLoop loop, Scenario scenario, IReadOnlyList<double> drawn, SweeperProgram program, MapDeclaration map)
    {
        (this.loop, this.scenario, this.drawn, this.program, this.map, begin) = (loop, scenario, drawn, program, map, loop.Now);
        foreach (var command in scenario.Commands)
        {
            loop.Schedule(TimeSpan.FromSeconds(command.AtS.In(drawn)), () => Give(command.Kind));
        }
    }

    public State? State { get; private set; }
    public SafetyReport? Report { get; private set; }

    /// <summary>Types of the errors in any state, and what was announced in any report.</summary>
    public HashSet<string> Errors { get; } = new(StringComparer.Ordinal);

    public HashSet<Announcement> Announced { get; } = [];
    /// <summary>Results of actions that failed.</summary>
    public HashSet<string> FailedWith { get; } = new(StringComparer.Ordinal);

    /// <summary>Recorded events as they came, each once.</summary>
    public Dictionary<string, string> EventTexts { get; } = new(StringComparer.Ordinal);

    public int Events => EventTexts.Count;

    /// <summary>What was said and done, for the drawing of the run.</summary>
    public List<(double TimeS, string Text)> Story { get; } = [];

    /// <summary>When the vehicle was first at minimal risk, standing; not-a-number: never.</summary>
    public double MrcS { get; private set; } = double.NaN;

    /// <summary>Every command that had to be refused was.</summary>
    public bool HasRefusedAll { get; private set; }

    private double NowS => (loop.Now - begin).TotalSeconds;

    /// <summary>What the vehicle sends; lost while the line is cut.</summary>
    public void Carry(IReadOnlyList<LinkMessage> messages)
    {
        foreach (var message in messages)
        {
            if (!IsCut)
            {
                loop.Schedule(Delay, () => Hear(message));
            }
        }
    }

    public void Send(Order order) => Send(LinkTopic.Order, LinkJson.Serialize(order with { HeaderId = header++, Timestamp = loop.Now, SupervisionEpoch = Epoch }));

    private bool IsCut => scenario.Link.CutAtS.In(drawn) is >= 0 and var fromS && NowS >= fromS && NowS < fromS + scenario.Link.CutForS.In(drawn);

    private TimeSpan Delay => TimeSpan.FromMilliseconds(scenario.Link.DelayMs.In(drawn) + (scenario.Link.DelayGrowsMsPerS.In(drawn) * NowS));

    private bool IsOnDuty => scenario.Supervisor.LeavesAtS.In(drawn) is var leavesS && (leavesS < 0 || NowS < leavesS);

    private void Hear(LinkMessage message)
    {
        switch (Topics.Default.TryParse(message.Topic, out _, out var topic) ? topic : LinkTopic.Connection)
        {
            case LinkTopic.State when LinkJson.Read<State>(message.Payload.Span) is { IsOk: true } read:
                Hear(read.Message);
                break;
            case LinkTopic.Safety when LinkJson.Read<SafetyReport>(message.Payload.Span) is { IsOk: true } read:
                Hear(read.Message);
                break;
            case LinkTopic.Events when LinkJson.Read<EventMessage>(message.Payload.Span) is { IsOk: true } read:
                if (EventTexts.TryAdd(read.Message.EventId, read.Message.Content))
                {
                    Tell("event recorded");
                }

                Send(LinkTopic.EventReceipts, LinkJson.Serialize(new EventReceipts
                {
                    HeaderId = header++,
                    Timestamp = loop.Now,
                    Vehicle = program.Id,
                    Receipts = [new(read.Message.EventId, read.Message.IsWhole())],
                }));
                break;
        }
    }

    private void Hear(State state)
    {
        State = state;
        foreach (var error in state.Errors)
        {
            if (Errors.Add(error.ErrorType))
            {
                Tell($"{error.ErrorType}: {error.ErrorDescription}");
            }
        }

        foreach (var action in state.ActionStates)
        {
            if (action is { ActionStatus: ActionStatus.Failed, ActionResult: { } why } && FailedWith.Add(why))
            {
                Tell($"{action.ActionType} failed: {why}");
            }
        }

        HasRefusedAll = refusable.Count > 0 && refusable.TrueForAll(id => state.InstantActionStates.Any(action => action.ActionId == id && action.ActionStatus == ActionStatus.Failed));
        leaseId++;
        Send(LinkTopic.Supervision, LinkJson.Serialize(Lease(state, Epoch, leaseId)));
        var grants = scenario.Supervisor.Grants;
        foreach (var request in state.EdgeRequests)
        {
            if (asked.Add(request.RequestId))
            {
                var data = state.Information.FirstOrDefault(info => info.InfoReferences.Any(reference => reference.ReferenceValue == request.RequestId))?.InfoReferences ?? [];
                var said = string.Join(", ", data.Where(reference => reference.ReferenceKey is "reason" or "lengthM" or "widthM" or "obstacle").Select(reference => $"{reference.ReferenceKey} {reference.ReferenceValue}"));
                Tell($"asks: {said}");

                // Of what is proposed at once the first: the vehicle names the gentlest first.
                var answer = grants;
                grants = false;
                loop.Schedule(TimeSpan.FromSeconds(scenario.Supervisor.AnswersAfterS.In(drawn)), () => Answer(request.RequestId, answer));
            }
        }
    }

    private void Hear(SafetyReport report)
    {
        if (report.Mode != Report?.Mode)
        {
            Tell($"supervision: {report.Mode} {report.Cause}");
        }

        MrcS = report.Mode == SafetyMode.Mrc && double.IsNaN(MrcS) ? (report.Timestamp - begin).TotalSeconds : MrcS;
        Report = report;
        foreach (var said in report.Announcements)
        {
            if (Announced.Add(said))
            {
                Tell($"announces {said}");
            }
        }
    }

    private Supervision Lease(State state, uint epoch, uint lease) => new()
    {
        HeaderId = header++,
        Timestamp = loop.Now,
        Vehicle = program.Id,
        Epoch = epoch,
        LeaseId = lease,
        ValidForS = 3,
        SupervisorOnDuty = IsOnDuty,
        Heard = new(state.HeaderId, state.Timestamp),
        Map = map,
    };

    private void Answer(string requestId, bool grants)
    {
        if (!IsOnDuty)
        {
            return;
        }

        Tell(grants ? $"releases {requestId}" : $"rejects {requestId}");
        Send(LinkTopic.Responses, LinkJson.Serialize(new Responses
        {
            HeaderId = header++,
            Timestamp = loop.Now,
            Vehicle = program.Id,
            Items = [new(requestId, grants ? GrantType.Granted : GrantType.Rejected, grants ? loop.Now + GrantFor : null)],
        }));
    }

    private void Give(CommandKind kind)
    {
        Tell($"command: {kind}");
        var id = $"c{nextAction++}";
        var stamp = new CommandStamp(Epoch, leaseId, 10, Supervisor);
        switch (kind)
        {
            case CommandKind.Pause:
                Command(stamp.On(SweeperActions.Instant(SweeperActions.StartPause, id)));
                break;
            case CommandKind.Deactivate:
                Command(stamp.On(SweeperActions.Instant(SweeperActions.Deactivate, id)));
                break;
            case CommandKind.SpoofedActivate:
                refusable.Add(id);
                Command(SweeperActions.Instant(SweeperActions.Activate, id));
                break;
            case CommandKind.SpoofedRelease:
                refusable.Add(id);
                Command((stamp with { Epoch = Epoch - 1 }).On(new MrcInvestigation("mrc-1", "forged", "forged").ToAction(id)));
                break;
            case CommandKind.OldEpochLease when State is not null:
                Send(LinkTopic.Supervision, LinkJson.Serialize(Lease(State, Epoch - 1, leaseId + 1000)));
                break;
        }
    }

    private void Command(RobotAction action) =>
        Send(LinkTopic.InstantActions, LinkJson.Serialize(new InstantActions { HeaderId = header++, Timestamp = loop.Now, Vehicle = program.Id, Actions = [action] }));

    private void Send(LinkTopic topic, byte[] payload)
    {
        if (!IsCut)
        {
            loop.Schedule(Delay, () => Carry(program.Receive(new(Topics.Default.Of(program.Id, topic), payload), loop.Now)));
        }
    }

    private void Tell(string text) => Story.Add((NowS, text));
}
