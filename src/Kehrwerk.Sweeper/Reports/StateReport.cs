using System.Collections.Immutable;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Safety;

namespace Kehrwerk.Sweeper.Reports;

/// <summary>Puts the VDA 5050 state together (7.8).</summary>
internal static class StateReport
{
    /// <summary>Error type while the vehicle is deactivated.</summary>
    public const string Deactivated = "deactivated";

    /// <summary>Error type when nothing is left in the battery.</summary>
    public const string BatteryEmpty = "batteryEmpty";

    /// <summary>Error type while what a restart would go on with cannot be stored.</summary>
    public const string ConditionNotSaved = "conditionNotSaved";

    /// <summary>Error type while the event recorder cannot store.</summary>
    public const string EventsNotStored = "eventsNotStored";

    /// <summary>Type of the information that the vehicle is in the minimal risk condition.</summary>
    public const string MinimalRisk = "mrc";

    /// <summary>The most errors that can hold at once beside those of messages.</summary>
    public const int MaxConditions = 10 + Zones.ZoneGuard.MaxErrors + SelfReports.MaxErrors;

    // New base is asked for when the vehicle would reach the end of the present one within this time and way.
    private const double NewBaseS = 10;
    private const double NewBaseM = 50;

    public static State Of(VehicleId id, Vehicle vehicle, ErrorLog errors, DateTimeOffset now)
    {
        var (model, drive, book, levels, desk) = (vehicle.Model, vehicle.Drive, vehicle.Book, vehicle.Levels, vehicle.Desk);
        var (place, headingRad) = vehicle.Pose;
        var transitWhPerM = model.DrivePowerW(model.TransitSpeedMps) / model.TransitSpeedMps / 3600;
        return new()
        {
            HeaderId = 0,
            Timestamp = now,
            Vehicle = id,
            OrderId = book.OrderId,
            OrderUpdateId = book.OrderUpdateId,
            LastNodeId = book.LastNodeId,
            LastNodeSequenceId = book.LastSequenceId,
            NodeStates = [.. book.Nodes.Select(node => new NodeState(node.NodeId, node.SequenceId, node.Released, Position(node), node.NodeDescriptor))],
            EdgeStates = [.. book.Edges.Select(edge => new EdgeState(edge.EdgeId, edge.SequenceId, edge.Released, edge.EdgeDescriptor))],
            MobileRobotPosition = new(place.X, place.Y, headingRad, vehicle.MapId, Localized: vehicle.Self is not { Pilot.Where.IsKnown: false }),
            Velocity = new(Vx: drive.SpeedMps),
            Driving = !drive.IsStanding,
            Paused = desk.IsPaused,
            NewBaseRequest = WantsNewBase(drive, book),
            DistanceSinceLastNode = drive.Leg is null ? 0 : drive.OffsetM,
            ActionStates = [.. vehicle.Actions.Entries.Select(entry => entry.ToState())],
            InstantActionStates = [.. desk.States],
            PowerSupply = new(100 * levels.Charge, vehicle.Depot.IsCharging, Range: levels.EnergyWh / transitWhPerM),
            OperatingMode = vehicle.Control.Mode,
            Errors = [.. Conditions(vehicle), .. errors.Errors],
            Information = Information(vehicle),
            SweeperStatus = Status(vehicle),
            SafetyState = new(IsHeldRemotely(vehicle) ? EmergencyStop.Remote : EmergencyStop.None, FieldViolation: false),
            Loads = [],
            Maps = [new(vehicle.MapId, Work.FurtherActions.MapVersion, StoredStatus.Enabled)],
            ZoneSets = [.. vehicle.ZoneSets.States],
            ZoneRequests = [.. vehicle.Zones.Requests],
            PlannedPath = PlannedWay.Of(vehicle),
            EdgeRequests = [.. vehicle.Pass.EdgeRequests, .. vehicle.Proposing.EdgeRequests],
        };
    }

    /// <summary>What of the state is worth a message at once when it changes and is not told otherwise (6.6).</summary>
    public readonly record struct Noted(
        bool IsStanding, bool IsBatteryLow, bool IsBatteryEmpty, bool IsHopperFull, bool IsWaterEmpty, bool KeepsCondition, bool AsksForBase, bool IsCharging, int ZoneErrors, int PassErrors, ulong SelfCauses, BlockReason Blocked)
    {
        public static Noted Of(Vehicle vehicle) => new(
            vehicle.Drive.IsStanding,
            vehicle.Levels.IsBatteryLow,
            vehicle.Levels.IsBatteryEmpty,
            vehicle.Levels.IsHopperFull,
            vehicle.Levels.IsWaterEmpty,
            vehicle.KeepsCondition,
            WantsNewBase(vehicle.Drive, vehicle.Book),
            vehicle.Depot.IsCharging,
            vehicle.Zones.Errors.Count(),
            vehicle.Pass.Errors.Count(),
            SelfReports.Told(vehicle.Self),
            vehicle.Self?.Pilot.State.Blocked ?? BlockReason.None);
    }

    private static ReportedNodePosition? Position(OrderNode node) =>
        node.NodePosition is { } position ? new(position.X, position.Y, position.MapId, position.Theta) : null;

    private static bool WantsNewBase(Drive drive, OrderBook book) =>
        !book.Nodes.IsEmpty && drive.RemainingM < NewBaseM + (NewBaseS * drive.SpeedMps);

    /// <summary>Errors that last as long as what causes them.</summary>
    private static IEnumerable<RobotError> Conditions(Vehicle vehicle)
    {
        var levels = vehicle.Levels;
        if (vehicle.Desk.IsDeactivated)
        {
            yield return new(Deactivated, ErrorLevel.Fatal, "Deactivated by the Technische Aufsicht", "Release the vehicle when it may go on");
        }

        if (vehicle.Guard is { } guard)
        {
            if (SafetyReports.ErrorOf(guard.Standing) is { } risk)
            {
                yield return risk;
            }

            if (!guard.KeepsEvents)
            {
                yield return new(EventsNotStored, ErrorLevel.Urgent, "The vehicle cannot store what its event recorder records", "Look into its log; free the disk");
            }
        }

        if (!vehicle.KeepsCondition)
        {
            yield return new(ConditionNotSaved, ErrorLevel.Fatal, "The vehicle cannot store its condition", "Look into its log; it goes on when the disk takes it again");
        }

        if (levels.IsBatteryEmpty)
        {
            yield return new(BatteryEmpty, ErrorLevel.Fatal, "The battery is empty", "Tow the vehicle to a charger");
        }
        else if (levels.IsBatteryLow)
        {
            yield return new(SweepResult.BatteryLow, ErrorLevel.Urgent, "The battery is down to the reserve for the way home", "Charge");
        }

        if (levels.IsHopperFull)
        {
            yield return new(SweepResult.HopperFull, ErrorLevel.Warning, "The hopper is full", "Tip");
        }

        if (levels.IsWaterEmpty)
        {
            yield return new(SweepResult.WaterEmpty, ErrorLevel.Warning, "The water tank is empty", "Fill water");
        }

        if (vehicle.Desk.IsFull)
        {
            yield return new(ErrorTypes.InstantActionStatesFull, ErrorLevel.Urgent, "The list of instant actions is nearly full", "Send clearInstantActions");
        }

        foreach (var error in vehicle.Zones.Errors.Concat(vehicle.Pass.Errors).Concat(SelfReports.Errors(vehicle.Self)))
        {
            yield return error;
        }
    }

    /// <summary>Stopped so that only a person in the Centre lets it go on.</summary>
    private static bool IsHeldRemotely(Vehicle vehicle) => vehicle.Desk.IsDeactivated || vehicle.Guard is { Standing.IsAtRisk: true };

    private static SweeperStatus Status(Vehicle vehicle)
    {
        var (drive, levels) = (vehicle.Drive, vehicle.Levels);
        return new(
            levels.HopperM3, levels.HopperKg, levels.WaterL, vehicle.OdometerM, vehicle.SweptM, levels.EnergyWh, vehicle.Desk.IsDeactivated,
            new(vehicle.Map.ArcKey(drive.Arc), Math.Round(drive.OffsetM, 2)));
    }

    /// <summary>For people only: no logic may be tied to it (6.6.4).</summary>
    private static ImmutableArray<RobotInfo> Information(Vehicle vehicle) => IsHeldRemotely(vehicle) && vehicle.Drive.IsStanding
        ? [.. vehicle.Proposing.Information, new(MinimalRisk, InfoLevel.Info, "Minimal risk condition: stands, hazard lights on") { InfoReferences = [new("hazardLights", "on")] }]
        : [.. vehicle.Proposing.Information];
}
