using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Tests.Fleet;
using Kehrwerk.Link.Messages;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

public sealed class CaseRulesTests
{
    private static Twin Quiet => new() { Id = GridTown.Vehicle(1).Id, Spec = GridTown.Vehicle(1).Spec, Link = LinkState.Connected };

    [Fact]
    public void Every_kind_has_one_rule_that_a_person_can_act_on()
    {
        Assert.Equal(Enum.GetValues<CaseKind>(), CaseRules.All.Select(rule => rule.Kind).Order());
        Assert.All(CaseRules.All, rule =>
        {
            Assert.Equal(rule, CaseRules.Of(rule.Kind));
            Assert.NotEmpty(rule.Actions);
            Assert.Equal(rule.Actions.Distinct(), rule.Actions);
            Assert.True(!rule.NeedsPerson || (rule.TakeS > 0 && rule.DecideS > 0), $"{rule.Kind} needs a person and has no timer");
            Assert.All(rule.SuppressedBy, cause => Assert.True(cause < rule.Kind, $"{cause} hides {rule.Kind} and stands behind it"));
        });
    }

    [Fact]
    public void A_quiet_vehicle_has_no_case() => Assert.Empty(CaseRules.SignalsOf(Quiet, GridTown.Context));

    [Fact]
    public void What_a_twin_knows_is_found_by_its_rule()
    {
        var facts = new VehicleFacts { HeaderId = 1, SentAt = default, KnownAt = default, Mode = OperatingMode.Automatic, BatteryPercent = 50 };
        Found(Quiet with { Link = LinkState.Lost }, new CaseSignal(CaseKind.LinkLost, "Lost"));
        Found(Quiet with { Link = LinkState.Lost, Connection = ConnectionState.Offline });
        Found(Quiet with { Link = LinkState.NeverSeen });
        Found(Quiet with { Link = LinkState.Back }, new CaseSignal(CaseKind.LinkSilent, "Back"));
        Found(Quiet with { IsStopped = true }, new CaseSignal(CaseKind.Deactivated));
        Found(Quiet with { Facts = facts with { EmergencyStop = EmergencyStop.Manual } }, new CaseSignal(CaseKind.EmergencyStop, "Manual"));
        Found(Quiet with { Safety = new(SafetyMode.Mrc, 1, "m1", MrcCause.Contact, null) }, new CaseSignal(CaseKind.MinimalRisk, "Contact"));
        Found(Quiet with { Safety = new(SafetyMode.Mrc, 1, "m1", MrcCause.Deactivated, null) });
        Found(Quiet with { Fault = "it broke" }, new CaseSignal(CaseKind.VehicleFault, "it broke"));
        Found(Quiet with { Facts = facts with { Requests = [new("r1", RequestKind.Corridor, "e1", RequestStatus.Requested)] } }, new CaseSignal(CaseKind.Request, "r1: corridor of e1"));
        Found(Quiet with { Facts = facts with { Requests = [new("r1", RequestKind.Corridor, "e1", RequestStatus.Granted)] } });
        Found(Quiet with { Facts = facts with { Errors = ["b: 12 m", "a: 3", "b: 13 m"] } }, new CaseSignal(CaseKind.VehicleErrors, "a, b"));
        Found(Quiet with { Facts = facts with { Mode = OperatingMode.Manual } }, new CaseSignal(CaseKind.ByHand, "Manual"));
        Found(Quiet with { Facts = facts with { BatteryPercent = 7.9 } }, new CaseSignal(CaseKind.BatteryLow));
        Found(Quiet with { Facts = facts with { BatteryPercent = 7.9, Charging = true } });
        Found(Quiet with { IsPaused = true, IsClockOff = true }, new CaseSignal(CaseKind.ClockOff), new CaseSignal(CaseKind.Paused));

        static void Found(Twin twin, params CaseSignal[] expected) => Assert.Equal(expected, CaseRules.SignalsOf(twin, GridTown.Context));
    }
}
