using System.Collections.Immutable;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Traffic;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Streets;

namespace Kehrwerk.Centre.Fleet;

/// <summary>Turns a twin into what people see.</summary>
internal static class TwinView
{
    public static VehicleView Of(Twin twin, CityContext city)
    {
        var facts = twin.Facts;
        var frame = city.Streets.Frame;
        var arc = twin.Order is { Path.IsEmpty: false } order ? order.Path[Math.Min(WayAhead.Passed(order, facts), order.Path.Length - 1)].Arc : -1;
        return new()
        {
            Id = twin.Id.ToString(),
            Link = twin.Link,
            Activity = ActivityOf(twin),
            Position = facts?.Position is { } p ? frame.ToGeo(p) : null,
            HeadingDeg = facts is null ? 0 : CompassDeg(facts, frame),
            SpeedMps = facts?.SpeedMps ?? 0,
            Street = StreetOf(twin, arc, city),
            BatteryPercent = facts?.BatteryPercent ?? 0,
            HopperPercent = facts?.Levels is { } l ? Math.Clamp(100 * Math.Max(l.HopperM3 / twin.Spec.HopperM3, l.HopperKg / twin.Spec.HopperKg), 0, 100) : 0,
            WaterPercent = facts?.Levels is { } w ? Math.Clamp(100 * w.WaterL / twin.Spec.WaterL, 0, 100) : 0,
            ReportedAt = facts?.KnownAt,
            LinkSince = twin.LinkSince == default ? null : twin.LinkSince,
            HasSignedOff = twin is { Link: LinkState.Lost, Connection: ConnectionState.Offline },
            ClockOffsetS = twin.IsClockOff ? twin.Sender!.ClockOffset.TotalSeconds : null,
            WaitsFor = twin is { WaitsOnRoad: true, RoadWait: { } wait } ? new(wait.Block.Vehicle.ToString(), Roads.StreetOf(city, wait.Block), wait.IsTold) : null,
            KerbsSwept = twin.Mission?.Steps.Count(s => s is { IsPlannedSweep: true, Status: StepStatus.Done }) ?? 0,
            KerbsPlanned = twin.Mission?.Steps.Count(s => s.IsPlannedSweep) ?? 0,
            MissedM = MissedM(twin),
            Path = PathOf(twin, city),
            MrcId = twin.Safety is { IsAtRisk: true } ? twin.Safety.MrcId : null,
            Shown = twin.Safety?.Shown,
            Said = twin.Safety is { Said: not 0 and var said } ? [.. Enum.GetValues<Announcement>().Where(one => (said & (1u << (int)one)) != 0)] : [],
            Requests = facts?.Requests ?? [],
            Errors = [.. Alarms(twin, city), .. facts?.Errors ?? []],
        };
    }

    /// <summary>What the Centre itself finds wrong, beside the vehicle's own errors.</summary>
    private static IEnumerable<string> Alarms(Twin twin, CityContext city)
    {
        if (twin.Fault is { } fault)
        {
            yield return fault;
        }

        if (twin.Refusal is { } refusal && twin.Fault is null)
        {
            yield return $"It refused an order: {refusal}";
        }

        if (twin.IsOrderUnanswered)
        {
            yield return "It neither takes nor refuses its order";
        }

        foreach (var command in twin.Commands.Where(command => command.Sends > city.Rules.UnansweredSends))
        {
            yield return $"It does not show that it heard {command.ActionType}";
        }

        if (twin is { IsSupervised: true, Link: LinkState.Connected, Facts: { } now } && (twin.IsSafetySilent || twin.Safety is null)
            && now.KnownAt - twin.LinkSince > city.Rules.SafetySilentAfter)
        {
            yield return "It kept to the safety profile before and says nothing of it now: it gets no orders";
        }

        if (twin is { WaitsOnRoad: true, RoadWait: { IsTold: true } wait })
        {
            yield return FormattableString.Invariant($"waitsForVehicle: it waits for {wait.Block.Vehicle.Serial} in {Roads.StreetOf(city, wait.Block)} since {wait.Since:HH:mm} UTC");
        }

        if (twin is { IsShutIn: true, Facts.Driving: false })
        {
            yield return "shutIn: closed streets leave no way to the depot behind the narrow street ahead";
        }

        if (twin.ZoneCheck is { Fault: { } tooMuch })
        {
            yield return $"It does not know the closed streets and is kept out of them by its ways alone: {tooMuch}";
        }

        if (twin.Zones is { IsLate: true })
        {
            yield return "It does not show the closed streets as enabled";
        }

        if (twin.Facts is { MayAct: false } facts)
        {
            yield return $"Operating mode {facts.Mode}: a person at the vehicle has it in hand";
        }

        foreach (var request in twin.Facts?.Requests.Where(request => request.Status == RequestStatus.Requested) ?? [])
        {
            yield return $"It asks for {request.What}";
        }
    }

    private static double MissedM(Twin twin)
    {
        var sumM = 0.0;
        foreach (var step in twin.Mission?.Steps ?? [])
        {
            foreach (var piece in step.Missed.IsDefault ? [] : step.Missed)
            {
                sumM += MissedReasons.IsPassing(piece.Reason) ? piece.LengthM : 0;
            }
        }

        return sumM;
    }

    /// <summary>Theta counts from the grid's east, people count from true north.</summary>
    private static double CompassDeg(VehicleFacts facts, CityFrame frame)
    {
        var turnedRad = facts.Position is { } place ? frame.ConvergenceRad(place) : 0;
        return ((90 + ((turnedRad - facts.HeadingRad) * 180 / Math.PI)) % 360 + 360) % 360;
    }

    private static string StreetOf(Twin twin, int arc, CityContext city)
    {
        if (arc >= 0)
        {
            return city.Streets.ArcName(arc);
        }

        return twin.Facts is { } facts && city.Locate(facts) is { } place ? city.Streets.ArcName(place.Arc) : "";
    }

    private static VehicleActivity ActivityOf(Twin twin)
    {
        if (twin.IsStopped || twin.Facts is { Deactivated: true } || twin.Safety is { IsAtRisk: true })
        {
            return VehicleActivity.Deactivated;
        }

        if (twin.Fault is not null)
        {
            return VehicleActivity.Fault;
        }

        if (twin.IsPaused || twin.Facts is { Paused: true })
        {
            return VehicleActivity.Paused;
        }

        return twin.Facts?.RunningAction switch
        {
            SweeperActions.Tip => VehicleActivity.Tipping,
            SweeperActions.WashHopper => VehicleActivity.Washing,
            SweeperActions.FillWater => VehicleActivity.FillingWater,
            SweeperActions.StartCharging => VehicleActivity.Charging,
            SweeperActions.Sweep => VehicleActivity.Sweeping,
            _ when twin.Bay is { IsGranted: false } => VehicleActivity.WaitingForBay,
            _ when twin.WaitsOnRoad => VehicleActivity.WaitingForVehicle,
            _ => twin.Facts is { Driving: true } ? VehicleActivity.Driving : VehicleActivity.Idle,
        };
    }

    /// <summary>From the vehicle's place along what is left of the order.</summary>
    private static ImmutableArray<GeoPoint> PathOf(Twin twin, CityContext city)
    {
        if (twin is not { Order: { Path.IsEmpty: false } order, Facts: { Position: { } position } facts })
        {
            return [];
        }

        var passed = WayAhead.Passed(order, facts);
        var points = ImmutableArray.CreateBuilder<GeoPoint>();
        points.Add(city.Streets.Frame.ToGeo(position));
        for (var i = passed; i < order.Path.Length; i++)
        {
            var line = city.Streets.ArcLine(order.Path[i].Arc);
            var fromM = i == passed ? order.Path[i].FromM + facts.SinceNodeM : 0;
            for (var k = 1; k < line.Length; k++)
            {
                fromM -= line[k - 1].DistanceTo(line[k]);
                if (fromM < 0)
                {
                    points.Add(city.Streets.Frame.ToGeo(line[k]));
                }
            }
        }

        return points.ToImmutable();
    }
}
