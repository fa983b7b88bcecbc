using Kehrwerk.Centre.Fleet;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper;

namespace Kehrwerk.Faults;

/// <summary>
/// What the Centre said to one vehicle name and what was reported under it, across all restarts. Each vehicle that carries the name has its own <see cref="Ears"/>: what it
/// heard, and what it may do by that.
/// </summary>
internal sealed class VehicleLedger
{
    private readonly Dictionary<string, int> orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> actions = new(StringComparer.Ordinal);
    private readonly Dictionary<FaultVehicle, Ears> ears = [];
    private int releases;
    private int resumes;
    private int activations;
    private int unpauses;

    /// <summary>Ids of all actions that were ever reported finished.</summary>
    public HashSet<string> Finished { get; } = new(StringComparer.Ordinal);

    public Ears Of(FaultVehicle vehicle)
    {
        if (!ears.TryGetValue(vehicle, out var found))
        {
            ears.Add(vehicle, found = new(this));
        }

        return found;
    }

    public void Commanded(VehicleCommandKind kind)
    {
        releases += kind == VehicleCommandKind.Release ? 1 : 0;
        resumes += kind == VehicleCommandKind.Resume ? 1 : 0;
    }

    public void Reported(State state)
    {
        foreach (var action in state.ActionStates)
        {
            if (action.ActionStatus == ActionStatus.Finished)
            {
                Finished.Add(action.ActionId);
            }
        }
    }

    public void Sent(Order order) => orders.TryAdd(order.OrderId, orders.Count);

    /// <returns>What is wrong with it, or null.</returns>
    public string? Sent(InstantActions message)
    {
        foreach (var action in message.Actions)
        {
            if (actions.TryAdd(action.ActionId, actions.Count))
            {
                activations += action.ActionType is SweeperActions.Activate or SweeperActions.EndMrc ? 1 : 0;
                unpauses += action.ActionType == SweeperActions.StopPause ? 1 : 0;
            }
        }

        return activations > releases ? "it was sent a release that no person gave"
            : unpauses > resumes ? "it was sent the end of a pause that no person gave"
            : null;
    }

    /// <summary>One vehicle: what it heard, across its restarts.</summary>
    internal sealed class Ears(VehicleLedger ledger)
    {
        // From the fastest a sweeper drives to standstill by the weaker of its brakes, and what a clock that is set back makes of it.
        private static readonly TimeSpan BrakingTime = TimeSpan.FromSeconds(12);
        private const double LeaseTimeoutS = 3;

        private readonly Dictionary<string, DateTimeOffset> cancelled = new(StringComparer.Ordinal);
        private int newestOrder = -1;
        private (int Action, DateTimeOffset At) stop = (-1, default);
        private (int Action, DateTimeOffset At) pause = (-1, default);
        private int release = -1;
        private int unpause = -1;
        private readonly Dictionary<uint, DateTimeOffset> saidAt = [];
        private readonly HashSet<string> investigated = new(StringComparer.Ordinal);
        private DateTimeOffset heldFrom = DateTimeOffset.MinValue;
        private SafetyReport? safety;
        private string orderId = "";
        private byte[] actions = [];

        /// <summary>A pause is not kept by the vehicle: without an order it stands anyway, and the Centre holds it again.</summary>
        public void Restarted()
        {
            (orderId, pause, heldFrom) = ("", (-1, default), DateTimeOffset.MinValue);
            saidAt.Clear();
        }

        public void SaysState(uint headerId, DateTimeOffset now) => saidAt[headerId] = now;

        /// <summary>A deactivation at minimal risk is one of its own, with another id.</summary>
        /// <returns>What is wrong with it, or null.</returns>
        public string? Says(SafetyReport report)
        {
            var before = safety;
            safety = report;
            return before is { MrcId: { } mrc } && report.MrcId is null && !investigated.Contains(mrc) ? $"{mrc} is over, and the vehicle heard of no investigation" : null;
        }

        public void Hears(Supervision lease)
        {
            if (lease.SupervisorOnDuty && saidAt.TryGetValue(lease.Heard.HeaderId, out var at) && at > heldFrom)
            {
                heldFrom = at;
            }
        }

        /// <summary>Whether the part of a state that tells of the order's actions is another than the last time.</summary>
        public bool HasOtherActions(ReadOnlySpan<byte> state)
        {
            var from = state.IndexOf("\"actionStates\""u8);
            var length = from < 0 ? -1 : state[from..].IndexOf((byte)']');
            if (length < 0)
            {
                return true;
            }

            var part = state.Slice(from, length);
            var isOther = !part.SequenceEqual(actions);
            actions = isOther ? part.ToArray() : actions;
            return isOther;
        }

        public void Hears(Order order) => newestOrder = Math.Max(newestOrder, ledger.orders.GetValueOrDefault(order.OrderId, -1));

        public void Hears(InstantActions message, DateTimeOffset now)
        {
            foreach (var action in message.Actions)
            {
                var number = ledger.actions.GetValueOrDefault(action.ActionId, -1);
                switch (action.ActionType)
                {
                    case SweeperActions.Deactivate when number > stop.Action:
                        stop = (number, now);
                        break;
                    case SweeperActions.StartPause when number > pause.Action:
                        pause = (number, now);
                        break;
                    case SweeperActions.Activate:
                        release = Math.Max(release, number);
                        break;
                    case SweeperActions.EndMrc when MrcInvestigation.Of(action, out _) is { } investigation:
                        release = Math.Max(release, number);
                        investigated.Add(investigation.MrcId);
                        break;
                    case SweeperActions.StopPause:
                        unpause = Math.Max(unpause, number);
                        break;
                    case SweeperActions.CancelOrder when action[SweeperActions.OrderIdParameter]?.AsText is { } named:
                        cancelled.TryAdd(named, now);
                        break;
                    default:
                        break;
                }
            }
        }

        /// <returns>What does not hold, or null.</returns>
        public string? Check(SweeperActivity activity, DateTimeOffset now, bool isSupervised)
        {
            var acts = activity.SpeedMps > 0 || activity.IsWorking;
            if (isSupervised && activity.SpeedMps > 0)
            {
                var lateS = (now - heldFrom - BrakingTime).TotalSeconds;
                if (lateS > LeaseTimeoutS || safety is { Mode: SafetyMode.Mrc })
                {
                    return lateS > LeaseTimeoutS ? "it moves without a lease" : $"it moves in {safety!.MrcId}";
                }
            }

            if (activity.OrderId != orderId && Take(activity) is { } fault)
            {
                return fault;
            }

            return acts && !activity.HasOrder ? "it moves or works without an order"
                : acts && stop.Action > release && now > stop.At + BrakingTime ? $"it was stopped at {stop.At:HH:mm:ss.fff}, not released, and moves or works for {orderId}"
                : acts && pause.Action > unpause && now > pause.At + BrakingTime ? $"it was paused at {pause.At:HH:mm:ss.fff}, not let go, and moves or works for {orderId}"
                : activity.HasOrder && cancelled.TryGetValue(orderId, out var at) && now > at + BrakingTime ? $"order {orderId} was cancelled at {at:HH:mm:ss.fff}, and it still has it"
                : null;
        }

        private string? Take(SweeperActivity activity)
        {
            orderId = activity.OrderId;
            return !ledger.orders.TryGetValue(orderId, out var number) ? $"it took order '{orderId}', which nobody sent"
                : number < newestOrder ? $"it took order {orderId}, and had heard a newer one before"
                : cancelled.ContainsKey(orderId) ? $"it took order {orderId}, and had heard before that it is cancelled"
                : stop.Action > release ? $"it took order {orderId} while it is stopped"
                : null;
        }
    }
}
