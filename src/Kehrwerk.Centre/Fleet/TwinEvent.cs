using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Something that happened to a vehicle or is wanted from it.</summary>
public abstract record TwinEvent
{
    public sealed record Reported(State State) : TwinEvent;

    public sealed record ConnectionChanged(Connection Connection) : TwinEvent;

    public sealed record Declared(Factsheet Factsheet) : TwinEvent;

    /// <summary>What the vehicle says of its supervision.</summary>
    public sealed record SafetyReported(SafetyReport Report) : TwinEvent;

    /// <summary>The vehicle sends what it recorded.</summary>
    public sealed record EventCame(EventMessage Message) : TwinEvent;

    /// <summary>A second has passed.</summary>
    /// <param name="IsSupervisorOnDuty">Somebody watches over the fleet.</param>
    /// <param name="IsCleared">The vehicle may depart today.</param>
    public sealed record Ticked(bool IsSupervisorOnDuty = true, bool IsCleared = true) : TwinEvent;

    public sealed record MissionAssigned(Mission Mission) : TwinEvent;

    /// <param name="By">Who gave it, for the record.</param>
    /// <param name="Investigation">With a release from the minimal risk condition.</param>
    public sealed record Commanded(VehicleCommandKind Kind, string By, Investigation? Investigation = null) : TwinEvent;

    /// <summary>A person answers a request of the vehicle.</summary>
    /// <param name="Lease">How long a grant is to hold; null: as long as is usual.</param>
    /// <param name="By">Who answers, for the record.</param>
    /// <param name="Reason">Why, for the record.</param>
    public sealed record Answered(string RequestId, GrantType Grant, TimeSpan? Lease, string By, string Reason = "") : TwinEvent;

    /// <param name="Number">Of the bay, from 1.</param>
    public sealed record BayGranted(DepotService Kind, int Number = 1) : TwinEvent;

    /// <summary>The book answers what was asked for with <see cref="TwinEffect.AskRoad"/>.</summary>
    public sealed record RoadAnswered(RoadClaim Claim, RoadAnswer Answer) : TwinEvent;

    /// <summary>The city's closures are others now.</summary>
    public sealed record ClosuresChanged : TwinEvent;

    /// <summary>The Centre has started again and loaded this twin from its store.</summary>
    public sealed record Restarted : TwinEvent;
}

/// <summary>What the shell has to do after a decision: first all that is stored, then the rest, in the order given.</summary>
public abstract record TwinEffect
{
    /// <summary>Send a message to the vehicle.</summary>
    public sealed record Send(LinkTopic Topic, VdaMessage Message) : TwinEffect
    {
        public byte[] ToBytes() => Message switch
        {
            Order order => LinkJson.Serialize(order),
            InstantActions actions => LinkJson.Serialize(actions),
            Supervision lease => LinkJson.Serialize(lease),
            EventReceipts receipts => LinkJson.Serialize(receipts),
            ZoneSet zones => LinkJson.Serialize(zones),
            Responses answers => LinkJson.Serialize(answers),
            _ => throw new InvalidOperationException($"A Centre does not send {Message.GetType().Name}."),
        };
    }

    /// <summary>Keep a recorded event; the same one may come again, and another content under its id too.</summary>
    public sealed record KeepEvent(string EventId, DateTimeOffset At, string Sha256, string Content) : TwinEffect;

    /// <summary>Ask for a bay, or ask again: the depot answers whether it is granted.</summary>
    public sealed record AskBay(DepotService Kind) : TwinEffect;

    public sealed record FreeBay(DepotService Kind) : TwinEffect;

    /// <summary>The bay in which the vehicle stands failed: it gives it up, and nobody is sent there until a time.</summary>
    public sealed record BayBroken(DepotService Kind, DateTimeOffset Until) : TwinEffect;

    /// <summary>Announce the way and ask that so many arcs of it be granted.</summary>
    public sealed record AskRoad(RoadClaim Claim, int Want) : TwinEffect;

    /// <summary>Let the book know what the vehicle holds now; null: nothing.</summary>
    public sealed record TellRoad(RoadClaim? Claim) : TwinEffect;

    /// <summary>A kerb has been swept; at most once per mission and kerb.</summary>
    public sealed record KerbSwept(string Mission, int Kerb, DateTimeOffset At) : TwinEffect;

    /// <summary>A kerb of the mission is given up.</summary>
    public sealed record KerbMissed(string Mission, int Kerb, string Reason, DateTimeOffset At) : TwinEffect;

    public sealed record MissionEnded(string Mission, DateTimeOffset At) : TwinEffect;

    /// <summary>For the record.</summary>
    public sealed record Note(string Kind, string Who, string Text) : TwinEffect;

    /// <summary>Screens show something else now.</summary>
    public sealed record ViewChanged : TwinEffect
    {
        public static ViewChanged Instance { get; } = new();
    }
}
