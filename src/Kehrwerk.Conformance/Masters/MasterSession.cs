using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;

namespace Kehrwerk.Conformance.Masters;

/// <summary>The runner as a vehicle of a master control.</summary>
internal sealed class MasterSession : Session
{
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(5);

    private bool isAwake;

    public MasterSession(EventLoop loop, ITransport line, Topics topics, VehicleId vehicle, Route route)
        : base(loop, line, topics, vehicle)
    {
        Played = new(this, route);
    }

    public PlayedVehicle Played { get; }

    /// <summary>The map that the vehicle has.</summary>
    public required string MapId { get; init; }

    /// <summary>Orders that came, in their order.</summary>
    public List<Order> Orders { get; } = [];

    public List<(DateTimeOffset At, RobotAction Action)> Commands { get; } = [];
    public List<ZoneSet> ZoneSets { get; } = [];
    public List<Response> Answers { get; } = [];
    public List<EventReceipt> Receipts { get; } = [];
    public List<Supervision> Leases { get; } = [];

    /// <summary>Orders that were refused, and when.</summary>
    public List<(DateTimeOffset At, Order Order)> RefusedOrders { get; } = [];

    /// <summary>The first order is answered late, so that a master control that repeats can be seen to.</summary>
    private void TakeInTime(Order order)
    {
        if (order.OrderId != Orders[0].OrderId || isAwake)
        {
            Played.Take(order);
        }
        else if (Orders.Count == 1)
        {
            Loop.Schedule(LateBy, () =>
            {
                isAwake = true;
                Played.Take(Orders[^1]);
            });
        }
    }

    public void Refused(Order order) => RefusedOrders.Add((Now, order));

    protected override bool IsOwn(LinkTopic topic) => Topics.IsFromVehicle(topic);

    protected override void Hear(Seen seen)
    {
        if (Played.IsGone || seen.Message.Retain)
        {
            return;
        }

        switch (seen.Content)
        {
            case Order order:
                Orders.Add(order);
                TakeInTime(order);
                break;
            case InstantActions message:
                Commands.AddRange(message.Actions.Select(action => (Now, action)));
                Played.Take(message);
                break;
            case Supervision lease:
                Leases.Add(lease);
                Played.Take(lease);
                break;
            case ZoneSet set:
                ZoneSets.Add(set);
                Played.Take(set);
                break;
            case Responses answers:
                Answers.AddRange(answers.Items);
                break;
            case EventReceipts receipts:
                Receipts.AddRange(receipts.Receipts);
                break;
            default:
                break;
        }
    }
}
