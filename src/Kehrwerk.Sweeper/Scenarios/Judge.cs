using System.Globalization;
using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.World;

namespace Kehrwerk.Sweeper.Scenarios;

/// <summary>Decides what of a run's expectations failed, and whether a collision could have been avoided.</summary>
internal sealed class Judge(Scenario scenario, IReadOnlyList<double> drawn, RunWatch watch, PlayedCentre centre, ScenarioWorld world)
{
    // What is allowed from the moment at which the sensors show somebody until the brakes are on: age of the list, planning, guard, brake (docs/driving/safety.md).
    private const double ReactionS = 0.5;

    private readonly List<Words> failures = [];
    private Words? unavoidable;
    private bool hasAvoidable;

    public (IReadOnlyList<Words> Failures, Words? Unavoidable) Decide(double lastedS)
    {
        foreach (var expected in scenario.Expects)
        {
            var value = expected.Value.In(drawn);
            switch (expected.Kind)
            {
                case ExpectKind.NoCollision:
                    Collisions();
                    break;
                case ExpectKind.Distance:
                    Least(watch.LeastTo(expected.Of!), value, Text($"Abstand zu {expected.Of}, m"), Text($"distance to {expected.Of}, m"));
                    break;
                case ExpectKind.Stands:
                    HasSetOff();
                    Holds(watch.MovedS <= EventS() + value, Text($"bewegte sich noch nach {watch.MovedS:F1} s"), Text($"still moved after {watch.MovedS:F1} s"));
                    break;
                case ExpectKind.Mrc:
                    HasSetOff();
                    Holds(watch.MrcS >= EventS() && watch.MrcS <= EventS() + value, Text($"risikominimaler Zustand nach {watch.MrcS - EventS():F1} s"), Text($"minimal risk condition after {watch.MrcS - EventS():F1} s"));
                    break;
                case ExpectKind.NoMrc:
                    Holds(double.IsNaN(watch.MrcS), Text($"im risikominimalen Zustand: {centre.Report?.Cause}"), Text($"in the minimal risk condition: {centre.Report?.Cause}"));
                    break;
                case ExpectKind.Asks:
                    Least(watch.Proposed, value, "vorgeschlagene Manöver", "proposed manoeuvres");
                    break;
                case ExpectKind.Arrives:
                    Holds(watch.HasArrived, Text($"nicht am Ziel nach {lastedS:F0} s"), Text($"not at its end after {lastedS:F0} s"));
                    break;
                case ExpectKind.Sweeps:
                    Least(watch.SweptM / SceneMap.LengthM, value, "gekehrter Anteil", "share swept");
                    break;
                case ExpectKind.KerbGap:
                    Least(watch.SweptM > 0 ? watch.GoodGapM / watch.SweptM : 0, value, "Anteil mit 0,1–0,3 m zum Bord", "share with 0.1–0.3 m to the kerb");
                    break;
                case ExpectKind.Reports:
                    Holds(watch.Reported(expected.Of!), Text($"meldete {expected.Of} nicht"), Text($"did not report {expected.Of}"));
                    break;
                case ExpectKind.Announces:
                    Holds(watch.HasAnnounced(expected.Announcement!.Value), Text($"kündigte {expected.Of} nicht an"), Text($"did not announce {expected.Of}"));
                    break;
                case ExpectKind.Speed:
                    Holds(watch.MostMps * 3.6 <= value, Text($"fuhr {watch.MostMps * 3.6:F1} km/h"), Text($"drove {watch.MostMps * 3.6:F1} km/h"));
                    break;
                case ExpectKind.Ttc:
                    Least(watch.LeastTtcS, value, "TTC, s", "TTC, s");
                    break;
                case ExpectKind.Records:
                    Holds(watch.HasRecorded, "zeichnete nichts auf", "recorded nothing");
                    break;
                case ExpectKind.RecordsNearMiss:
                    Holds(watch.LeastTtcS >= value || watch.HasRecorded, Text($"TTC {watch.LeastTtcS:F2} s, nicht aufgezeichnet"), Text($"TTC {watch.LeastTtcS:F2} s, not recorded"));
                    break;
                case ExpectKind.WithinArea:
                    Holds(watch.MostFrontM <= scenario.BorderAtM.In(drawn), Text($"Front {watch.MostFrontM - scenario.BorderAtM.In(drawn):F2} m jenseits der Grenze"), Text($"front {watch.MostFrontM - scenario.BorderAtM.In(drawn):F2} m beyond the border"));
                    break;
                case ExpectKind.OnRoad:
                    Holds(watch.OffRoadM <= value, Text($"{watch.OffRoadM:F2} m über den Bord hinaus"), Text($"{watch.OffRoadM:F2} m beyond the kerb"));
                    break;
                case ExpectKind.Fails:
                    Holds(centre.FailedWith.Contains(expected.Of!), Text($"keine Aktion scheiterte mit {expected.Of}"), Text($"no action failed with {expected.Of}"));
                    break;
                case ExpectKind.Docks:
                    Holds(world.Vehicle.DockedAt() >= 0, "steht nicht im Stellplatz", "does not stand in the bay");
                    break;
                case ExpectKind.Refuses:
                    Holds(centre.HasRefusedAll, "führte einen Befehl aus, den es abzulehnen hatte", "obeyed a command that it had to refuse");
                    break;
            }
        }

        // What else failed after a contact that could not be avoided follows from it.
        return unavoidable is not null && !hasAvoidable ? ([], unavoidable) : (failures, null);
    }

    /// <summary>When what the scenario does to the vehicle begins, s; 0 where nothing does.</summary>
    private double EventS()
    {
        var times = scenario.Faults.Select(fault => fault.AtS.In(drawn)).Concat(scenario.Commands.Select(command => command.AtS.In(drawn))).ToList();
        Add(scenario.Link.CutAtS.In(drawn));
        Add(scenario.Supervisor.LeavesAtS.In(drawn));
        return times.DefaultIfEmpty(0).Min();

        void Add(double timeS)
        {
            if (timeS >= 0)
            {
                times.Add(timeS);
            }
        }
    }

    /// <summary>What never drove, or not before the scenario's event, shows nothing by standing.</summary>
    private void HasSetOff()
    {
        const double leastM = 3;
        var eventS = EventS();
        Holds(watch.DrivenBetween(0, eventS > 0 ? eventS : double.MaxValue) > leastM, "fuhr vorher nicht", "had not driven before");
    }

    private void Collisions()
    {
        foreach (var hit in watch.Collisions)
        {
            var who = world.NameOf(hit.Agent);
            if (!hit.WasMoving && hit.RelativeMps > 0.05)
            {
                // It stood, and somebody came.
                unavoidable = new(Text($"{who} fuhr oder lief bei {hit.TimeS:F1} s gegen das stehende Fahrzeug"), Text($"{who} ran into the standing vehicle at {hit.TimeS:F1} s"));
                continue;
            }

            var seenS = watch.SeenS(hit.Agent);
            var (drivenM, speedMps) = watch.Between(seenS, hit.TimeS);
            var needsM = NeedsM(speedMps);
            if (!double.IsNaN(seenS) && watch.CouldNotStop(seenS, hit.TimeS, NeedsM))
            {
                unavoidable = new(
                    Text($"Zusammenstoß mit {who} bei {hit.TimeS:F1} s: sichtbar seit {seenS:F1} s, {drivenM:F1} m vor der Stelle bei {speedMps * 3.6:F0} km/h; zum Anhalten braucht es {needsM:F1} m"),
                    Text($"collision with {who} at {hit.TimeS:F1} s: visible from {seenS:F1} s on, {drivenM:F1} m before the place at {speedMps * 3.6:F0} km/h; stopping takes {needsM:F1} m"));
                continue;
            }

            hasAvoidable = true;
            failures.Add(new(
                Text($"Zusammenstoß mit {who} bei {hit.TimeS:F1} s, eigene Geschwindigkeit {hit.OwnMps * 3.6:F1} km/h, gegeneinander {hit.RelativeMps * 3.6:F1} km/h"),
                Text($"collision with {who} at {hit.TimeS:F1} s, own speed {hit.OwnMps * 3.6:F1} km/h, against each other {hit.RelativeMps * 3.6:F1} km/h")));
        }
    }

    /// <summary>Way to a standstill from a speed, m.</summary>
    private double NeedsM(double speedMps) =>
        (speedMps * ReactionS) + (speedMps * speedMps / (2 * world.Vehicle.Model.EmergencyBrakingMps2 * world.World.Settings.Weather.Grip));

    private void Least(double found, double least, string de, string en) =>
        Holds(found >= least - 1e-9, Text($"{de}: {found:F2}, erwartet mindestens {least:F2}"), Text($"{en}: {found:F2}, expected at least {least:F2}"));

    private void Holds(bool holds, string de, string en)
    {
        if (!holds)
        {
            failures.Add(new(de, en));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
