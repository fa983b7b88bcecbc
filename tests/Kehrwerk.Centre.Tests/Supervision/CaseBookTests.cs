using Kehrwerk.Centre.Cases;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

public sealed class CaseBookTests
{
    private const string Vehicle = "test/T-1";
    private const string Other = "test/T-2";
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

    private CaseBook book = CaseBook.Empty;
    private DateTimeOffset now = Begin;
    private readonly List<string> record = [];

    private Case One => Assert.Single(book.Open);

    [Fact]
    public void A_condition_that_holds_shorter_than_its_delay_raises_nothing()
    {
        See(Vehicle, new CaseSignal(CaseKind.LinkSilent, "Silent"));
        Run(14);
        See(Vehicle);
        Run(60);

        Assert.Empty(book.Open);
        Assert.Empty(record);
        See(Vehicle, new CaseSignal(CaseKind.LinkSilent, "Silent"));
        Run(14);
        Assert.Empty(book.Open);
        Run(1);
        Assert.Equal(CaseKind.LinkSilent, One.Kind);
        Assert.Equal(["caseRaised"], record);
    }

    [Fact]
    public void A_condition_that_comes_and_goes_stays_one_case_and_takes_longer_to_be_gone_each_time()
    {
        for (var i = 0; i < 20; i++)
        {
            See(Vehicle, new CaseSignal(CaseKind.LinkSilent, "Silent"));
            Run(20);
            See(Vehicle);
            Run(20);
        }

        // 15 s to be gone at first, then 30, which it no longer is.
        Assert.Equal(2, record.Count(kind => kind == "caseRaised"));
        Assert.Equal(19, One.Times);
        Run(60);
        Assert.Empty(book.Open);
    }

    [Fact]
    public void What_follows_from_an_open_case_is_not_raised_beside_it_and_is_raised_when_it_is_over()
    {
        See(Vehicle, new CaseSignal(CaseKind.LinkLost, "Lost"), new CaseSignal(CaseKind.OrderUnanswered), new CaseSignal(CaseKind.ClockOff), new CaseSignal(CaseKind.VehicleFault, "a fault"));
        See(Other, new CaseSignal(CaseKind.RoadWait, "T-1", Vehicle));
        Run(120);

        Assert.Equal([CaseKind.LinkLost], book.Open.Select(one => one.Kind));
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(11);
        // Whoever waits for it still waits for its fault.
        Assert.Equal([CaseKind.VehicleFault], book.Open.Select(one => one.Kind));
        See(Vehicle);
        Run(6);
        Assert.Equal([CaseKind.RoadWait], book.Open.Select(one => one.Kind));
    }

    [Fact]
    public void A_case_that_nobody_has_goes_on_in_the_case_of_its_cause_and_one_that_somebody_works_on_stays()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        See(Other, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        Order(CaseOrderKind.Take, book.Find(new(CaseKind.VehicleFault, Other))!, "Ada");
        See(CasePlace.Centre, new CaseSignal(CaseKind.WireDown));
        Run(3);

        Assert.Equal([(CaseKind.VehicleFault, Other), (CaseKind.WireDown, CasePlace.Centre)], book.Open.Select(one => (one.Kind, one.Place)));
        Assert.Contains("caseMerged", record);
        See(CasePlace.Centre);
        Run(6);
        Assert.Equal([(CaseKind.VehicleFault, Other), (CaseKind.VehicleFault, Vehicle)], book.Open.Select(one => (one.Kind, one.Place)));
    }

    [Fact]
    public void A_minimal_risk_condition_waits_for_a_decision_also_where_it_is_over()
    {
        See(Vehicle, new CaseSignal(CaseKind.MinimalRisk, "LeaseLost"));
        Run(1);
        See(Vehicle);
        Run(60);

        Assert.NotNull(One.GoneAt);
        Assert.Equal(CaseRefusalCode.NeedsText, Order(CaseOrderKind.Close, One, "Ada")!.Code);
        Assert.Null(Order(CaseOrderKind.Close, One, "Ada", "looked at it"));
        Assert.Empty(book.Open);

        // It hides nothing meanwhile: the next one is shown at once.
        See(Vehicle, new CaseSignal(CaseKind.Deactivated));
        See(Vehicle);
        Run(5);
        See(Vehicle, new CaseSignal(CaseKind.MinimalRisk, "Contact"));
        Run(2);
        Assert.Equal([CaseKind.Deactivated, CaseKind.MinimalRisk], book.Open.Select(one => one.Kind));
    }

    [Fact]
    public void Nobody_takes_it_and_it_escalates_at_its_times_and_then_rests()
    {
        See(Vehicle, new CaseSignal(CaseKind.MinimalRisk, "LeaseLost"));
        Run(1);
        var raised = now;
        var levels = new List<(double, int)>();
        for (var second = 0; second < 600; second++)
        {
            var before = One.Level;
            Run(1);
            if (One.Level != before)
            {
                levels.Add(((now - raised).TotalSeconds, One.Level));
            }
        }

        Assert.Equal([(60, 1), (120, 2), (180, 3)], levels);
        Assert.Equal(1, One.Version);

        Order(CaseOrderKind.Take, One, "Ada");
        Assert.Equal((0, now.AddSeconds(600)), (One.Level, One.Due));
        Run(600);
        Assert.Equal(1, One.Level);
    }

    [Fact]
    public void Of_two_at_the_same_moment_the_first_counts_and_the_second_learns_who_was_first()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        var seen = One;

        Assert.Null(Order(CaseOrderKind.Take, seen, "Ada"));
        var refusal = Order(CaseOrderKind.Take, seen, "Bea");

        Assert.Equal((CaseRefusalCode.Overtaken, "Ada", CaseStepKind.Taken), (refusal!.Code, refusal.Last!.By, refusal.Last.Kind));
        Assert.Contains("Ada at 05:00:01 UTC", refusal.Text, StringComparison.Ordinal);
        Assert.Equal("Ada", One.Owner);
        Assert.Equal(CaseRefusalCode.OwnedByOther, Order(CaseOrderKind.Take, One, "Bea")!.Code);
        Assert.Equal(CaseRefusalCode.OwnedByOther, Decide(One, "Bea", CaseAction.Resume)!.Code);
        Assert.Null(Order(CaseOrderKind.Take, One, "Bea", "Ada is called away"));
        Assert.Equal("Bea", One.Owner);
    }

    [Fact]
    public void It_is_handed_over_with_a_reason_and_back_to_the_queue()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        Assert.Equal(CaseRefusalCode.NotOwner, Order(CaseOrderKind.HandOver, One, "Ada", "my shift ends", "Bea")!.Code);
        Order(CaseOrderKind.Take, One, "Ada");

        Assert.Equal(CaseRefusalCode.NeedsText, Order(CaseOrderKind.HandOver, One, "Ada", "", "Bea")!.Code);
        Assert.Null(Order(CaseOrderKind.HandOver, One, "Ada", "my shift ends", "Bea"));
        Assert.Equal(("Bea", CaseState.Owned), (One.Owner, One.State));
        Assert.Null(Order(CaseOrderKind.HandOver, One, "Bea", "I do not know this vehicle"));
        Assert.Equal((null, CaseState.Acknowledged, now.AddSeconds(300)), (One.Owner, One.State, One.Due));
    }

    [Fact]
    public void It_is_shelved_with_a_reason_until_its_time_and_an_emergency_never()
    {
        See(Vehicle, new CaseSignal(CaseKind.ClockOff), new CaseSignal(CaseKind.EmergencyStop, "Manual"));
        Run(10);
        var clock = book.Find(new(CaseKind.ClockOff, Vehicle))!;

        Assert.Equal(CaseRefusalCode.NotShelvable, Shelve(book.Find(new(CaseKind.EmergencyStop, Vehicle))!, 10)!.Code);
        Assert.Equal(CaseRefusalCode.BadTime, Shelve(clock, 481)!.Code);
        Assert.Null(Shelve(clock, 10));
        Run(599);
        Assert.Equal(CaseState.Shelved, book.Find(new(CaseKind.ClockOff, Vehicle))!.State);
        Run(1);
        Assert.Equal(CaseState.Open, book.Find(new(CaseKind.ClockOff, Vehicle))!.State);

        CaseRefusal? Shelve(Case one, double minutes) => Take(new(CaseOrderKind.Shelve, one.Id, one.Version, "Ada") { Text = "known", ForMin = minutes });
    }

    [Fact]
    public void A_decision_closes_the_case_when_its_condition_is_gone_and_comes_back_where_it_is_not()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        Assert.Equal(CaseRefusalCode.NotProposed, Decide(One, "Ada", CaseAction.Grant)!.Code);
        Assert.Null(Decide(One, "Ada", CaseAction.SendPerson));
        Assert.Equal((CaseState.Decided, "Ada"), (One.State, One.Owner));
        Run(600);
        Assert.Equal(CaseState.Owned, One.State);
        Assert.Contains("caseReminded", record);

        Decide(One, "Ada", CaseAction.Resume);
        See(Vehicle);
        Run(6);
        Assert.Empty(book.Open);
    }

    [Fact]
    public void A_command_given_elsewhere_decides_the_cases_that_propose_it_and_a_stop_owns_what_it_brings_about()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        Happen(new CaseEvent.Acted(new(Vehicle, CaseAction.Stop, "Ada")));
        Assert.Equal((CaseState.Decided, CaseAction.Stop), (One.State, One.Decision));

        See(Vehicle, new CaseSignal(CaseKind.Deactivated));
        Happen(new CaseEvent.Acted(new(Vehicle, CaseAction.Stop, "Ada")));
        Run(6);
        Assert.Equal((CaseKind.Deactivated, CaseState.Owned, "Ada"), (One.Kind, One.State, One.Owner));
        Happen(new CaseEvent.Acted(new(Vehicle, CaseAction.Release, "Bea", "the way is free")));
        See(Vehicle);
        Run(4);
        Assert.Empty(book.Open);
    }

    [Fact]
    public void A_decision_that_could_not_be_carried_out_is_open_again()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"));
        Run(1);
        Decide(One, "Ada", CaseAction.Resume);
        Happen(new CaseEvent.NotDone(One.Id, "no line"));

        Assert.Equal((CaseState.Owned, "no line"), (One.State, One.History[^1].Text));
    }

    [Fact]
    public void What_a_person_dismissed_is_not_raised_again_before_it_was_gone()
    {
        See(Vehicle, new CaseSignal(CaseKind.KerbsMissed, "3"));
        Run(1);
        Assert.Null(Order(CaseOrderKind.Close, One, "Ada"));
        book = CaseBook.Restore(book.Cases.Values, book.NextId);
        See(Vehicle, new CaseSignal(CaseKind.KerbsMissed, "3"));
        Run(600);
        Assert.Empty(book.Open);

        See(Vehicle, new CaseSignal(CaseKind.KerbsMissed, "4"));
        Run(1);
        Assert.Equal("4", One.Detail);
        Order(CaseOrderKind.Close, One, "Ada");
        See(Vehicle);
        Run(6);
        Assert.Empty(book.Cases);
        See(Vehicle, new CaseSignal(CaseKind.KerbsMissed, "4"));
        Assert.Equal("4", One.Detail);
    }

    [Fact]
    public void Another_request_makes_what_a_person_saw_outdated()
    {
        See(Vehicle, new CaseSignal(CaseKind.Request, "r1: corridor of e1"));
        Run(1);
        var seen = One;
        See(Vehicle, new CaseSignal(CaseKind.Request, "r2: corridor of e9"));

        Assert.Equal(CaseRefusalCode.Overtaken, Decide(seen, "Ada", CaseAction.Grant, "free")!.Code);
        Assert.Null(Decide(One, "Ada", CaseAction.Grant, "free"));
        See(Vehicle, new CaseSignal(CaseKind.Request, "r3: corridor of e10"));
        Assert.Equal((CaseState.Owned, "r3: corridor of e10"), (One.State, One.Detail));
    }

    [Fact]
    public void After_a_restart_nothing_is_gone_before_a_vehicle_is_heard_of()
    {
        See(Vehicle, new CaseSignal(CaseKind.VehicleFault, "a fault"), new CaseSignal(CaseKind.LinkLost, "Lost"));
        Run(1);
        book = CaseBook.Restore(book.Cases.Values, book.NextId);
        Happen(new CaseEvent.Seen(Vehicle, false, []));
        Run(600);
        Assert.Equal(CaseKind.VehicleFault, One.Kind);

        Happen(new CaseEvent.Seen(Vehicle, true, []));
        Run(6);
        Assert.Empty(book.Open);
    }

    [Fact]
    public void Two_vehicles_that_wait_for_one_kind_of_bay_are_one_case_of_the_depot()
    {
        See(Vehicle, new CaseSignal(CaseKind.BayWait, "Tip", CasePlace.Depot("Tip")));
        See(Other, new CaseSignal(CaseKind.BayWait, "Tip", CasePlace.Depot("Tip")));
        Run(3600);

        Assert.Equal((CaseKind.DepotQueue, "depot.Tip"), (One.Kind, One.Place));
        See(Vehicle);
        Run(61);
        Assert.Equal((CaseKind.BayWait, Other), (One.Kind, One.Place));
    }

    [Fact]
    public void A_persons_report_is_a_case_until_a_person_closes_it()
    {
        Assert.Equal(CaseRefusalCode.NeedsText, Take(new(CaseOrderKind.Report, 0, 0, "Ada"))!.Code);
        Assert.Null(Take(new(CaseOrderKind.Report, 0, 0, "Ada") { Text = "A resident calls: it blocks the gate", Place = Vehicle }));
        Assert.Null(Take(new(CaseOrderKind.Report, 0, 0, "Bea") { Text = "A second call", Place = Vehicle }));
        Run(60);

        Assert.Equal((CaseClass.F, "A second call", 2), (One.Rule.Class, One.Detail, One.Times));
        Decide(One, "Ada", CaseAction.CallBack);
        Run(3600);
        Assert.Equal(CaseState.Decided, One.State);
        Assert.Null(Order(CaseOrderKind.Close, One, "Ada", "called back"));
        Assert.Empty(book.Cases);
    }

    [Fact]
    public void The_weather_is_a_case_where_somebody_tells_of_it()
    {
        See(CasePlace.Weather, new CaseSignal(CaseKind.WeatherLimit, "rain"));
        Run(119);
        Assert.Empty(book.Open);
        Run(1);
        Assert.Equal(CaseKind.WeatherLimit, One.Kind);
    }

    private void See(string place, params CaseSignal[] signals) => Happen(new CaseEvent.Seen(place, true, [.. signals]));

    private CaseRefusal? Order(CaseOrderKind kind, Case one, string by, string text = "", string to = "") => Take(new(kind, one.Id, one.Version, by) { Text = text, To = to });

    private CaseRefusal? Decide(Case one, string by, CaseAction action, string text = "") => Take(new(CaseOrderKind.Decide, one.Id, one.Version, by) { Action = action, Text = text });

    private CaseRefusal? Take(CaseOrder order) => Happen(new CaseEvent.Ordered(order)).Refusal;

    private void Run(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            now = now.AddSeconds(1);
            Happen(new CaseEvent.Ticked());
        }
    }

    private CaseDecided Happen(CaseEvent happened)
    {
        var decided = book.Decide(happened, now);
        book = decided.Book;
        record.AddRange(decided.Record.Select(draft => draft.Kind));
        return decided;
    }
}
